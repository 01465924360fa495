package intercom

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The page for users names the test of every trap, and every test of a trap is on the page.
func TestThePageNamesEveryTrap(t *testing.T) {
	page, err := os.ReadFile(filepath.FromSlash("../../docs/intercom.md"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			tests[m[1]] = true
		}
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(page), -1) {
		if named[m[1]] = true; !tests[m[1]] {
			t.Errorf("the page names %s, which is not there", m[1])
		}
	}
	for n := 1; n <= 30; n++ {
		prefix, found := fmt.Sprintf("TestTrap%02d_", n), 0
		for name := range tests {
			if strings.HasPrefix(name, prefix) {
				if found++; !named[name] {
					t.Errorf("the page does not name %s", name)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d tests begin with %s", found, prefix)
		}
	}
}
