package table

import (
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// write appends one stretch of rows to a part.
func (b *builder) write(w *partWriter, stretch []span) error {
	defer b.forget(stretch)
	rows := int(count(stretch))
	order, err := b.plan(w, stretch, rows)
	if err != nil {
		return err
	}
	for leaf := range b.l.leaves {
		if err := b.writeLeaf(w, leaf, stretch, order); err != nil {
			return err
		}
	}
	return w.grew(int64(rows))
}

// plan reads the columns by which a stretch is sorted and those whose ranges a manifest
// tells. It notes the ranges and is the order in which rows are to be written.
func (b *builder) plan(w *partWriter, stretch []span, rows int) ([]chunk.Range, error) {
	known := make([]*stream.Vector, len(b.l.leaves))
	for _, leaf := range append([]int{b.l.cursor, b.l.time}, append(b.l.sortColumns(), b.l.key...)...) {
		if leaf < 0 || known[leaf] != nil {
			continue
		}
		s, err := b.gather(leaf, stretch)
		if err != nil {
			return nil, err
		}
		defer s.release()
		v := b.l.leaves[leaf]
		s.appendTo(&v)
		known[leaf] = &v
	}
	w.tally.note(b.l, known, rows, nil)
	return b.l.order(known, rows), nil
}

func (b *builder) writeLeaf(w *partWriter, leaf int, stretch []span, order []chunk.Range) error {
	s, err := b.gather(leaf, stretch)
	if err != nil {
		return err
	}
	defer s.release()
	for _, r := range order {
		err := s.between(int(r.From), int(r.To), func(p chunk.Piece) error { return w.w.Piece(leaf, p) })
		if err != nil {
			return err
		}
	}
	return nil
}

// gather reads one column for all rows of a stretch, in the stretch's order.
func (b *builder) gather(leaf int, stretch []span) (*strip, error) {
	out := &strip{}
	for i := 0; i < len(stretch); {
		j := i + 1
		for j < len(stretch) && stretch[j].in == stretch[i].in && stretch[j].from >= stretch[j-1].to {
			j++
		}
		s, err := b.column(leaf, stretch[i:j])
		if err == nil && int64(s.rows()) != count(stretch[i:j]) {
			err = fmt.Errorf("the column %s has %d rows where there should be %d", strings.Join(b.l.leaves[leaf].Path, "."), s.rows(), count(stretch[i:j]))
		}
		out.take(s)
		if err != nil {
			out.release()
			return nil, err
		}
		i = j
	}
	return out, nil
}

// column reads one column for spans of one file, which stand in its order. The strip is to
// be released when there is an error too.
func (b *builder) column(leaf int, spans []span) (*strip, error) {
	in, out := spans[0].in, &strip{}
	f, err := in.open(b.d)
	if err != nil {
		return out, err
	}
	src := b.source(in, leaf)
	if src.time {
		return out, b.times(out, spans)
	}
	for g := range f.pq.RowGroups() {
		chosen := within(spans, f.first[g], f.first[g+1])
		switch {
		case len(chosen) == 0:
		case src.again:
			err = b.again(out, src, in, f, g, chosen)
		case src.leaf < 0:
			err = out.addVector(b.constant(leaf, src.always, int(count(chosen))))
		default:
			err = f.read(out, g, src.leaf, &in.leaves[src.leaf], ranges(chosen, f.first[g]))
		}
		if err != nil {
			return out, err
		}
	}
	return out, b.adjust(out, leaf, spans)
}

// constant is a column of rows that all have one time, or none.
func (b *builder) constant(leaf int, at *int64, rows int) *stream.Vector {
	v := b.l.leaves[leaf]
	for range rows {
		if at != nil {
			v.AppendInt(*at, 0)
		} else {
			v.AppendNull(0, 0)
		}
	}
	return &v
}

// within is what spans of one file have of the rows from lo to hi.
func within(spans []span, lo, hi int64) (chosen []span) {
	for _, s := range spans {
		if from, to := max(int64(s.from), lo), min(int64(s.to), hi); from < to {
			chosen = append(chosen, span{s.in, int32(from), int32(to)})
		}
	}
	return chosen
}

// ranges are spans within one group, counted from its first row.
func ranges(spans []span, first int64) []chunk.Range {
	out := make([]chunk.Range, len(spans))
	for i, s := range spans {
		out[i] = chunk.Range{From: int64(s.from) - first, To: int64(s.to) - first}
	}
	return out
}

// adjust sets the values that are the table's own: a kept upload time, a deletion mark.
func (b *builder) adjust(out *strip, leaf int, spans []span) error {
	in := spans[0].in
	kept, gone := leaf == b.l.added && len(in.kept) > 0, leaf == b.l.deleted && in.gone != nil
	if !kept && !gone {
		return nil
	}
	v, at := b.l.leaves[leaf], 0
	var rows []int
	for _, s := range spans {
		for row := s.from; row < s.to; row, at = row+1, at+1 {
			t, ok := in.kept[row]
			if gone {
				t, ok = b.now, in.gone.has(int64(row))
			}
			if ok {
				v.AppendInt(t, 0)
				rows = append(rows, at)
			}
		}
	}
	return out.replace(rows, &v)
}
