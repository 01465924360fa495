package plan

import (
	"maps"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
)

// Onto is what is left of the plan on the state as it is now: what others applied since at
// addresses the plan does not touch stays, and changes that an earlier apply of this plan
// made are not made again. The state is one that Check found nothing moved in; nil is none.
// Neither the plan nor the state is changed.
func (p *Plan) Onto(now *state.State) *Plan {
	if now == nil || len(p.Changes)+len(p.Outputs) == 0 {
		return p
	}
	out := *p
	out.Changes = []Change{}
	out.State = cloneState(now)
	out.State.Format, out.State.Version = p.State.Format, p.State.Version
	for _, c := range p.Changes {
		if !p.made(c, now) {
			out.Changes = append(out.Changes, c)
		}
		if !c.Was.IsZero() {
			forget(out.State, c.Was)
		}
		p.take(out.State, c.Address)
	}
	for _, i := range p.Imports {
		p.take(out.State, i.Address)
	}
	if len(p.Outputs) > 0 {
		out.State.Outputs = maps.Clone(p.State.Outputs)
		if len(differences(now.Outputs, p.State.Outputs)) == 0 {
			out.Outputs = nil
		}
	}
	return &out
}

// made reports whether a change is made already. Those of tables that are kept are not
// asked about: making them again does nothing.
func (p *Plan) made(c Change, now *state.State) bool {
	switch {
	case c.Removed:
		return !now.Has(c.Address)
	case c.Address.Kind == addr.Target:
		return c.Effect == Create && now.Targets[c.Address].Table != ""
	}
	at := Precondition{Address: c.Address}
	return entryHash(now, at) == entryHash(p.State, at)
}

// take puts what the plan says of an address into a state. A table that was made meanwhile
// keeps its id.
func (p *Plan) take(st *state.State, a addr.Address) {
	table := st.Targets[a].Table
	forget(st, a)
	if c, ok := p.State.Connections[a]; ok {
		st.Connections[a] = c
	}
	if s, ok := p.State.Sources[a]; ok {
		st.Sources[a] = s
	}
	if s, ok := p.State.Schedules[a]; ok {
		st.Schedules[a] = s
	}
	if t, ok := p.State.Targets[a]; ok {
		if t.Table == "" {
			t.Table = table
		}
		st.Targets[a] = t
	}
}

func forget(st *state.State, a addr.Address) {
	delete(st.Connections, a)
	delete(st.Sources, a)
	delete(st.Schedules, a)
	delete(st.Targets, a)
}
