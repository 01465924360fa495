package lang

import (
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/condition"
	"github.com/inlay-sync/inlay/stream"
)

// anyKind takes every column for one that fits, so that only the grammar is looked at.
func anyKind(string) (condition.Kind, error) { return condition.Null, nil }

// checkCondition holds the condition of an expectation against the table's columns: their
// names first, and where these are right their types.
func (l *load) checkCondition(t *Target, text, at string, columns []string) {
	c, err := condition.Compile(text, anyKind)
	if err != nil {
		return // reported when it was decoded
	}
	l.knownColumns(t, sumExpectation, at, c.Columns, columns)
	if slices.ContainsFunc(c.Columns, func(name string) bool { return !slices.Contains(columns, name) }) {
		return
	}
	if _, err := condition.Compile(text, func(name string) (condition.Kind, error) { return kindIn(t, name) }); err != nil {
		l.blame(sumExpectation, &t.Block, at, "This cannot be asked of the table: %v.", err)
	}
}

// kindIn is how a condition sees a column of the table.
func kindIn(t *Target, name string) (condition.Kind, error) {
	typ := stream.Scalar(stream.JSON) // _rest
	switch i := slices.IndexFunc(t.Shape.Fields, func(f stream.Field) bool { return f.Name == name }); {
	case i >= 0:
		typ = t.Shape.Fields[i].Type
	case name == addedTime || name == deletedAt:
		typ = stream.Scalar(stream.Timestamp)
	}
	kind, ok := condition.KindOf(typ.Kind)
	if !ok {
		return kind, fmt.Errorf("%q is a %s, and a condition is about plain columns", name, typ.Kind)
	}
	return kind, nil
}
