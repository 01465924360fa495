package plan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// This file is about what a table's own files cannot give. The table knows, and is asked.

// tooLittle says what rows built by one spec lack to be laid out by another, or "".
func tooLittle(before, after spec.Spec) string {
	var e *table.ErrLacking
	if !errors.As(table.Rewritable(table.Manifest{Rows: 1, Spec: before}, after), &e) {
		return ""
	}
	return fmt.Sprintf("the table's own files do not give the column %q: %s", e.Column, e.Why)
}

// columnLacks is what a rewrite lacks for the one column that a change is about. A column
// that was kept away from the table is no question.
func (c change) columnLacks() string {
	if c.column == columnRestored || c.column == columnUncovered {
		return ""
	}
	f, ok := fieldCalled(c.after.Shape.Fields, c.name)
	if !ok {
		return ""
	}
	one := *c.before
	one.Shape = c.before.Shape
	one.Shape.Fields = []stream.Field{f}
	return tooLittle(*c.before, one)
}

// keyLacks is what a rewrite lacks for the key of the new spec.
func (c change) keyLacks() string {
	keyed := *c.after
	keyed.Shape = c.before.Shape
	keyed.Shape.Fields = nil
	for _, f := range c.after.Shape.Fields {
		if slices.Contains(c.after.Key, f.Name) {
			keyed.Shape.Fields = append(keyed.Shape.Fields, f)
		}
	}
	return tooLittle(*c.before, keyed)
}

// because says of a reimport what the table's own files do not give, where that is why.
func (r Rule) because(what string) Rule {
	if r.Effect == Reimport && what != "" {
		r.Why = what
	}
	return r
}

// confirm takes a rewrite that the table would refuse for what it is, a reimport.
func confirm(reasons []Reason, t *table.SeenTable, wanted spec.Spec) []Reason {
	if worst(reasons) != Rewrite || t.Head.Rows == 0 {
		return reasons
	}
	if what := tooLittle(t.Head.Spec, wanted); what != "" {
		reasons = append(reasons, Reason{Attribute: "columns", Before: "as the table's files hold them", After: "read again", Effect: Reimport, Because: what})
	}
	return reasons
}
