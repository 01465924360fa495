package state

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
)

// Clone returns a copy whose maps may be changed. What stands in the entries is shared.
func (s *State) Clone() *State {
	out := *s
	out.Connections = maps.Clone(s.Connections)
	out.Sources = maps.Clone(s.Sources)
	out.Targets = maps.Clone(s.Targets)
	out.Schedules = maps.Clone(s.Schedules)
	out.Outputs = maps.Clone(s.Outputs)
	return &out
}

// Addresses returns what s has entries for, sorted.
func (s *State) Addresses() []addr.Address {
	var out []addr.Address
	out = slices.AppendSeq(out, maps.Keys(s.Connections))
	out = slices.AppendSeq(out, maps.Keys(s.Sources))
	out = slices.AppendSeq(out, maps.Keys(s.Targets))
	out = slices.AppendSeq(out, maps.Keys(s.Schedules))
	slices.SortFunc(out, addr.Address.Compare)
	return out
}

// Has reports whether s has an entry for a.
func (s *State) Has(a addr.Address) bool {
	var ok bool
	switch a.Kind {
	case addr.Connection:
		_, ok = s.Connections[a]
	case addr.Source:
		_, ok = s.Sources[a]
	case addr.Target:
		_, ok = s.Targets[a]
	case addr.Schedule:
		_, ok = s.Schedules[a]
	}
	return ok
}

// instances returns the entries that a names: itself, or, when a stands for a block with
// for_each, every instance.
func (s *State) instances(a addr.Address) []addr.Address {
	if s.Has(a) {
		return []addr.Address{a}
	}
	var out []addr.Address
	for _, b := range s.Addresses() {
		block := b
		block.Key, block.Keyed = "", false
		if !a.Keyed && b.Keyed && block == a {
			out = append(out, b)
		}
	}
	return out
}

// Move returns s with what stands at one address under another, and what refers to it
// referring to that. An address without a key moves every instance of its block. The
// table, its path and its rows stay as they are. Errors are *EntryError.
func Move(s *State, from, to addr.Address) (*State, error) {
	if from.Kind != to.Kind || from.Type != to.Type {
		return nil, &EntryError{from, fmt.Sprintf("It cannot become %s, which is of another kind. Name an address that begins with the same kind and type.", to)}
	}
	list := s.instances(from)
	if len(list) == 0 {
		return nil, missing(s, from)
	}
	out := s.Clone()
	for _, a := range list {
		b := to
		if a != from {
			if to.Keyed {
				return nil, &EntryError{from, fmt.Sprintf("It has %d instances, and %s names only one. Leave out the key, or move one instance.", len(list), to)}
			}
			b.Key, b.Keyed = a.Key, true
		}
		if s.Has(b) {
			return nil, &EntryError{b, fmt.Sprintf("It is in the state already, so %s cannot take its place. Move or remove it first.", a)}
		}
		out.rename(a, b)
	}
	return out, nil
}

// rename moves one entry and the references to it. The maps are the caller's own.
func (s *State) rename(from, to addr.Address) {
	switch from.Kind {
	case addr.Connection:
		s.Connections[to] = s.Connections[from]
		delete(s.Connections, from)
	case addr.Source:
		s.Sources[to] = s.Sources[from]
		delete(s.Sources, from)
	case addr.Target:
		s.Targets[to] = s.Targets[from]
		delete(s.Targets, from)
	case addr.Schedule:
		s.Schedules[to] = s.Schedules[from]
		delete(s.Schedules, from)
	}
	for a, c := range s.Sources {
		if c.Connection == from {
			c.Connection = to
			s.Sources[a] = c
		}
	}
	for a, t := range s.Targets {
		s.Targets[a] = t.referring(from, to)
	}
}

func (t Target) referring(from, to addr.Address) Target {
	if t.Source == from {
		t.Source = to
	}
	if t.Connection == from {
		t.Connection = to
	}
	if t.Schedule != nil && *t.Schedule == from {
		t.Schedule = &to
	}
	return t
}

// Remove returns s without what stands at an address; without a key, without every
// instance of its block. Files stay. It refuses while other entries refer to it. Errors
// are *EntryError.
func Remove(s *State, a addr.Address) (*State, error) {
	list := s.instances(a)
	if len(list) == 0 {
		return nil, missing(s, a)
	}
	out := s.Clone()
	for _, b := range list {
		if users := s.usersOf(b); len(users) > 0 {
			return nil, &EntryError{b, fmt.Sprintf("%s still refers to it. Remove that first.", users[0])}
		}
		delete(out.Connections, b)
		delete(out.Sources, b)
		delete(out.Targets, b)
		delete(out.Schedules, b)
	}
	return out, nil
}

// usersOf returns the entries that refer to a, sorted.
func (s *State) usersOf(a addr.Address) []addr.Address {
	var out []addr.Address
	for b, c := range s.Sources {
		if c.Connection == a {
			out = append(out, b)
		}
	}
	for b, t := range s.Targets {
		if t.Source == a || t.Connection == a || t.Schedule != nil && *t.Schedule == a {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, addr.Address.Compare)
	return out
}

// missing is the error of an address that s has no entry for.
func missing(s *State, a addr.Address) error {
	problem := "It is not in the state."
	for _, b := range s.Addresses() {
		if b.Kind == a.Kind && (strings.EqualFold(b.Name, a.Name) || b.Name == a.Type) {
			problem += fmt.Sprintf(" Did you mean %s?", b)
			return &EntryError{a, problem}
		}
	}
	return &EntryError{a, problem + " `inlay state list` shows what is."}
}
