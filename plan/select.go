package plan

import (
	"slices"

	"github.com/inlay-sync/inlay/addr"
)

// known are all addresses that an option may name, with how they depend on each other.
type known struct {
	all []addr.Address
	at  map[addr.Address]bool
	// needs are the addresses a block refers to, feeds those that refer to it.
	needs, feeds map[addr.Address][]addr.Address
	bare         map[addr.Address][]addr.Address // instances, by the address without its key
}

func newKnown() *known {
	return &known{
		at: map[addr.Address]bool{}, bare: map[addr.Address][]addr.Address{},
		needs: map[addr.Address][]addr.Address{}, feeds: map[addr.Address][]addr.Address{},
	}
}

func (k *known) add(a addr.Address, refers ...addr.Address) {
	if !k.at[a] {
		k.at[a] = true
		k.all = append(k.all, a)
		if a.Keyed {
			b := a
			b.Key, b.Keyed = "", false
			k.bare[b] = append(k.bare[b], a)
		}
	}
	for _, r := range refers {
		k.needs[a] = append(k.needs[a], r)
		k.feeds[r] = append(k.feeds[r], a)
	}
}

// known collects the addresses of configuration and state.
func (m *maker) known() *known {
	k := newKnown()
	o := m.in.Options
	if len(o.Only)+len(o.Exclude)+len(o.Run)+len(o.Reimport) == 0 {
		return k
	}
	c := m.in.Config
	for _, b := range c.Connections {
		k.add(b.Address)
	}
	for _, b := range c.Schedules {
		k.add(b.Address)
	}
	for _, b := range c.Sources {
		k.add(b.Address, b.Connection)
	}
	for _, t := range c.Targets {
		k.add(t.Address, t.Source)
		if t.Schedule != nil {
			k.add(t.Address, *t.Schedule)
		}
	}
	k.addState(m.old)
	slices.SortFunc(k.all, addr.Address.Compare)
	return k
}

func (k *known) addState(r remembered) {
	for a := range r.state.Connections {
		k.add(a)
	}
	for a := range r.state.Schedules {
		k.add(a)
	}
	for a, s := range r.state.Sources {
		k.add(a, s.Connection)
	}
	for a, t := range r.state.Targets {
		k.add(a, t.Source)
		if t.Schedule != nil {
			k.add(a, *t.Schedule)
		}
	}
}

// resolve turns what was written into known addresses: one without a key names all keys.
func (k *known) resolve(option string, written []addr.Address) ([]addr.Address, Problems) {
	var out []addr.Address
	var problems Problems
	for _, a := range written {
		switch {
		case k.at[a]:
			out = append(out, a)
		case len(k.bare[a]) > 0:
			out = append(out, k.bare[a]...)
		default:
			problems = append(problems, unknownAddress(option, a, k.all))
		}
	}
	return out, problems
}

// targets are the targets that addresses name, or that the named blocks feed.
func (k *known) targets(option string, written []addr.Address) (map[addr.Address]bool, Problems) {
	named, problems := k.resolve(option, written)
	out := map[addr.Address]bool{}
	for _, a := range named {
		before := len(out)
		for b := range closure([]addr.Address{a}, k.feeds) {
			if b.Kind == addr.Target {
				out[b] = true
			}
		}
		if len(out) == before && a.Kind != addr.Target {
			problems = append(problems, Problem{a, sumNotATarget, option + " takes targets, or blocks that feed some; no target depends on " + a.String() + ".", ""})
		}
	}
	return out, problems
}

// closure is everything that can be reached from some addresses, and these themselves.
func closure(from []addr.Address, edges map[addr.Address][]addr.Address) map[addr.Address]bool {
	out := map[addr.Address]bool{}
	for len(from) > 0 {
		a := from[len(from)-1]
		from = from[:len(from)-1]
		if !out[a] {
			out[a] = true
			from = append(from, edges[a]...)
		}
	}
	return out
}

// selection says which addresses the plan is about. -only takes an address, what it feeds,
// and what all these need; -exclude leaves out an address and what it feeds.
func (k *known) selection(only, exclude []addr.Address) (func(addr.Address) bool, Problems) {
	if len(only)+len(exclude) == 0 {
		return func(addr.Address) bool { return true }, nil
	}
	in, problems := k.resolve("-only", only)
	out, more := k.resolve("-exclude", exclude)
	fed := closure(in, k.feeds)
	start := make([]addr.Address, 0, len(fed))
	for a := range fed {
		start = append(start, a)
	}
	kept := closure(start, k.needs)
	left := closure(out, k.feeds)
	return func(a addr.Address) bool {
		return (len(only) == 0 || kept[a]) && !left[a]
	}, append(problems, more...)
}
