// Package spec defines the spec: everything that decides what a table holds and how it is
// laid out, resolved and without secrets. Where the table stands is no part of it, so that
// tables of one block have one spec.
//
// The configuration asks for a spec, the state remembers the one last applied, and a
// table's manifest records the one its rows were built by. Comparing the three is how a
// plan knows what a change does to data.
package spec

import (
	"slices"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Spec is a value: whoever gets one must not change what its maps hold.
type Spec struct {
	// Provider is the service's name: the type label of connection and source.
	Provider string `json:"provider"`
	// Connection holds the storable settings of the connection, defaults filled in.
	Connection setting.Values `json:"connection"`
	// Source holds the source's settings, "stream" among them, without the reference.
	Source setting.Values `json:"source"`
	// Target holds the target's settings, without references, schedule and path.
	Target setting.Values `json:"target"`
	// Shape is the rows as the target wants them.
	Shape stream.Shape `json:"shape"`
	// Key are the table's names of the columns that identify a row.
	Key []string `json:"key"`
	// Cursor is the table's name of the column an incremental read advances by; "" for full reads.
	Cursor string `json:"cursor,omitempty"`
	// Updated is the table's name of the column that says which of two rows is newer; "" if none.
	Updated string `json:"updated,omitempty"`
	// Since is the resolved lower bound of the source (RFC 3339); "" for the beginning.
	Since string `json:"since,omitempty"`
	// HashKeyID identifies the key of hashed columns without revealing it; "" when none is hashed.
	HashKeyID string `json:"hash_key_id,omitempty"`
}

// Catalog is the block of a target that says where else its table is shown.
const Catalog = "catalog"

// Modes of a target.
const (
	Append           = "append"
	Replace          = "replace"
	ReplaceOnNewData = "replace_on_new_data"
	Upsert           = "upsert"
)

// Mode is the target's mode.
func (s Spec) Mode() string { return s.Target.String("mode") }

// Stream is the name of the stream read.
func (s Spec) Stream() string { return s.Source.String("stream") }

// Incremental reports whether a run reads only what is new since the bookmark.
func (s Spec) Incremental() bool { return s.Source.Bool("incremental") }

// Names that a table adds to the columns of its shape.
const (
	UploadTime = "time"        // the time column when the target names none
	DeletedAt  = "_deleted_at" // with deletes = "mark"
)

// TimeColumn is the column rows are partitioned by: the one the target names, or the
// added upload time.
func (s Spec) TimeColumn() string {
	if c := s.Target.String("time_column"); c != "" {
		return c
	}
	return UploadTime
}

// AddsTime reports whether the table adds the column "time" itself.
func (s Spec) AddsTime() bool { return s.Target.String("time_column") == "" }

// Columns is the schema of the table, in order: the shape's fields, the added time,
// _deleted_at when rows are marked, and _rest last.
func (s Spec) Columns() []stream.Column {
	out := s.Shape.Columns()
	rest := slices.IndexFunc(out, func(c stream.Column) bool { return c.Name == stream.Rest })
	var last []stream.Column
	if rest >= 0 {
		last = []stream.Column{out[rest]}
		out = slices.Delete(out, rest, rest+1)
	}
	if s.AddsTime() {
		out = append(out, stream.Column{Name: UploadTime, Type: stream.Scalar(stream.Timestamp), Doc: "when the row was uploaded"})
	}
	if s.Target.String("deletes") == "mark" {
		out = append(out, stream.Column{Name: DeletedAt, Type: stream.Scalar(stream.Timestamp), Doc: "when the row was found gone upstream"})
	}
	return append(out, last...)
}
