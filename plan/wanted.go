package plan

import (
	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
)

// wanted finds the blocks of a configuration by address.
type wanted struct {
	connections map[addr.Address]*lang.Connection
	sources     map[addr.Address]*lang.Source
	targets     map[addr.Address]*lang.Target
	schedules   map[addr.Address]*lang.Schedule
}

func index(c *lang.Config) wanted {
	return wanted{
		connections: byAddress(c.Connections, func(b *lang.Connection) addr.Address { return b.Address }),
		sources:     byAddress(c.Sources, func(b *lang.Source) addr.Address { return b.Address }),
		targets:     byAddress(c.Targets, func(b *lang.Target) addr.Address { return b.Address }),
		schedules:   byAddress(c.Schedules, func(b *lang.Schedule) addr.Address { return b.Address }),
	}
}

func byAddress[B any](blocks []B, address func(*B) addr.Address) map[addr.Address]*B {
	out := make(map[addr.Address]*B, len(blocks))
	for i := range blocks {
		out[address(&blocks[i])] = &blocks[i]
	}
	return out
}

// declares reports whether the configuration has a block at a.
func (w wanted) declares(a addr.Address) bool {
	switch a.Kind {
	case addr.Connection:
		return w.connections[a] != nil
	case addr.Source:
		return w.sources[a] != nil
	case addr.Target:
		return w.targets[a] != nil
	}
	return w.schedules[a] != nil
}
