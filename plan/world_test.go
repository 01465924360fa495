package plan

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// world is a state and a warehouse, on which a plan can be carried out as apply does it:
// what becomes of each manifest is written down here once.
type world struct {
	state  *state.State
	pauses Pauses
	seen   table.Seen
	now    time.Time
	tables int
}

func (w *world) input(in Input) Input {
	in.State, in.Pauses, in.Seen, in.Now = w.state, w.pauses, w.seen, w.now
	return in
}

// apply carries out changes and imports. Imports whose address is in failing do not succeed.
func (w *world) apply(t testing.TB, p *Plan, failing map[addr.Address]bool) {
	t.Helper()
	st := reread(t, p.State)
	if st.Lineage == "" {
		st.Lineage = "home"
	}
	st.Serial++
	for _, c := range p.Changes {
		w.change(st, c)
	}
	for _, i := range p.Imports {
		if !failing[i.Address] {
			w.imported(st, i)
		}
	}
	w.state = st
}

// reread sends a state through its file's form, as a later command would see it.
func reread(t testing.TB, st *state.State) *state.State {
	t.Helper()
	text, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	var out state.State
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

func (w *world) table(id string) *table.SeenTable {
	for i := range w.seen.Tables {
		if w.seen.Tables[i].ID == id {
			return &w.seen.Tables[i]
		}
	}
	return nil
}

func (w *world) change(st *state.State, c Change) {
	if c.Address.Kind != addr.Target {
		return
	}
	if c.Removed {
		if t := w.table(c.Table); t != nil && c.Effect == Delete {
			t.Deleted = true
		} else if t != nil {
			t.Head.Lineage = ""
		}
		delete(st.Targets, c.Address)
		return
	}
	e := st.Targets[c.Address]
	if c.Effect == Create {
		w.tables++
		e.Table = fmt.Sprintf("t%d", w.tables)
		st.Targets[c.Address] = e
		w.seen.Tables = append(w.seen.Tables, table.SeenTable{ID: e.Table, Path: e.Path, Head: table.Manifest{
			Kind: "create", Table: e.Table, Path: e.Path, Spec: e.Spec, Lineage: st.Lineage, Address: c.Address.String(),
		}})
	}
	t := w.table(e.Table)
	if t == nil {
		return
	}
	t.Pending, t.Drift = false, nil
	if c.Settles() {
		t.Path, t.Head.Path = e.Path, e.Path
		t.Head.Lineage, t.Head.Address = st.Lineage, c.Address.String()
		t.Head.PreventDestroy, t.Head.OnRemove = e.PreventDestroy, e.OnRemove
	}
	t.Head.Spec = c.Spec(t.Head.Spec, e.Spec)
}

func (w *world) imported(st *state.State, i Import) {
	e := st.Targets[i.Address]
	t := w.table(e.Table)
	t.Head.Spec, t.Damage, t.Staged = e.Spec, nil, nil
	if i.Backfill {
		return
	}
	t.Head.Started, t.Head.Rows, t.Head.Bytes = w.now, 1000, 64000
	t.Head.Bookmark, t.Head.Position = stream.Bookmark("b"+w.now.Format("0102")), w.now.Format(time.DateTime)
	if i.Slot != "" {
		t.Head.Slot = i.Slot
	}
}
