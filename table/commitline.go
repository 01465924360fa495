package table

import (
	"encoding/json"

	"github.com/inlay-sync/inlay/internal/members"
)

// commitLine is the first line of a manifest.
type commitLine struct {
	Manifest
	Spec    *struct{} `json:"spec,omitempty"` // none, as of the columns: they are in the second line
	Columns *struct{} `json:"columns,omitempty"`
}

// decodeLine reads a line in place of what line holds, member by member where it knows them all: a look
// reads one for every table.
func decodeLine(text []byte, line *commitLine) error {
	*line = commitLine{}
	if members.Each(text, line.member) {
		return nil
	}
	*line = commitLine{}
	return json.Unmarshal(text, line)
}

// member reads one member; false when it is not one of those that most lines have, or not
// of their kind.
func (l *commitLine) member(name string, value []byte) (ok bool) {
	m := &l.Manifest
	switch name {
	case "format":
		var n int64
		n, ok = members.Int(value)
		m.Format = int(n)
	case "committed":
		m.Committed, ok = members.Time(value)
	case "started":
		m.Started, ok = members.Time(value)
	case "prevent_destroy":
		m.PreventDestroy, ok = members.Bool(value)
	case "bookmark":
		return json.Unmarshal(value, &m.Bookmark) == nil
	case "workspace":
		return json.Unmarshal(value, &m.Workspace) == nil
	case "covered":
		return json.Unmarshal(value, &m.Covered) == nil
	case "counts":
		return json.Unmarshal(value, &m.Counts) == nil
	case "reconciled":
		return json.Unmarshal(value, &m.Final) == nil
	case "parts":
		m.Parts = []Part{}
		return string(value) == "[]" || json.Unmarshal(value, &m.Parts) == nil
	default:
		if to := m.number(name); to != nil {
			*to, ok = members.Int(value)
		} else if to := m.text(name); to != nil {
			*to, ok = members.String(value)
		}
	}
	return ok
}

func (m *Manifest) number(name string) *int64 {
	switch name {
	case "number":
		return &m.Number
	case "rows":
		return &m.Rows
	case "bytes":
		return &m.Bytes
	case "snapshot":
		return &m.Snapshot
	}
	return nil
}

func (m *Manifest) text(name string) *string {
	switch name {
	case "table":
		return &m.Table
	case "parent":
		return &m.Parent
	case "kind":
		return &m.Kind
	case "lineage":
		return &m.Lineage
	case "address":
		return &m.Address
	case "path":
		return &m.Path
	case "run":
		return &m.Run
	case "slot":
		return &m.Slot
	case "imported":
		return &m.Imported
	case "position":
		return &m.Position
	case "on_remove":
		return &m.OnRemove
	}
	return nil
}
