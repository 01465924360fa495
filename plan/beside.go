package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
)

// This file is about what differs of a target beside its spec: its path, its flags, its
// references, and what is wrong with its table.

// path is where the target's table shall stand: a moved block keeps the name of its table, unless the
// new block says another.
func (m *maker) path(d *decision, w *want) string {
	if _, written := w.target.Ranges["table"]; written || !w.known || d.table == nil || !m.arrived[d.address] {
		return w.target.Path()
	}
	return w.target.Database + "/" + path.Base(d.table.Path)
}

func (m *maker) schemaChange(d *decision, w *want, e *state.Target) {
	if d.table == nil || w.target.Settings.String("on_schema_change") != "fail" || d.table.Head.Spec.Stream() != e.Spec.Stream() {
		return
	}
	var names []string
	for _, c := range columnChanges(d.table.Head.Spec.Shape, e.Spec.Shape) {
		if c.kind == columnAdded || c.kind == columnWidened || c.kind == columnRetyped {
			names = append(names, c.name)
		}
	}
	if len(names) > 0 {
		d.problems = append(d.problems, Problem{d.address, sumSchemaChange, fmt.Sprintf(
			"on_schema_change is \"fail\", and the table lacks or has otherwise: %s. Set it to \"add\" to change the table, or to \"ignore\" to leave it.", strings.Join(names, ", ")),
			lineOf(&w.target.Block, "on_schema_change")})
	}
}

// moves lists what differs in the path.
func (m *maker) moves(d *decision, w *want, e *state.Target) []Reason {
	if d.table.Path == e.Path {
		return nil
	}
	if at, what, ok := m.seen.inTheWay(e.Path); ok {
		d.problems = append(d.problems, Problem{d.address, sumForeign, fmt.Sprintf(
			"The table is to move to %s, and at %s stands %s that inlay did not make. Move it away, or choose another name.", e.Path, at, what),
			lineOf(&w.target.Block, "table")})
	}
	if t := m.seen.byPath[e.Path]; t != nil {
		d.problems = append(d.problems, Problem{d.address, sumPathTaken, fmt.Sprintf(
			"The table is to move to %s, where the table %s stands. Let that one leave in an apply of its own first, or choose another name.", e.Path, t.ID),
			lineOf(&w.target.Block, "table")})
	}
	n := naming{block: &w.target.Block}
	oldDB, oldTable, _ := strings.Cut(d.table.Path, "/")
	db, table, _ := strings.Cut(e.Path, "/")
	var out []Reason
	if oldDB != db {
		out = append(out, n.reason("database", oldDB, db, Move))
	}
	if oldTable != table {
		out = append(out, n.reason("table", oldTable, table, Move))
	}
	return out
}

// recorded lists what differs in what stands beside the spec: it touches no data.
func (m *maker) recorded(w *want, e state.Target) []Reason {
	if !w.known {
		return nil
	}
	n := naming{block: &w.target.Block}
	var out []Reason
	add := func(attribute string, before, after any) {
		if !same(before, after) {
			out = append(out, n.reason(attribute, before, after, Settings))
		}
	}
	if w.prior.Source != e.Source {
		add("source", w.prior.Source.String(), e.Source.String())
	}
	if !sameReference(w.prior.Schedule, e.Schedule) {
		add("schedule", reference(w.prior.Schedule), reference(e.Schedule))
	}
	if w.prior.Enabled != e.Enabled {
		out = append(out, enabledReason(w, e.Enabled))
	}
	protected := w.prior.PreventDestroy
	if t := m.seen.live(e.Table); t != nil && t.Head.PreventDestroy != e.PreventDestroy {
		protected = t.Head.PreventDestroy
	}
	add("prevent_destroy", protected, e.PreventDestroy)
	if w.prior.Deleting {
		out = append(out, Reason{Attribute: "deletion", Before: "begun", After: nil, Effect: Settings, Line: line(w.target.Range)})
	}
	return out
}

// enabledReason blames the block that turned the target off, or the target itself.
func enabledReason(w *want, enabled bool) Reason {
	n := naming{block: &w.target.Block}
	switch {
	case enabled || !w.target.Enabled:
	case w.source != nil && !w.source.Enabled:
		n = naming{of: w.source.Address, block: &w.source.Block}
	case w.connection != nil && !w.connection.Enabled:
		n = naming{of: w.connection.Address, block: &w.connection.Block}
	}
	return n.reason("enabled", !enabled, enabled, Settings)
}

func reference(a *addr.Address) any {
	if a == nil {
		return nil
	}
	return a.String()
}

// repairs says what is mended before anything else.
func (m *maker) repairs(d *decision, c *Change) {
	if d.table.Pending {
		c.Repair = append(c.Repair, "a commit was not published; it is published now")
	}
	c.Repair = append(c.Repair, some(d.table.Drift)...)
	c.Repair = append(c.Repair, some(d.table.Damage)...)
	if len(d.table.Damage) > 0 {
		c.Reasons = append(c.Reasons, Reason{Attribute: "table", Before: "damaged", After: "read again", Effect: Reimport, Because: "rows are lost that only the service still has"})
	}
}

// some is the beginning of a list, and how much more there is.
func some(list []string) []string {
	const most = 3
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
}
