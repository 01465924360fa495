package project

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// TableInfo is one table as people ask about it.
type TableInfo struct {
	Address  string    `json:"address"`
	ID       string    `json:"table"`
	Path     string    `json:"path"`
	Mode     string    `json:"mode"`
	Rows     int64     `json:"rows"`
	Bytes    int64     `json:"bytes"`
	Parts    int       `json:"parts"`
	Commit   int64     `json:"commit"`
	Imported time.Time `json:"imported,omitzero"` // start of the last successful import
	Slot     string    `json:"slot,omitempty"`
	Position string    `json:"bookmark,omitempty"`
	Enabled  bool      `json:"enabled"`
	Held     string    `json:"held,omitempty"` // why nothing of it is due: it, or its schedule, is paused by hand
	Note     string    `json:"note,omitempty"`
}

// Tables lists the tables of the state and those that stand in the warehouse without an
// entry, by address.
func (p *Project) Tables() ([]TableInfo, error) {
	s, err := p.situation()
	if err != nil {
		return nil, err
	}
	return tableInfos(s), nil
}

func tableInfos(s situation) []TableInfo {
	byID := map[string]table.SeenTable{}
	for _, t := range s.seen.Tables {
		byID[t.ID] = t
	}
	var out []TableInfo
	if s.state != nil {
		for _, a := range slices.SortedFunc(maps.Keys(s.state.Targets), addr.Address.Compare) {
			target := s.state.Targets[a]
			seen, ok := byID[target.Table]
			delete(byID, target.Table)
			info := infoOf(a.String(), target, seen, ok)
			info.Held, _ = s.pauses.Of(a, target.Schedule)
			out = append(out, info)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if t := byID[id]; !t.Deleted {
			info := infoOf("", state.Target{Table: id, Path: t.Path, Enabled: true}, t, true)
			info.Note = joined(info.Note, "no block declares it")
			out = append(out, info)
		}
	}
	return out
}

func infoOf(address string, target state.Target, seen table.SeenTable, ok bool) TableInfo {
	info := TableInfo{Address: address, ID: target.Table, Path: target.Path, Enabled: target.Enabled, Mode: target.Spec.Mode()}
	var notes []string
	if !ok {
		info.Note = "the table is gone"
		return info
	}
	m := seen.Head
	info.Mode, info.Rows, info.Bytes, info.Parts, info.Commit = m.Spec.Mode(), m.Rows, m.Bytes, len(m.Parts), m.Number
	info.Imported, info.Slot, info.Position = m.Started, m.Slot, m.Position
	if !target.Enabled {
		notes = append(notes, "disabled")
	}
	if target.Deleting {
		notes = append(notes, "being deleted")
	}
	if seen.Pending {
		notes = append(notes, "committed and not published")
	}
	notes = append(notes, seen.Damage...)
	if m.Unreconciled > 0 {
		notes = append(notes, fmt.Sprintf("unreconciled -%d", m.Unreconciled))
	}
	for _, st := range seen.Staged {
		notes = append(notes, fmt.Sprintf("%d rows staged by run %s", st.Rows, st.Run))
	}
	info.Note = strings.Join(notes, "; ")
	return info
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "; " + b
}

// Table finds the table of a target by its address, its path DATABASE/TABLE or its id. The
// warehouse is the caller's to close.
func (p *Project) Table(name string) (*table.Warehouse, *table.Table, TableInfo, error) {
	s, err := p.situation()
	if err != nil {
		return nil, nil, TableInfo{}, err
	}
	for _, info := range tableInfos(s) {
		if name != info.Address && name != info.Path && name != info.ID {
			continue
		}
		w, err := p.warehouse()
		if err != nil {
			return nil, nil, TableInfo{}, err
		}
		t, err := w.Table(info.ID)
		if err != nil {
			return nil, nil, TableInfo{}, errors.Join(err, w.Close())
		}
		return w, t, info, nil
	}
	return nil, nil, TableInfo{}, &Error{Kind: NotFound, Summary: "Unknown table", Detail: fmt.Sprintf("No table is known as %s. A table is named by its target's address, its path DATABASE/TABLE or its id; `inlay table list` shows all.", name)}
}
