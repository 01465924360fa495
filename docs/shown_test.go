package docs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	progress = regexp.MustCompile(`rows, \d+ pages?`) // how an import goes on depends on the moment
	runID    = regexp.MustCompile(`\d{8}-\d{6}-[0-9a-z]{6}`)
	number   = regexp.MustCompile(`\d[\d,.:]*(e\+\d+)?`)
	unit     = regexp.MustCompile(`\b[KM]iB\b`)
	gap      = regexp.MustCompile(`\s+`)
)

// shape is a line without what differs from one day to the next: numbers, times and run
// ids, and how wide the columns are that hold them.
func shape(line string) string {
	line = runID.ReplaceAllString(line, "RUN")
	line = unit.ReplaceAllString(number.ReplaceAllString(line, "N"), "B")
	return strings.TrimSpace(gap.ReplaceAllString(line, " "))
}

// compare fails for a line on a page that the commands of its section do not print, but
// for what shape leaves out.
func compare(t *testing.T, shown []string, said string) {
	t.Helper()
	var lines []string
	for line := range strings.Lines(said) {
		lines = append(lines, shape(line))
	}
	for _, line := range shown {
		if !progress.MatchString(line) && !slices.Contains(lines, shape(line)) {
			t.Errorf("the page shows\n  %sand the commands print\n%s", line, said)
		}
	}
}

// TestEveryCommandIsRun fails for a page with commands that no test follows, and for a
// block that is kept from being run without need of an account.
func TestEveryCommandIsRun(t *testing.T) {
	known := slices.Concat(followed(), byHand, elsewhere)
	reason := regexp.MustCompile("(?ms)^ *<!-- ([^\n]*) -->\n *```[^\n]*\n(.*?)^ *```")
	for _, file := range markdown(t) {
		page := strings.TrimPrefix(strings.Replace(file, "../docs/", "", 1), "docs/")
		text := readPage(t, file)
		for _, m := range reason.FindAllStringSubmatch(text, -1) {
			if "<!-- "+m[1]+" -->" != account {
				t.Errorf("%s: a block is kept from being run by %q, and only an account is a reason", file, m[1])
			} else if !regexp.MustCompile(`examples/intercom|INTERCOM_ACCESS_TOKEN|inlay (login|logout)`).MatchString(m[2]) {
				t.Errorf("%s: this block is said to need an account, and does not\n%s", file, m[2])
			}
		}
		if strings.HasPrefix(page, "../examples/") || slices.Contains(known, page) {
			continue // the examples' pages have a test beside them
		}
		if regexp.MustCompile("(?m)^ *```(console|sh|shell|bash)$").MatchString(text) {
			t.Errorf("%s has commands, and no test follows it", file)
		}
	}
}
