package plan

import (
	"maps"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
)

// A connection, source or schedule that comes, goes or changes touches no data by itself:
// what it does to tables is shown at the targets it feeds.

// former is an entry of the state as settings, for comparison.
type former struct {
	settings       setting.Values
	preventDestroy bool
	found          bool
}

// settle compares a declared block with what was applied last.
func (m *maker) settle(b *lang.Block, now setting.Values, old former) decision {
	d := decision{address: b.Address, was: m.old.was[b.Address]}
	if old.found && sameMap(old.settings, now) && old.preventDestroy == b.PreventDestroy && d.was.IsZero() {
		return d
	}
	c := Change{Address: b.Address, Was: d.was, Effect: Settings, Line: line(b.Range)}
	switch {
	case !old.found:
		c.Added = true
	default:
		n := naming{block: b}
		for _, diff := range differences(old.settings, now) {
			if diff.path == "enabled" {
				diff.before, diff.after = !b.Enabled, b.Enabled
			}
			c.Reasons = append(c.Reasons, n.reason(diff.path, diff.before, diff.after, Settings))
		}
		if old.preventDestroy != b.PreventDestroy {
			c.Reasons = append(c.Reasons, n.reason("prevent_destroy", old.preventDestroy, b.PreventDestroy, Settings))
		}
		if len(c.Reasons) == 0 && d.was.IsZero() {
			return d
		}
		if len(c.Reasons) == 0 {
			c.Effect = Move
		}
	}
	m.told[b.Address] = true
	d.change = &c
	return d
}

// storable are a block's settings as the state keeps them: enabled only when it is not.
func storable(b *lang.Block) setting.Values {
	if b.Enabled {
		return b.Settings
	}
	out := maps.Clone(b.Settings)
	if out == nil {
		out = setting.Values{}
	}
	out["enabled"] = false
	return out
}

func (m *maker) connections() {
	for i := range m.in.Config.Connections {
		c := &m.in.Config.Connections[i]
		old, found := m.old.state.Connections[c.Address]
		entry := state.Connection{Provider: c.Provider, Settings: storable(&c.Block), PreventDestroy: c.PreventDestroy}
		d := m.settle(&c.Block, entry.Settings, former{old.Settings, old.PreventDestroy, found})
		d.connection = &entry
		m.out = append(m.out, &d)
	}
}

func (m *maker) sources() {
	for i := range m.in.Config.Sources {
		s := &m.in.Config.Sources[i]
		old, found := m.old.state.Sources[s.Address]
		entry := state.Source{Connection: s.Connection, Settings: s.Settings, Enabled: s.Enabled, PreventDestroy: s.PreventDestroy}
		now, was := entry.Settings, former{old.Settings, old.PreventDestroy, found}
		if old.Connection != s.Connection || old.Enabled != s.Enabled {
			now, was.settings = whole(now, s.Connection, s.Enabled), whole(old.Settings, old.Connection, old.Enabled)
		}
		d := m.settle(&s.Block, now, was)
		d.source = &entry
		m.out = append(m.out, &d)
	}
}

// whole adds to settings what the state keeps beside them.
func whole(v setting.Values, to addr.Address, enabled bool) setting.Values {
	out := make(setting.Values, len(v)+2)
	maps.Copy(out, v)
	out["connection"] = to.String()
	out["enabled"] = enabled
	return out
}

func (m *maker) schedules() {
	for i := range m.in.Config.Schedules {
		s := &m.in.Config.Schedules[i]
		old, found := m.old.state.Schedules[s.Address]
		entry := state.Schedule{Settings: storable(&s.Block), PreventDestroy: s.PreventDestroy}
		d := m.settle(&s.Block, entry.Settings, former{old.Settings, old.PreventDestroy, found})
		d.schedule = &entry
		m.out = append(m.out, &d)
	}
}
