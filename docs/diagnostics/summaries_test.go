package diagnostics

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// named are the files that name a summary for an error's type.
var named = map[string]*regexp.Regexp{
	"../../report/failure.go": regexp.MustCompile(`Summary: "([^"]+)"|Summary = "([^"]+)"|\{&\w+, "([^"]+)"\}`),
	"../../lang/summaries.go": regexp.MustCompile(`= "([^"]+)"`),
	"../../plan/problems.go":  regexp.MustCompile(`\bsum\w+ += "([^"]+)"`),
}

// TestEverySummaryIsOnThePage fails for a summary that the program can say and the page
// does not have.
func TestEverySummaryIsOnThePage(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for file, form := range named {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := form.FindAllStringSubmatch(string(code), -1)
		if len(found) < 10 {
			t.Errorf("%s names %d summaries; it or this test has changed its form", file, len(found))
		}
		for _, m := range found {
			all[strings.Join(m[1:], "")] = file
		}
	}
	for summary := range inSource(t) {
		all[summary] = "the source"
	}
	for summary, where := range all {
		if !strings.Contains(string(text), "\n### "+summary+"\n") {
			t.Errorf("%q, which %s has, is not on the page: go test ./docs/diagnostics -update", summary, where)
		}
	}
}
