package table

import (
	"fmt"

	"github.com/inlay-sync/inlay/stream"
)

// stretchKey names rows of one file: those of some spans within one row group.
type stretchKey struct {
	group       int
	first, last int64
	rows        int
}

// again adds a column of what is decoded again.
func (b *builder) again(out *strip, src source, in *input, f *partFile, group int, chosen []span) error {
	rows, err := b.decodedAgain(in, f, group, chosen)
	if err != nil {
		return err
	}
	return out.addVector(&rows.Leaves[src.leaf])
}

// decodedAgain returns the rows of spans within one row group as the evolution decodes
// them. They are kept for the stretch's other columns, until forget.
func (b *builder) decodedAgain(in *input, f *partFile, group int, chosen []span) (*stream.Rows, error) {
	lo := f.first[group]
	k := stretchKey{group: group, first: int64(chosen[0].from) - lo, last: int64(chosen[len(chosen)-1].to) - lo}
	for _, s := range chosen {
		k.rows += int(s.to - s.from)
	}
	if rows, ok := in.again[k]; ok {
		return rows, nil
	}
	e := in.evolution
	texts, err := b.recall(in, f, k, chosen)
	if err != nil {
		return nil, err
	}
	for _, text := range texts {
		if err := e.decoder.Object(text); err != nil {
			return nil, fmt.Errorf("a row of the part %s cannot be read again: %w", in.name, err)
		}
	}
	rows := e.decoder.Take()
	if in.again == nil {
		in.again = map[stretchKey]*stream.Rows{}
	}
	in.again[k] = rows
	return rows, nil
}

// forget lets go of what was decoded for a stretch, and counts what did not fit.
func (b *builder) forget(stretch []span) {
	for _, s := range stretch {
		for _, rows := range s.in.again {
			b.misfits += rows.Misfits
		}
		s.in.again = nil
	}
}

// recall puts the objects of chosen rows together.
func (b *builder) recall(in *input, f *partFile, k stretchKey, chosen []span) ([][]byte, error) {
	e, lo := in.evolution, f.first[k.group]
	out := make([][]byte, k.rows)
	for _, src := range e.sources {
		r := recaller{field: src}
		all := stream.NewRows([]stream.Column{src.Column}).Leaves
		for i := range all {
			if err := b.recallLeaf(in, f, k, &all[i]); err != nil {
				return nil, err
			}
			r.leaves, r.at = append(r.leaves, &all[i]), append(r.at, 0)
		}
		at, n := k.first, 0
		for _, s := range chosen {
			for ; at < int64(s.from)-lo; at++ {
				r.next(nil)
			}
			for ; at < int64(s.to)-lo; at++ {
				if text := r.next(nil); len(text) > 0 {
					out[n] = join(out[n], nest(place(src.Field), text))
				}
				n++
			}
		}
	}
	return out, b.recallRest(in, f, k, chosen, out)
}

// recallLeaf reads one leaf of the file for all rows from the first to the last.
func (b *builder) recallLeaf(in *input, f *partFile, k stretchKey, leaf *stream.Vector) error {
	at := leafAt(in.leaves, leaf.Path)
	if at < 0 {
		return fmt.Errorf("the part %s lacks the column %s", in.name, leaf.Path[0])
	}
	return f.rowsOf(k.group, at, k.first, k.last, leaf)
}

// recallRest adds to objects what the rest has of them, and makes the others empty ones.
func (b *builder) recallRest(in *input, f *partFile, k stretchKey, chosen []span, objects [][]byte) error {
	var rest *stream.Vector
	if at := leafAt(in.leaves, []string{stream.Rest}); in.evolution.rest && at >= 0 {
		v := in.leaves[at]
		if err := f.rowsOf(k.group, at, k.first, k.last, &v); err != nil {
			return err
		}
		rest = &v
	}
	n, lo := 0, f.first[k.group]
	for _, s := range chosen {
		for row := int64(s.from) - lo; row < int64(s.to)-lo; row++ {
			if i := int(row - k.first); rest != nil && !rest.Null(i) {
				objects[n] = join(objects[n], []byte(rest.Strs[i]))
			}
			if len(objects[n]) == 0 {
				objects[n] = []byte("{}")
			}
			n++
		}
	}
	return nil
}
