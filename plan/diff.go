package plan

import (
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// Diff is the difference that b makes where a was applied and every table imported: its
// changes alone, by the same rules as a plan's, without state, tables or secrets. What
// would stop such a plan stands among its warnings. An age in a since is counted from one
// instant on both sides.
func Diff(a, b *lang.Config) *Plan {
	when := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	before, _ := Make(Input{Config: a, Now: when})
	st, seen := settled(before, state.State{Lineage: "diff"}, when)
	p, problems := Make(Input{Config: b, State: &st, Seen: seen, Now: when})
	for _, q := range problems {
		p.Warnings = append(p.Warnings, Warning(q))
	}
	return &Plan{Format: Format, Warehouse: p.Warehouse, Files: p.Files, Changes: p.Changes, Outputs: p.Outputs,
		Imports: []Import{}, Waiting: []Waiting{}, Warnings: p.Warnings, Options: p.Options}
}

// settled is the state, and the tables, that a plan leads to when all of it is done.
func settled(p *Plan, was state.State, when time.Time) (state.State, table.Seen) {
	st := *cloneState(p.State)
	st.Lineage = was.Lineage
	var seen table.Seen
	for a, t := range st.Targets {
		if t.Deleting {
			delete(st.Targets, a)
			continue
		}
		if !t.Enabled && t.Table == "" {
			continue
		}
		if t.Table == "" {
			t.Table = fmt.Sprintf("table of %s", a)
			st.Targets[a] = t
		}
		seen.Tables = append(seen.Tables, table.SeenTable{ID: t.Table, Path: t.Path, Head: table.Manifest{
			Table: t.Table, Path: t.Path, Address: a.String(), Lineage: was.Lineage, Spec: t.Spec, Started: when,
			PreventDestroy: t.PreventDestroy, OnRemove: t.OnRemove,
		}})
	}
	return st, seen
}
