package convert_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/convert"
)

// TestPage holds docs/coming-from-treasure-data.md to its word: its file and its td command
// become its HCL.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../docs/coming-from-treasure-data.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := map[string]string{}
	for _, m := range regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		blocks[m[1]] = m[2]
	}
	args, path, err := convert.Command(shellWords(blocks["text"]))
	if err != nil || path != "load.yml" {
		t.Fatal(path, err)
	}
	hcl, notes, err := convert.File([]byte(blocks["yaml"]), args)
	if err != nil || len(notes) > 0 {
		t.Fatal(notes, err)
	}
	if _, hcl, _ = strings.Cut(hcl, "\n\n"); hcl != blocks["hcl"] {
		t.Errorf("the page shows\n%s\nand the conversion is\n%s", blocks["hcl"], hcl)
	}
}

// shellWords splits a command without escapes into words.
func shellWords(line string) []string {
	var out []string
	for _, w := range regexp.MustCompile(`"[^"]*"|[^\s"]+`).FindAllString(strings.ReplaceAll(line, "\\\n", " "), -1) {
		out = append(out, strings.Trim(w, `"`))
	}
	return out
}
