package state

import (
	"strconv"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/internal/members"
)

// many reads the sources and targets of a state, which may be thousands, member by member,
// and returns the text without them. It is false where it meets anything but what most states
// hold; the whole is then to be decoded by encoding/json, which says what is wrong.
func (form *stored) many(data []byte) (rest []byte, ok bool) {
	r := references{}
	rest = append(rest, '{')
	ok = members.Each(data, func(name string, value []byte) bool {
		switch name {
		case "sources":
			form.Sources = map[addr.Address]storedSource{}
			return eachEntry(value, func(a addr.Address, value []byte) bool {
				var s storedSource
				ok := members.Each(value, func(name string, value []byte) bool { return r.source(&s, name, value) })
				form.Sources[a] = s
				return ok
			})
		case "targets":
			form.State.Targets = map[addr.Address]Target{}
			var t storedTarget
			return eachEntry(value, func(a addr.Address, value []byte) bool {
				t = storedTarget{}
				ok := members.Each(value, func(name string, value []byte) bool { return r.target(&t, name, value) })
				form.State.Targets[a] = t.Target
				form.named = append(form.named, namedSpec{a, t.Spec})
				return ok
			})
		}
		if len(rest) > 1 {
			rest = append(rest, ',')
		}
		rest = append(append(strconv.AppendQuote(rest, name), ':'), value...)
		return true
	})
	return append(rest, '}'), ok
}

func eachEntry(value []byte, entry func(addr.Address, []byte) bool) bool {
	return members.Each(value, func(name string, value []byte) bool {
		a, err := addr.Parse(name)
		return err == nil && entry(a, value)
	})
}

// references are the addresses that were read already, by their text: many refer to one.
type references map[string]addr.Address

func (r references) read(to *addr.Address, value []byte) bool {
	a, known := r[string(value)]
	if !known {
		text, ok := members.String(value)
		if !ok || a.UnmarshalText([]byte(text)) != nil {
			return false
		}
		r[string(value)] = a
	}
	*to = a
	return true
}

func (r references) source(s *storedSource, name string, value []byte) (ok bool) {
	switch name {
	case "connection":
		return r.read(&s.Connection, value)
	case "settings":
		s.Settings = value
		return true
	case "enabled":
		s.Enabled, ok = members.Bool(value)
	case "prevent_destroy":
		s.PreventDestroy, ok = members.Bool(value)
	}
	return ok
}

func (r references) target(t *storedTarget, name string, value []byte) (ok bool) {
	switch name {
	case "source":
		return r.read(&t.Source, value)
	case "connection":
		return r.read(&t.Connection, value)
	case "schedule":
		t.Schedule = new(addr.Address)
		return r.read(t.Schedule, value)
	case "spec":
		t.Spec, ok = members.String(value)
	case "scheduled_at":
		t.ScheduledAt, ok = members.Time(value)
	case "table":
		t.Table, ok = members.String(value)
	case "path":
		t.Path, ok = members.String(value)
	case "on_remove":
		t.OnRemove, ok = members.String(value)
	case "enabled":
		t.Enabled, ok = members.Bool(value)
	case "prevent_destroy":
		t.PreventDestroy, ok = members.Bool(value)
	case "deleting":
		t.Deleting, ok = members.Bool(value)
	}
	return ok
}
