package table

import (
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/stream"
)

// source is where one column of the result comes from in one file.
type source struct {
	leaf   int // of the file, or of the rows that are decoded again; -1: nothing, which gives nulls
	column int // of the result
	again  bool
	time   bool          // made from the column that the time block names
	always parquet.Value // a value for every row, where there is nothing
}

func (b *builder) source(in *input, leaf int) source {
	want, s := b.l.leaves[leaf], source{leaf: -1, column: leaf}
	e := in.evolution
	if e != nil && e.decoder != nil && e.decoded[want.Path[0]] {
		s.leaf, s.again = leafAt(stream.NewRows(e.shape.Columns()).Leaves, want.Path), true
		return s
	}
	s.leaf = in.leaf(want.Path)
	if e != nil && leaf == b.l.added && !b.l.addsUploadTime() {
		s.time = true
		return s
	}
	if e != nil && leaf == b.l.added && s.leaf < 0 {
		s.always = e.upload
	}
	return s
}

// read appends the column's values for rows from to to of one row group.
func (s source) read(f *partFile, group int, from, to int64, dst []parquet.Value) ([]parquet.Value, error) {
	if s.leaf < 0 {
		def := 0
		if !s.always.IsNull() {
			def = 1
		}
		for range to - from {
			dst = append(dst, s.always.Level(0, def, s.column))
		}
		return dst, nil
	}
	start := len(dst)
	dst, err := f.span(group, s.leaf, from, to, dst)
	if err != nil || s.leaf == s.column {
		return dst, err
	}
	for i := start; i < len(dst); i++ {
		v := dst[i]
		dst[i] = v.Level(v.RepetitionLevel(), v.DefinitionLevel(), s.column)
	}
	return dst, nil
}

// times makes the added time column from the values of the column that it is read from.
func (b *builder) times(spans []span, dst []parquet.Value) ([]parquet.Value, error) {
	block := b.l.spec.Target.Block("time")
	from := b.l.flat(block.String("from"))
	start := len(dst)
	if from < 0 || from == b.l.added {
		for _, s := range spans {
			for range s.to - s.from {
				dst = append(dst, parquet.Value{}.Level(0, 0, b.l.added))
			}
		}
		return dst, nil
	}
	dst, err := b.column(from, spans, dst)
	if err != nil {
		return nil, err
	}
	for i := start; i < len(dst); i++ {
		one := stream.Vector{Kind: b.l.leaves[from].Kind, MaxDef: 1}
		appendVector(&one, dst[i:i+1])
		dst[i] = parquet.Value{}.Level(0, 0, b.l.added)
		if at, ok := b.l.timeOf(&one, 0, block.String("format")); ok {
			dst[i] = parquet.Int64Value(at).Level(0, 1, b.l.added)
		}
	}
	return dst, nil
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
