// Package chunk writes Parquet files column by column. A chunk is what a file holds of one
// column in one group of rows: a dictionary, where values come again and again, and pages.
//
// Values come as the vectors that rows move in, or in pieces of pages of another file,
// and go into their pages without a stop in between: nothing is made for a row or a value.
// The same calls give the same bytes. Pages that were written once can be taken into another
// file as they are, see Join.
package chunk

import (
	"github.com/parquet-go/parquet-go/format"

	"github.com/inlay-sync/inlay/stream"
)

// Bounds of what a column holds before it is written out.
const (
	pageBytes       = 64 << 10  // values and levels of a page, before they are encoded
	dictionaryBytes = 256 << 10 // values of a dictionary; those that come later are written as they are
	dictionaryRows  = 64 << 10  // rows of whole groups after which dictionaries begin anew
	stepRows        = 256       // rows between looks at these bounds
)

// Options say what a file is to hold.
type Options struct {
	// Schema and Leaves describe the same columns, in the same order.
	Schema []format.SchemaElement
	Leaves []stream.Vector
	Tools  *Tools
	// Dictionaries are where values are looked up and added; nil for none.
	Dictionaries *Dictionaries
	// Filters are the leaves that get a bloom filter.
	Filters []int
	// Creator names the program in the file.
	Creator string
}
