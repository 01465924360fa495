package table

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/stream"
)

// source is where one column of the result comes from in one file: a column of the file,
// possibly of another type, or nothing, which gives nulls at the right levels.
type source struct {
	leaf    int // of the file; -1: nothing
	like    int // of the file: whose levels nulls take; -1: one null a row
	maxDef  int // of the result
	column  int // of the result
	convert func(parquet.Value) parquet.Value
	flatten bool          // the file's column may be nested in structs, and the result's is not
	always  parquet.Value // a value for every row
}

func (b *builder) source(in *input, leaf int) source {
	want := b.l.leaves[leaf]
	if s, ok := in.evolved(b.l, leaf); ok {
		return s
	}
	s := source{leaf: in.leaf(want.Path), like: -1, maxDef: int(want.MaxDef), column: leaf}
	if s.leaf >= 0 {
		has := in.leaves[s.leaf]
		if has.MaxDef == want.MaxDef && has.MaxRep == want.MaxRep {
			s.convert = conversion(has.Kind, want.Kind)
			return s
		}
		s.leaf = -1
	}
	parent := want.Path[:len(want.Path)-1]
	for i, other := range in.leaves {
		if len(parent) > 0 && len(other.Path) == len(want.Path) && other.MaxDef == want.MaxDef && other.MaxRep == want.MaxRep &&
			slices.Equal(other.Path[:len(parent)], parent) {
			s.like = i
			break
		}
	}
	return s
}

// evolved is the source of a column that a rewrite makes or cleans; false for all others.
func (in *input) evolved(l *layout, leaf int) (source, bool) {
	e, want := in.evolution, l.leaves[leaf]
	if e == nil {
		return source{}, false
	}
	s := source{leaf: -1, like: -1, maxDef: int(want.MaxDef), column: leaf}
	if d, ok := e.derived[want.Path[0]]; ok && len(want.Path) == 1 {
		if s.leaf = leafAt(in.leaves, append([]string{d.column}, d.path...)); s.leaf < 0 || in.leaves[s.leaf].MaxRep > 0 {
			s.leaf = -1
			return s, true
		}
		kind := in.leaves[s.leaf].Kind
		s.convert, s.flatten = func(v parquet.Value) parquet.Value { return d.make(kind, v) }, true
		return s, true
	}
	at := in.leaf(want.Path)
	if leaf == l.added && at < 0 {
		s.always = e.upload
		return s, true
	}
	if at < 0 || in.leaves[at].MaxDef != want.MaxDef || in.leaves[at].MaxRep != want.MaxRep {
		return s, false
	}
	file := in.leaves[at]
	if e.blank[strings.Join(file.Path, "\x00")] {
		s.like = at
		return s, true
	}
	if paths := e.strip[file.Path[0]]; len(paths) > 0 && len(file.Path) == 1 && file.Kind == stream.JSON && want.Kind == stream.JSON {
		s.leaf, s.convert = at, func(v parquet.Value) parquet.Value { return without(v.ByteArray(), paths) }
		return s, true
	}
	return s, false
}

// read appends the column's values for rows from to to of one row group.
func (s source) read(f *partFile, group int, from, to int64, dst []parquet.Value) ([]parquet.Value, error) {
	leaf := s.leaf
	if leaf < 0 {
		leaf = s.like
	}
	if leaf < 0 {
		for range to - from {
			def := 0
			if !s.always.IsNull() {
				def = s.maxDef
			}
			dst = append(dst, s.always.Level(0, def, s.column))
		}
		return dst, nil
	}
	start := len(dst)
	dst, err := f.span(group, leaf, from, to, dst)
	if err != nil {
		return nil, err
	}
	if s.leaf >= 0 && s.convert == nil && !s.flatten && leaf == s.column {
		return dst, nil // the values have their levels and their column
	}
	for i := start; i < len(dst); i++ {
		v := dst[i]
		switch {
		case s.leaf < 0:
			dst[i] = parquet.Value{}.Level(v.RepetitionLevel(), min(v.DefinitionLevel(), s.maxDef-1), s.column)
		case v.IsNull() && s.flatten:
			dst[i] = parquet.Value{}.Level(0, 0, s.column)
		case v.IsNull() || s.convert == nil:
			dst[i] = v.Level(v.RepetitionLevel(), v.DefinitionLevel(), s.column)
		default:
			c := s.convert(v)
			def := s.maxDef
			if c.IsNull() {
				def = s.maxDef - 1
			}
			dst[i] = c.Level(v.RepetitionLevel(), def, s.column)
		}
	}
	return dst, nil
}

// conversion turns values of one kind into another; nil when they are the same. What has
// no exact form in the new kind becomes null.
func conversion(from, to stream.Kind) func(parquet.Value) parquet.Value {
	switch {
	case from == to:
		return nil
	case to == stream.String || to == stream.JSON && from != stream.String:
		return func(v parquet.Value) parquet.Value { return parquet.ByteArrayValue([]byte(textOf(from, v))) }
	case from == stream.Int && to == stream.Float:
		return func(v parquet.Value) parquet.Value { return parquet.DoubleValue(float64(v.Int64())) }
	}
	return func(parquet.Value) parquet.Value { return parquet.Value{} }
}

// textOf is a value as text, as JSON would write it without quotes.
func textOf(k stream.Kind, v parquet.Value) string {
	switch k {
	case stream.Int:
		return strconv.FormatInt(v.Int64(), 10)
	case stream.Timestamp:
		return time.UnixMicro(v.Int64()).UTC().Format(time.RFC3339Nano)
	case stream.Float:
		return strconv.FormatFloat(v.Double(), 'g', -1, 64)
	case stream.Bool:
		return strconv.FormatBool(v.Boolean())
	}
	return string(v.ByteArray())
}
