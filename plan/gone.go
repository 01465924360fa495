package plan

import (
	"fmt"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/state"
)

// gone decides for what the state remembers and the configuration does not declare; with
// -destroy, that is everything.
func (m *maker) gone() {
	absent := func(a addr.Address) bool { return m.in.Options.Destroy || !m.wanted.declares(a) }
	st := m.old.state
	for a, e := range st.Connections {
		if absent(a) {
			m.out = append(m.out, m.forget(a, e.PreventDestroy))
		}
	}
	for a, e := range st.Sources {
		if absent(a) {
			m.out = append(m.out, m.forget(a, e.PreventDestroy))
		}
	}
	for a, e := range st.Schedules {
		if absent(a) {
			m.out = append(m.out, m.forget(a, e.PreventDestroy))
		}
	}
	removed := map[addr.Address]lang.Removed{}
	for _, r := range m.in.Config.Removed {
		removed[r.From] = r
	}
	for a, e := range st.Targets {
		if absent(a) {
			m.out = append(m.out, m.goneTarget(a, e, removed))
		}
	}
}

func (m *maker) forget(a addr.Address, protected bool) *decision {
	d := &decision{address: a, was: m.old.was[a]}
	d.change = &Change{Address: a, Was: d.was, Effect: Settings, Removed: true}
	if protected {
		d.problems = Problems{{a, sumProtected,
			"Its block is gone, and prevent_destroy, which was applied with it, forbids that. Apply prevent_destroy = false first if it is meant, or bring the block back.", ""}}
	}
	return d
}

// goneTarget detaches a table or deletes it: as a removed block says, or else as its own
// on_remove said when it was applied last.
func (m *maker) goneTarget(a addr.Address, e state.Target, removed map[addr.Address]lang.Removed) *decision {
	d := &decision{address: a, was: m.old.was[a], table: m.seen.live(e.Table)}
	c := Change{Address: a, Was: d.was, Effect: Detach, Removed: true, Path: e.Path}
	if !m.seen.hasFiles(e.Table) {
		c.Reasons = []Reason{{Attribute: "table", Before: "gone", Effect: Detach}}
		d.change = &c
		return d
	}
	c.Table = e.Table
	erase := e.OnRemove == "delete"
	block, explicit := removedBlock(removed, a)
	if explicit && !m.in.Options.Destroy {
		erase = block.Data == "delete"
		c.Line = line(block.Range)
		c.Reasons = append(c.Reasons, Reason{Attribute: "removed", Before: "declared", After: block.Data, Line: c.Line})
	}
	if e.Deleting {
		erase = true
		c.Reasons = append(c.Reasons, Reason{Attribute: "deletion", Before: "begun", After: "finished"})
	}
	if d.table != nil {
		c.Path, c.Rows, c.Bytes = d.table.Path, d.table.Head.Rows, d.table.Head.Bytes
	}
	if erase {
		c.Effect = Delete
		e.Deleting = true
		d.target = &e
	}
	if len(c.Reasons) == 0 {
		c.Reasons = []Reason{{Attribute: "block", Before: "declared"}}
	}
	for i := range c.Reasons {
		c.Reasons[i].Effect, c.Reasons[i].Because = c.Effect, leaving(c.Effect)
	}
	d.change = &c
	m.guardGone(d, c, e)
	return d
}

// leaving says what becomes of the files of a target that goes.
func leaving(e Effect) string {
	if e == Delete {
		return "its files go too, with every snapshot"
	}
	return "its files stay as they are; nothing imports into them any more"
}

// removedBlock finds the removed block for an address; one without a key stands for all keys.
func removedBlock(removed map[addr.Address]lang.Removed, a addr.Address) (lang.Removed, bool) {
	if r, ok := removed[a]; ok {
		return r, true
	}
	a.Key, a.Keyed = "", false
	r, ok := removed[a]
	return r, ok
}

func (m *maker) guardGone(d *decision, c Change, e state.Target) {
	if d.table == nil || m.state().Targets[m.originally(d)].Deleting {
		return // nothing is lost any more
	}
	if e.PreventDestroy || d.table.Head.PreventDestroy {
		d.problems = append(d.problems, Problem{d.address, sumProtected, fmt.Sprintf(
			"Its table at %s with %d rows would go (%s), which prevent_destroy, applied with it, forbids. Apply prevent_destroy = false first if it is meant, or bring the block back.",
			c.Path, c.Rows, c.Effect), c.Line})
		return
	}
	if c.Effect == Detach {
		d.warnings = append(d.warnings, Warning{d.address, "Files stay", fmt.Sprintf(
			"The table at %s is forgotten, and its files stay; a target declared with that path takes it over again. on_remove = \"delete\", applied before the block goes, or a removed block with data = \"delete\" would delete them.", c.Path), c.Line})
	}
}

// originally is where the entry of d stands in the state as it was given.
func (m *maker) originally(d *decision) addr.Address {
	if !d.was.IsZero() {
		return d.was
	}
	return d.address
}

// state is the state as it was given, or an empty one.
func (m *maker) state() *state.State {
	if m.in.State == nil {
		return &state.State{}
	}
	return m.in.State
}

// contested finds targets that would end at one path, which moved blocks can bring about.
func (m *maker) contested() {
	at := make(map[string]*decision, len(m.out))
	for _, d := range m.out {
		if d.target == nil || d.target.Deleting || d.target.Path == "" {
			continue
		}
		if other, taken := at[d.target.Path]; taken {
			d.problems = append(d.problems, Problem{d.address, sumPathTaken, fmt.Sprintf(
				"The table of %s is at %s too. Say `table = ...` in one of them.", other.address, d.target.Path), ""})
			continue
		}
		at[d.target.Path] = d
	}
}
