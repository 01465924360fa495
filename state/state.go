// Package state keeps what was declared and what was run: the state file, its lock, and
// the diary of runs.
//
// The state is an index of addresses and the specs last applied to them. It holds no
// secret and no row; it may be lost, because tables are adopted back from their manifests.
package state

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
)

// Format is the number of the state file's format. A binary refuses a higher one.
const Format = 1

// State is what was declared when apply last ran. It is a value: Make a copy to change it.
type State struct {
	Format  int    `json:"format"`
	Lineage string `json:"lineage"` // made once, when the first state is written; owner of the tables
	Serial  int64  `json:"serial"`  // one higher at every write
	Version string `json:"version"` // of the inlay that wrote it

	Connections map[addr.Address]Connection `json:"connections,omitempty"`
	Sources     map[addr.Address]Source     `json:"sources,omitempty"`
	Targets     map[addr.Address]Target     `json:"targets,omitempty"`
	Schedules   map[addr.Address]Schedule   `json:"schedules,omitempty"`
	// Outputs are the values of the outputs that are not sensitive, as JSON-like values.
	Outputs map[string]any `json:"outputs,omitempty"`
}

// Connection is a connection as last applied.
type Connection struct {
	Provider       string         `json:"provider"`
	Settings       setting.Values `json:"settings"`
	PreventDestroy bool           `json:"prevent_destroy,omitempty"`
}

// Source is a source as last applied.
type Source struct {
	Connection     addr.Address   `json:"connection"`
	Settings       setting.Values `json:"settings"`
	Enabled        bool           `json:"enabled"`
	PreventDestroy bool           `json:"prevent_destroy,omitempty"`
}

// Target is a target as last applied.
type Target struct {
	Source     addr.Address  `json:"source"`
	Connection addr.Address  `json:"connection"`
	Schedule   *addr.Address `json:"schedule,omitempty"`
	// ScheduledAt is when the schedule was attached to this target or last changed or
	// unpaused: slots before it never count.
	ScheduledAt    time.Time `json:"scheduled_at,omitzero"`
	Spec           spec.Spec `json:"spec"`
	Table          string    `json:"table"` // the table's id
	Path           string    `json:"path"`  // DATABASE/TABLE
	Enabled        bool      `json:"enabled"`
	OnRemove       string    `json:"on_remove"` // keep | delete
	PreventDestroy bool      `json:"prevent_destroy,omitempty"`
	// Deleting stays true from the decision to delete until the files are gone.
	Deleting bool `json:"deleting,omitempty"`
}

// Schedule is a schedule as last applied.
type Schedule struct {
	Settings       setting.Values `json:"settings"`
	PreventDestroy bool           `json:"prevent_destroy,omitempty"`
}
