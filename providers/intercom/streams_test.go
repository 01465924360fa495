package intercom

import (
	"testing"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// Every stream the workspace can tell the rows of gives exactly those.
func TestEveryStreamGivesItsRows(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 11, Contacts: 260, Conversations: 120, Companies: 130, Tickets: 70, Articles: 40, Growth: -1}, nil)
	for _, d := range declared() {
		g := r.read(full(d.Name))[0]
		if g.err != nil {
			t.Errorf("%s: %v", d.Name, g.err)
			continue
		}
		want := r.oracle(d.Name)
		if len(want) == 0 {
			t.Errorf("%s: the workspace cannot tell its rows", d.Name)
		}
		sameIDs(t, d.Name, g.ids, want)
		if g.final == nil || g.final.Short() || !g.final.Whole {
			t.Errorf("%s is short: %+v", d.Name, g.final)
		}
		for _, b := range g.batches {
			if b.Rows != nil && b.Rows.Misfits > 0 {
				t.Errorf("%s: %d values do not fit their columns", d.Name, b.Rows.Misfits)
			}
			if b.Rows != nil && b.Rows.Unknown > 0 {
				rest := b.Rows.Leaf("_rest")
				for i := range rest.Len() {
					if !rest.Null(i) {
						t.Errorf("%s: %d values are undeclared: %s", d.Name, b.Rows.Unknown, rest.Strs[i])
						break
					}
				}
				break
			}
		}
	}
}
