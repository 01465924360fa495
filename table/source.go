package table

import (
	"strconv"
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
}

func (b *builder) source(in *input, leaf int) source {
	want := b.l.leaves[leaf]
	s := source{leaf: leafAt(in.leaves, want.Path), like: -1, maxDef: int(want.MaxDef), column: leaf}
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
			samePath(other.Path[:len(parent)], parent) {
			s.like = i
			break
		}
	}
	return s
}

func samePath(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// read appends the column's values for rows from to to of one row group.
func (s source) read(f *partFile, group int, from, to int64, dst []parquet.Value) ([]parquet.Value, error) {
	leaf := s.leaf
	if leaf < 0 {
		leaf = s.like
	}
	if leaf < 0 {
		for range to - from {
			dst = append(dst, parquet.Value{}.Level(0, 0, s.column))
		}
		return dst, nil
	}
	start := len(dst)
	dst, err := f.span(group, leaf, from, to, dst)
	if err != nil {
		return nil, err
	}
	for i := start; i < len(dst); i++ {
		v := dst[i]
		switch {
		case s.leaf < 0:
			dst[i] = parquet.Value{}.Level(v.RepetitionLevel(), min(v.DefinitionLevel(), s.maxDef-1), s.column)
		case v.IsNull() || s.convert == nil:
			dst[i] = v.Level(v.RepetitionLevel(), v.DefinitionLevel(), s.column)
		default:
			c := s.convert(v)
			def := v.DefinitionLevel()
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
