package main

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	_ "github.com/inlay-sync/inlay/cli" // go test keeps a result until what a test imports has changed
)

// TestThePictureIsTrue records once more and holds what is seen against the text of the
// picture, but for times, numbers, and the order in which imports that go side by side tell of themselves.
func TestThePictureIsTrue(t *testing.T) {
	duckdb.Open(t) // the story asks it
	checkout, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	seen, err := take(checkout, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := os.ReadFile("../images/terminal.svg")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(drawn), "<desc>")
	text, _, _ := strings.Cut(rest, "</desc>")
	now, then := shapes(strings.Join(seen.pages, separator)), shapes(html.UnescapeString(text))
	for line := range then {
		if !now[line] {
			t.Errorf("the picture shows %q, and it is not seen any more: go run ./docs/recording", line)
		}
	}
	for line := range now {
		if !then[line] {
			t.Errorf("%q is seen, and the picture lacks it: go run ./docs/recording", line)
		}
	}
}

var differs = regexp.MustCompile(`\d{8}-\d{6}-\w+|\d[\d,.:+-]*|\s+|─+|[KM]iB`)

func shapes(text string) map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(text) {
		line, _, cut := strings.Cut(line, "…")
		line = strings.TrimSpace(differs.ReplaceAllStringFunc(line, func(m string) string {
			return map[bool]string{true: " ", false: "N"}[strings.TrimSpace(m) == "" || m[0] > 0x7f]
		}))
		if cut { // how much room is left depends on the numbers before
			line, _, _ = strings.Cut(line, "N")
		}
		out[line] = true
	}
	return out
}

func TestTheScreenFollowsWhatInlayWrites(t *testing.T) {
	s := newScreen(10, 3)
	s.show("one\n\x1b[36m██░ \x1b[0mtwo\n")
	s.show("\x1b[1A\r\x1b[J\x1b[1mdone\x1b[0m\nthree\nfour")
	if want := "done\nthree\nfour"; s.text() != want {
		t.Errorf("%q, not %q", s.text(), want)
	}
	if line := drawLine(s.lines[0]); !strings.Contains(line, `class="b">done<`) {
		t.Error(line)
	}
	if _, err := s.Write([]byte("\r\n\xe2\x96")); err != nil { // half a character waits for its rest
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("\x88123456789!")); err != nil {
		t.Fatal(err)
	}
	if want := "four\n█123456789\n!"; s.text() != want {
		t.Errorf("%q, not %q", s.text(), want)
	}
}
