package plan

import (
	"fmt"
	"maps"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/state"
)

// remembered is a state with the moved blocks of a configuration applied to it.
type remembered struct {
	state *state.State
	// was gives the former address of every entry that moved.
	was map[addr.Address]addr.Address
}

// remember applies moved blocks to a copy of the state; nil counts as an empty one.
func remember(st *state.State, moved []lang.Moved, declared func(addr.Address) bool) (remembered, []Warning) {
	if st == nil {
		st = &state.State{}
	}
	r := remembered{state: st, was: map[addr.Address]addr.Address{}}
	if len(moved) == 0 {
		return r, nil
	}
	next := make(map[addr.Address]lang.Moved, len(moved))
	for _, m := range moved {
		next[m.From] = m
	}
	to := map[addr.Address]addr.Address{}
	var warnings []Warning
	for _, m := range moved {
		end := follow(next, m.From)
		switch {
		case !st.Has(m.From) || declared(m.From) || end == m.From:
		case st.Has(end):
			warnings = append(warnings, Warning{Address: end, Summary: "Moved block not followed", Line: line(m.Range),
				Detail: fmt.Sprintf("%s and %s are both in the state, so the one cannot take the other's place.", m.From, end)})
		default:
			to[m.From] = end
			r.was[end] = m.From
		}
	}
	if len(to) > 0 {
		r.state = rename(st, to)
	}
	return r, warnings
}

// follow goes along moved blocks to the last address.
func follow(next map[addr.Address]lang.Moved, a addr.Address) addr.Address {
	for range len(next) {
		m, ok := next[a]
		if !ok {
			return a
		}
		a = m.To
	}
	return a
}

// rename returns a copy of st in which entries, and what refers to them, have their new
// addresses.
func rename(st *state.State, to map[addr.Address]addr.Address) *state.State {
	now := func(a addr.Address) addr.Address {
		if b, ok := to[a]; ok {
			return b
		}
		return a
	}
	out := *st
	out.Connections = renameKeys(st.Connections, now, func(c state.Connection) state.Connection { return c })
	out.Schedules = renameKeys(st.Schedules, now, func(s state.Schedule) state.Schedule { return s })
	out.Sources = renameKeys(st.Sources, now, func(s state.Source) state.Source {
		s.Connection = now(s.Connection)
		return s
	})
	out.Targets = renameKeys(st.Targets, now, func(t state.Target) state.Target {
		t.Source, t.Connection = now(t.Source), now(t.Connection)
		if t.Schedule != nil {
			s := now(*t.Schedule)
			t.Schedule = &s
		}
		return t
	})
	return &out
}

func renameKeys[E any](in map[addr.Address]E, now func(addr.Address) addr.Address, inside func(E) E) map[addr.Address]E {
	out := make(map[addr.Address]E, len(in))
	for a, e := range in {
		out[now(a)] = inside(e)
	}
	return out
}

// cloneState copies the maps of a state, not what they hold.
func cloneState(st *state.State) *state.State {
	out := *st
	out.Connections = maps.Clone(st.Connections)
	out.Sources = maps.Clone(st.Sources)
	out.Targets = maps.Clone(st.Targets)
	out.Schedules = maps.Clone(st.Schedules)
	ensure(&out.Connections)
	ensure(&out.Sources)
	ensure(&out.Targets)
	ensure(&out.Schedules)
	return &out
}

func ensure[E any](m *map[addr.Address]E) {
	if *m == nil {
		*m = map[addr.Address]E{}
	}
}
