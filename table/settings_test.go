package table

import (
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/setting"
)

func TestEverySettingIsDescribedAndItsDefaultAllowed(t *testing.T) {
	var walk func(prefix string, list []setting.Setting)
	walk = func(prefix string, list []setting.Setting) {
		seen := map[string]bool{}
		for _, s := range list {
			if seen[s.Name] {
				t.Errorf("%s%s is declared twice", prefix, s.Name)
			}
			seen[s.Name] = true
			if !strings.HasSuffix(s.Doc, ".") {
				t.Errorf("%s%s has no sentence to describe it", prefix, s.Name)
			}
			if def, ok := s.Default.(string); ok && len(s.Values) > 0 && !slices.Contains(s.Values, def) {
				t.Errorf("%s%s: its default %q is not one of its values", prefix, s.Name, def)
			}
			if s.Label != "" && !slices.ContainsFunc(s.Fields, func(f setting.Setting) bool { return f.Name == s.Label }) {
				t.Errorf("%s%s has no field for its label", prefix, s.Name)
			}
			walk(prefix+s.Name+".", s.Fields)
		}
	}
	walk("", Settings())
}
