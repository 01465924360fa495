package table

import (
	"slices"

	"github.com/parquet-go/parquet-go/format"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// layout is what one spec makes of a table's files: the columns and their leaves in
// order, and which of them identify, order and partition the rows.
type layout struct {
	spec    spec.Spec
	columns []stream.Column
	leaves  []stream.Vector // empty: paths, kinds and levels only
	key     []int           // leaves
	cursor  int             // leaf, or -1
	updated int             // leaf, or -1
	time    int             // leaf, or -1
	added   int             // the leaf of the time column that the table adds, or -1
	deleted int             // the leaf of _deleted_at, or -1
	part    *partitioner
	size    sizes
	schema  []format.SchemaElement // of files
	tools   *chunk.Tools           // the same for all parts, for their memory
}

func newLayout(s spec.Spec) (*layout, error) {
	l := &layout{spec: s, columns: s.Columns(), tools: chunk.NewTools(codec(s.Target.String("compression")))}
	schema, err := newSchema(l.columns)
	if err != nil {
		return nil, err
	}
	if l.schema, err = chunk.Schema(schema); err != nil {
		return nil, err
	}
	l.leaves = stream.NewRows(l.columns).Leaves
	for _, k := range s.Key {
		i := l.flat(k)
		if i < 0 {
			return nil, &ErrRow{Column: k, Problem: "is a key, and the table has no such plain column"}
		}
		l.key = append(l.key, i)
	}
	l.cursor, l.updated, l.deleted, l.added = l.flat(s.Cursor), l.flat(s.Updated), l.flat(spec.DeletedAt), -1
	l.time = l.flat(timeColumn(s))
	if s.AddsTime() {
		l.added = l.time
	}
	if l.part, err = newPartitioner(s, l); err != nil {
		return nil, err
	}
	l.size, err = newSizes(s)
	return l, err
}

// timeColumn is the column rows are partitioned by. "auto" is the first that would do.
func timeColumn(s spec.Spec) string {
	name := s.TimeColumn()
	if name != "auto" {
		return name
	}
	for _, want := range []stream.Kind{stream.Timestamp, stream.Int} {
		for _, f := range s.Shape.Fields {
			if f.Type.Kind == want {
				return f.Name
			}
		}
	}
	return ""
}

// flat is the leaf of a column that is not nested; -1 if there is none.
func (l *layout) flat(name string) int {
	return slices.IndexFunc(l.leaves, func(v stream.Vector) bool { return len(v.Path) == 1 && v.Path[0] == name })
}

// leaf finds a leaf by its path; -1 if there is none.
func leafAt(leaves []stream.Vector, path []string) int {
	return slices.IndexFunc(leaves, func(v stream.Vector) bool { return slices.Equal(v.Path, path) })
}

// addsUploadTime reports whether the added time is the moment of the upload, which a row
// keeps when it is updated.
func (l *layout) addsUploadTime() bool { return l.added >= 0 && l.spec.Target.Block("time") == nil }

// byVersion reports whether a row's identity is its key and its version, as it is where
// an append reads what changed.
func (l *layout) byVersion() bool {
	return l.spec.Mode() == spec.Append && l.spec.Incremental() && l.updated >= 0 && l.cursor == l.updated
}

// versionBytes is how long the version is at the end of a row's identity.
func (l *layout) versionBytes() int {
	if l.byVersion() {
		return len(keySeparator) + 16
	}
	return 0
}
