package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// rowLeaves turns batches of a stream into the table's leaves, adding the columns that the
// table makes itself. It remembers the mapping and reuses memory between batches.
type rowLeaves struct {
	paths   []string // of the batch the mapping was made for
	mapping []int    // per leaf of the table: the batch's leaf, or -1 for one made here
	leaves  []*stream.Vector
	added   stream.Vector
	deleted stream.Vector
}

// of returns the table's leaves for a batch. They are good until the next call.
func (r *rowLeaves) of(l *layout, rows *stream.Rows, uploaded time.Time) ([]*stream.Vector, error) {
	if !r.mapped(rows) {
		if err := r.remap(l, rows); err != nil {
			return nil, err
		}
	}
	r.leaves = r.leaves[:0]
	for i, from := range r.mapping {
		switch {
		case from >= 0:
			r.leaves = append(r.leaves, &rows.Leaves[from])
		case i == l.added:
			r.leaves = append(r.leaves, &r.added)
		default:
			r.leaves = append(r.leaves, &r.deleted)
		}
	}
	for i, v := range r.leaves {
		if v.MaxRep == 0 && r.mapping[i] >= 0 && v.Len() != rows.N {
			return nil, fmt.Errorf("a batch of %d rows has %d values of %s", rows.N, v.Len(), strings.Join(v.Path, "."))
		}
	}
	if l.added >= 0 {
		if err := r.fillTime(l, rows.N, uploaded); err != nil {
			return nil, err
		}
	}
	if l.deleted >= 0 {
		r.deleted = stream.Vector{Path: l.leaves[l.deleted].Path, Kind: stream.Timestamp, MaxDef: 1,
			Def: append(r.deleted.Def[:0], make([]uint8, rows.N)...), Ints: append(r.deleted.Ints[:0], make([]int64, rows.N)...)}
	}
	return r.leaves, nil
}

func (r *rowLeaves) mapped(rows *stream.Rows) bool {
	if r.mapping == nil || len(r.paths) != len(rows.Leaves) {
		return false
	}
	for i := range rows.Leaves {
		if len(rows.Leaves[i].Path) == 1 && rows.Leaves[i].Path[0] == r.paths[i] {
			continue
		}
		if strings.Join(rows.Leaves[i].Path, "\x00") != r.paths[i] {
			return false
		}
	}
	return true
}

func (r *rowLeaves) remap(l *layout, rows *stream.Rows) error {
	r.paths, r.mapping = r.paths[:0], r.mapping[:0]
	for i := range rows.Leaves {
		r.paths = append(r.paths, strings.Join(rows.Leaves[i].Path, "\x00"))
	}
	used := 0
	for i, leaf := range l.leaves {
		from := leafAt(rows.Leaves, leaf.Path)
		switch {
		case i == l.added || i == l.deleted:
			from = -1
		case from < 0:
			return fmt.Errorf("a batch lacks the column %s", strings.Join(leaf.Path, "."))
		case rows.Leaves[from].Kind != leaf.Kind || rows.Leaves[from].MaxDef != leaf.MaxDef || rows.Leaves[from].MaxRep != leaf.MaxRep:
			return fmt.Errorf("a batch has the column %s as %s, and the table has it as %s", strings.Join(leaf.Path, "."), rows.Leaves[from].Kind, leaf.Kind)
		default:
			used++
		}
		r.mapping = append(r.mapping, from)
	}
	if used != len(rows.Leaves) {
		return fmt.Errorf("a batch has %d columns that the table does not have", len(rows.Leaves)-used)
	}
	return nil
}

// fillTime makes the added time column: the moment of the upload, or another column read
// as a time. A value that is no time gives a null.
func (r *rowLeaves) fillTime(l *layout, n int, uploaded time.Time) error {
	v := stream.Vector{Path: l.leaves[l.added].Path, Kind: stream.Timestamp, MaxDef: 1, Def: r.added.Def[:0], Ints: r.added.Ints[:0]}
	block := l.spec.Target.Block("time")
	if block == nil {
		at := micros(uploaded)
		for range n {
			v.AppendInt(at, 0)
		}
		r.added = v
		return nil
	}
	from := l.flat(block.String("from"))
	if from < 0 || from == l.added {
		return fmt.Errorf("the time is to be read from the column %q, and the table has no such plain column", block.String("from"))
	}
	src := r.leaves[from]
	for i := range n {
		if at, ok := l.timeOf(src, i, block.String("format")); ok {
			v.AppendInt(at, 0)
		} else {
			v.AppendNull(0, 0)
		}
	}
	r.added = v
	return nil
}

// timeOf reads entry i as a time in microseconds, in one of the forms a time block names.
func (l *layout) timeOf(v *stream.Vector, i int, format string) (int64, bool) {
	if v.Null(i) {
		return 0, false
	}
	switch v.Kind {
	case stream.Timestamp:
		return v.Ints[i], true
	case stream.Int:
		return unixMicros(v.Ints[i], format)
	case stream.Float:
		if math.Abs(v.Floats[i]) > math.MaxInt64/2 || math.IsNaN(v.Floats[i]) {
			return 0, false
		}
		return unixMicros(int64(v.Floats[i]), format)
	case stream.String:
		return l.textTime(v.Strs[i], format)
	}
	return 0, false
}

func unixMicros(n int64, format string) (int64, bool) {
	factor := int64(1e6)
	if format == TimeUnixMs {
		factor = 1e3
	}
	if n > math.MaxInt64/factor || n < math.MinInt64/factor {
		return 0, false
	}
	return n * factor, true
}

func (l *layout) textTime(text, format string) (int64, bool) {
	switch format {
	case TimeUnix, TimeUnixMs:
		var n int64
		if _, err := fmt.Sscanf(text, "%d", &n); err != nil {
			return 0, false
		}
		return unixMicros(n, format)
	case TimeDate:
		t, err := time.ParseInLocation(time.DateOnly, text, l.part.loc)
		return t.UnixMicro(), err == nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t.UnixMicro(), err == nil
}

// checkKeys refuses a batch in which a row lacks a part of its key.
func (l *layout) checkKeys(leaves []*stream.Vector) error {
	for _, k := range l.key {
		v := leaves[k]
		if i := slices.IndexFunc(v.Def, func(d uint8) bool { return d != v.MaxDef }); i >= 0 {
			return &ErrRow{Column: v.Path[0], Problem: "is part of the key and has no value"}
		}
	}
	return nil
}
