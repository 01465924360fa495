// Package stream defines what moves: streams and their columns, the rows of a batch, and
// the bookmark that says how far a read has come.
//
// It is pure data, shared by providers (which yield batches), plan (which compares
// declared columns) and table (which writes rows). Progress rides with the rows: a Batch
// carries the Bookmark that holds once its rows are committed, so no one can keep a
// position whose rows were lost.
package stream

import (
	"slices"
	"time"
)

// Kind is the type of a column.
type Kind string

// The closed set of kinds. A Timestamp is an instant with microseconds, in UTC. JSON is a
// JSON text kept as it came. List and Struct are the only nested kinds.
const (
	String    Kind = "string"
	Int       Kind = "int"   // 64 bits, exact
	Float     Kind = "float" // float64
	Bool      Kind = "bool"
	Timestamp Kind = "timestamp"
	JSON      Kind = "json"
	List      Kind = "list"
	Struct    Kind = "struct"
)

// Type is a column's type. Every value may be null, so a type says nothing of that.
type Type struct {
	Kind   Kind     `json:"kind"`
	Elem   *Type    `json:"elem,omitempty"`   // of a List
	Fields []Column `json:"fields,omitempty"` // of a Struct, in declared order
}

// Column is one declared column of a stream, or one field of a struct.
type Column struct {
	Name string `json:"name"`
	Type Type   `json:"type"`
	Doc  string `json:"doc,omitempty"`
}

// The rest column keeps, as one JSON object per row, what the service returned and the
// declaration does not name, and the values that did not fit their column.
const Rest = "_rest"

// Stream declares one kind of rows that a service offers.
type Stream struct {
	Name    string
	Doc     string
	Columns []Column // in declared order; Rest is implied and not listed
	// Places says of columns whose value stands elsewhere in the service's object than under
	// their name where that is.
	Places  map[string][]string
	Key     []string // columns that together identify a row
	Cursors []string // columns an incremental read may advance by, the default first; none: full reads only
	// Updated names the column that says which of two rows with one key is newer; "" if none does.
	Updated string
	// MinVersion is the first API version that has the stream; "" if all have it.
	MinVersion string
	// Parent names the stream whose reads this one is found through ("conversations" for
	// their parts); "" if it is read by itself.
	Parent string
	// Announced is true when the service says how many rows a query matches, so that a
	// read of it can be reconciled.
	Announced bool
	// Filters are the names that a source's filter may use; none: the stream cannot be
	// filtered. One that ends in a dot stands for every name that begins with it.
	Filters []string
	// Expands are the sub-lists that a source's expand may complete; none: it has no such lists.
	Expands []string
	// DeletionFeed is true when the service tells which rows were deleted, so that a read of
	// what is new can tell them too. Without one, only a whole read shows what is gone.
	DeletionFeed bool
}

// Column returns the declared column called name.
func (s Stream) Column(name string) (Column, bool) {
	i := slices.IndexFunc(s.Columns, func(c Column) bool { return c.Name == name })
	if i < 0 {
		return Column{}, false
	}
	return s.Columns[i], true
}

// Equal reports whether two types hold the same values under the same names; docs do not count.
func (t Type) Equal(u Type) bool {
	if t.Kind != u.Kind || (t.Elem == nil) != (u.Elem == nil) || len(t.Fields) != len(u.Fields) {
		return false
	}
	if t.Elem != nil && !t.Elem.Equal(*u.Elem) {
		return false
	}
	for i, f := range t.Fields {
		if f.Name != u.Fields[i].Name || !f.Type.Equal(u.Fields[i].Type) {
			return false
		}
	}
	return true
}

// String writes the type as people read it: "string", "list<struct<id:string>>".
func (t Type) String() string {
	switch t.Kind {
	case List:
		if t.Elem == nil {
			return "list"
		}
		return "list<" + t.Elem.String() + ">"
	case Struct:
		s := "struct<"
		for i, f := range t.Fields {
			if i > 0 {
				s += ","
			}
			s += f.Name + ":" + f.Type.String()
		}
		return s + ">"
	}
	return string(t.Kind)
}

// ListOf is the type of a list of elem.
func ListOf(elem Type) Type { return Type{Kind: List, Elem: &elem} }

// StructOf is the type of a struct with these fields.
func StructOf(fields ...Column) Type { return Type{Kind: Struct, Fields: fields} }

// Scalar is the type of a kind that is not nested.
func Scalar(k Kind) Type { return Type{Kind: k} }

// Bookmark is a saved position in a stream. It is opaque outside its provider, which
// writes and reads it; "" is the beginning.
type Bookmark string

// Key is the identity of one row: the values of the stream's key columns as text, in order.
type Key []string

// Batch is some rows of one read, in the order in which the service gave them.
type Batch struct {
	Read    int      // which of the request's reads the rows answer
	Rows    *Rows    // owned by the receiver; nil or empty when the batch only moves the bookmark
	Deleted []Key    // rows the service said are gone
	Next    Bookmark // holds once every row up to and including this batch is committed; "" = no safe position yet
	// Resume is where an interrupted run may go on, once the rows up to here are staged;
	// "" where a read cannot be resumed at this point. Opaque like a Bookmark.
	Resume Bookmark
	Pages  int // pages of the service this batch came from
	// Expected is how many rows the service announced for the read, as far as it is known
	// by now; 0 when it is not. It is for progress bars: Final is what counts.
	Expected int64
	// Calls are the requests of the read so far, those of reads it shared them with included.
	// The empty batch that comes with a read's error carries them too.
	Calls Calls
	// Final is set on a read's last batch, which carries its reconciliation.
	Final *Final
}

// Final is what a provider knows at the end of one read.
type Final struct {
	// Received counts the distinct ids the service gave, before any filter of ours.
	Received int64 `json:"received"`
	// Announced is the number the service said there are; -1 when it says none.
	Announced int64 `json:"announced"`
	// Proof says in words how completeness was established when Announced is -1 or the
	// read stopped early ("stopped at the first row before …, order verified").
	Proof string `json:"proof,omitempty"`
	// Whole is true when the read saw every row there is, so that absent rows are gone upstream.
	Whole bool `json:"whole,omitempty"`
	// Hidden counts what the service admits to but does not give (parts beyond 500).
	Hidden int64 `json:"hidden,omitempty"`
	// Skipped counts rows that vanished between being listed and being read.
	Skipped int64 `json:"skipped,omitempty"`
	// Calls are the requests of the read, those of reads it shared them with included.
	Calls Calls `json:"calls,omitzero"`
}

// Calls count requests to a service.
type Calls struct {
	Requests  int64         `json:"requests"`
	Retries   int64         `json:"retries"`
	Throttled int64         `json:"throttled"`      // answers that said "too many requests"
	Waited    time.Duration `json:"waited_seconds"` // for the rate limit; a fraction where it is written down
}

// Plus is both together.
func (c Calls) Plus(o Calls) Calls {
	return Calls{c.Requests + o.Requests, c.Retries + o.Retries, c.Throttled + o.Throttled, c.Waited + o.Waited}
}

// Short reports whether fewer ids were received than announced.
func (f Final) Short() bool { return f.Announced >= 0 && f.Received < f.Announced }
