package table

import (
	"strconv"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// source is where one column of the result comes from in one file.
type source struct {
	leaf   int // of the file, or of the rows that are decoded again; -1: nothing, which gives nulls
	again  bool
	time   bool   // made from the column that the time block names
	always *int64 // a time for every row, where there is nothing; nil: none
}

func (b *builder) source(in *input, leaf int) source {
	want, s := b.l.leaves[leaf], source{leaf: -1}
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
		s.always = &e.upload
	}
	return s
}

// times makes the added time column from the values of the column that it is read from.
func (b *builder) times(out *strip, spans []span) error {
	block := b.l.spec.Target.Block("time")
	from := b.l.flat(block.String("from"))
	if from < 0 || from == b.l.added {
		return out.addVector(b.constant(b.l.added, nil, int(count(spans))))
	}
	s, err := b.column(from, spans)
	defer s.release()
	if err != nil {
		return err
	}
	was, v := b.l.leaves[from], b.l.leaves[b.l.added]
	s.appendTo(&was)
	for i := range was.Len() {
		if at, ok := b.l.timeOf(&was, i, block.String("format")); ok {
			v.AppendInt(at, 0)
		} else {
			v.AppendNull(0, 0)
		}
	}
	return out.addVector(&v)
}

// textOf is an entry as text, as JSON would write it without quotes.
func textOf(v *stream.Vector, i int) string {
	switch v.Kind {
	case stream.Int:
		return strconv.FormatInt(v.Ints[i], 10)
	case stream.Timestamp:
		return time.UnixMicro(v.Ints[i]).UTC().Format(time.RFC3339Nano)
	case stream.Float:
		return strconv.FormatFloat(v.Floats[i], 'g', -1, 64)
	case stream.Bool:
		return strconv.FormatBool(v.Bools[i])
	}
	return v.Strs[i]
}
