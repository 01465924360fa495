package lang

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// mark is what a value remembers of where it came from. Marks spread to whatever is
// derived from a value, which is how a secret is recognised where it would be stored.
type mark struct {
	kind markKind
	name string    // "var.token", "env(\"TOKEN\")"
	at   hcl.Range // where the value entered
}

type markKind byte

const (
	sensitive markKind = iota // of a sensitive variable
	ephemeral                 // of the environment
	unset                     // no value is known here; the value itself is unknown
)

// marksOf returns the marks of a value at every depth, by kind.
func marksOf(v cty.Value) (found [3][]mark) {
	if v.Type().IsPrimitiveType() && !v.IsMarked() || !v.ContainsMarked() {
		return found
	}
	_, marks := v.UnmarkDeep()
	for m := range marks {
		if m, ok := m.(mark); ok {
			found[m.kind] = append(found[m.kind], m)
		}
	}
	for _, list := range found {
		sortMarks(list)
	}
	return found
}

// unsetValue stands for a value that is not known here.
func unsetValue(t cty.Type, name string, at hcl.Range, also ...mark) cty.Value {
	v := cty.UnknownVal(t).Mark(mark{unset, name, at})
	for _, m := range also {
		v = v.Mark(m)
	}
	return v
}

func sortMarks(list []mark) {
	slices.SortFunc(list, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.at.Filename, b.at.Filename), cmp.Compare(a.at.Start.Byte, b.at.Start.Byte))
	})
}
