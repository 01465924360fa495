package lang

import (
	"slices"
	"strings"
	"testing"
)

// TestFunctionsAreDescribed holds the list against what expressions may call.
func TestFunctionsAreDescribed(t *testing.T) {
	var names []string
	for _, f := range Functions() {
		names = append(names, f.Name)
		if strings.TrimSpace(f.Doc) == "" {
			t.Errorf("%s has no words", f.Name)
		}
		if len(f.Params) == 0 || slices.Contains(f.Params, "") {
			t.Errorf("%s has parameters %q", f.Name, f.Params)
		}
	}
	if want := sortedKeys(functions(&scope{load: &load{}})); !slices.Equal(names, want) {
		t.Errorf("described: %v, callable: %v", names, want)
	}
}
