package project

import (
	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/table"
)

// Reached says which account each applied connection was last seen to lead to, as the tables
// that were filled through it tell. A connection through which nothing came is not in it.
func (p *Project) Reached() (map[addr.Address]table.Workspace, error) {
	s, err := p.situation()
	if err != nil || s.state == nil {
		return nil, err
	}
	of := map[string]table.Workspace{}
	for _, t := range s.seen.Tables {
		of[t.ID] = t.Head.Workspace
	}
	out := map[addr.Address]table.Workspace{}
	for _, t := range s.state.Targets {
		if w := of[t.Table]; w.ID != "" {
			out[t.Connection] = w
		}
	}
	return out, nil
}
