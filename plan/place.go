package plan

import (
	"fmt"

	"github.com/inlay-sync/inlay/state"
)

// place finds the target's table, or what stands in the way of one.
func (m *maker) place(d *decision, c *Change, w *want, e *state.Target) {
	if w.known && w.prior.Table != "" {
		if d.table = m.seen.live(w.prior.Table); d.table != nil {
			return
		}
		c.Effect = Create
		c.Repair = []string{"the table is gone from the warehouse and is made again"}
		e.Table = ""
	}
	at := w.target.Path()
	t := m.seen.byPath[at]
	if t == nil {
		c.Effect = Create
		m.free(d, w, at)
		return
	}
	if owner, taken := m.owners[t.ID]; taken && owner != d.address {
		d.problems = append(d.problems, Problem{d.address, sumPathTaken, fmt.Sprintf(
			"The table of %s stands at %s. Give one of them another name, or let %s leave in an apply of its own first.", owner, at, owner),
			lineOf(&w.target.Block, "table")})
		return
	}
	if lineage := m.lineage(); lineage != "" && t.Head.Lineage != "" && t.Head.Lineage != lineage {
		d.problems = append(d.problems, Problem{d.address, sumOtherOwner, fmt.Sprintf(
			"The table at %s belongs to %s of another state (lineage %s; this one is %s). Choose another path, or detach the table there first.",
			at, t.Head.Address, t.Head.Lineage, lineage), lineOf(&w.target.Block, "table")})
		return
	}
	d.table = t
	e.Table = t.ID
	c.Effect = Adopt
	c.Reasons = append(c.Reasons, adoption(t.Head.Lineage, t.Head.Address, d.address.String(), c.Line))
}

// adoption says why a table is taken over: it was another's, nobody's, or this target's own
// and only the state does not know it.
func adoption(lineage, was, now, line string) Reason {
	r := Reason{Attribute: "owner", Before: ownerOf(lineage, was), After: now}
	if lineage != "" && was == now {
		r = Reason{Attribute: "state", Before: "without an entry", After: "the table is its own"}
	}
	r.Effect, r.Because, r.Line = Adopt, "its rows and its bookmark are taken over", line
	return r
}

func ownerOf(lineage, address string) any {
	if lineage == "" || address == "" {
		return nil
	}
	return address
}

func (m *maker) lineage() string {
	if m.in.State == nil {
		return ""
	}
	return m.in.State.Lineage
}

// free checks that a table may be made at a path.
func (m *maker) free(d *decision, w *want, at string) {
	if at, what, ok := m.seen.inTheWay(at); ok {
		d.problems = append(d.problems, Problem{d.address, sumForeign, fmt.Sprintf(
			"At %s in the warehouse stands %s that inlay did not make. Move it away, or give the table another name.", at, what),
			lineOf(&w.target.Block, "table")})
	}
	if w.target.Settings.Has("auto_create") && !w.target.Settings.Bool("auto_create") {
		d.problems = append(d.problems, Problem{d.address, sumMissingTable, fmt.Sprintf(
			"There is no table at %s, and auto_create is false. Run `inlay table create %s` to make it, or set auto_create = true.", at, d.address),
			lineOf(&w.target.Block, "auto_create")})
	}
}
