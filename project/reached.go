package project

import (
	"time"

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
	heads := map[string]table.Manifest{}
	for _, t := range s.seen.Tables {
		heads[t.ID] = t.Head
	}
	out, at := map[addr.Address]table.Workspace{}, map[addr.Address]time.Time{}
	for _, t := range s.state.Targets {
		head := heads[t.Table]
		if last, known := at[t.Connection]; head.Workspace.ID != "" && (!known || head.Started.After(last)) {
			out[t.Connection], at[t.Connection] = head.Workspace, head.Started
		}
	}
	return out, nil
}
