package table

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/table/chunk"
)

// span is a run of rows of one file that goes into the result as it stands.
type span struct {
	in       *input
	from, to int32 // rows, to excluded
}

// builder writes parts column by column: of each stretch of rows it reads one column from
// all files, puts it in order and writes it, so that it never holds more than one column.
type builder struct {
	ctx     context.Context
	d       *durable.Dir
	l       *layout
	dir     string // where the new files go
	prefix  string // of their names
	now     int64  // in the unit of _deleted_at
	made    int
	misfits int64 // values of older files that did not fit their new column

	// Memory that is used again from column to column.
	leaf   []parquet.Value // the column being written
	piece  []parquet.Value // what a file has of it
	starts []int32
	sorted []parquet.Value // some rows of the column, in order
}

// chunkBytes bounds the values of one column that are in memory at once.
const chunkBytes = 8 << 20

// build writes the rows of spans as parts of one partition.
func (b *builder) build(partition string, spans []span) ([]newPart, error) {
	if len(spans) == 0 {
		return nil, nil
	}
	defer closeInputs(spans)
	chunk, perPart, err := b.measure(spans)
	if err != nil {
		return nil, err
	}
	var out []newPart
	for len(spans) > 0 {
		var mine []span
		mine, spans = cut(spans, perPart)
		p, err := b.part(partition, mine, chunk)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// part writes the rows of spans as one part, chunk rows at a time. Where the target says
// what to sort by, the part is sorted as a whole.
func (b *builder) part(partition string, spans []span, chunk int64) (newPart, error) {
	whole := func() ([]span, error) { return nil, nil }
	if count(spans) > chunk && b.l.sorts() {
		runs, done, err := b.sortedRuns(spans, chunk)
		if err != nil {
			return newPart{}, err
		}
		defer done()
		if whole, err = b.mergedRuns(runs, chunk); err != nil {
			return newPart{}, err
		}
		spans = nil
	}
	w, err := b.writeAll(func() ([]span, error) {
		if len(spans) == 0 {
			return whole()
		}
		var stretch []span
		stretch, spans = cut(spans, chunk)
		return stretch, nil
	})
	if err != nil {
		return newPart{}, err
	}
	return b.end(w, partition)
}

// writeAll begins a part and writes stretches of rows to it until there are no more.
func (b *builder) writeAll(next func() ([]span, error)) (*partWriter, error) {
	var w *partWriter
	stretch, err := next()
	for err == nil && len(stretch) > 0 {
		if err = b.ctx.Err(); err != nil {
			break
		}
		if w == nil {
			if w, err = b.begin(stretch[0].in); err != nil {
				break
			}
		}
		if err = b.write(w, stretch); err != nil {
			break
		}
		last := stretch
		stretch, err = next()
		closeBehind(last, stretch)
	}
	if err != nil && w != nil {
		w.abandon()
	}
	return w, err
}

func count(spans []span) int64 {
	var n int64
	for _, s := range spans {
		n += int64(s.to - s.from)
	}
	return n
}

// newPart is a part that stands in a staging file.
type newPart struct {
	Part
	file string // below the warehouse
}

// closeBehind closes the files of a stretch that the rows after it do not begin with.
func closeBehind(stretch, rest []span) {
	for _, s := range stretch {
		if len(rest) == 0 || s.in != rest[0].in {
			_ = s.in.close() // only read
		}
	}
}

func closeInputs(spans []span) {
	for _, s := range spans {
		_ = s.in.close() // only read
	}
}

// measure says how many rows to handle at once and how many to put into one part. All
// parts of a partition are made about equally large.
func (b *builder) measure(spans []span) (chunk, perPart int64, err error) {
	var rows, bytes, all, width int64
	seen := map[*input]bool{}
	for _, s := range spans {
		rows += int64(s.to - s.from)
		if seen[s.in] {
			continue
		}
		seen[s.in] = true
		bytes += s.in.part.Bytes
		all += s.in.part.Rows
		if len(seen) <= 8 { // a sample is enough
			f, err := s.in.open(b.d)
			if err != nil {
				return 0, 0, err
			}
			w := f.leafWidth()
			if s.in.evolution != nil && s.in.evolution.decoder != nil {
				w = f.rowWidth() // such rows are in memory as a whole
			}
			width = max(width, w)
		}
	}
	perRow := max(1, bytes/max(1, all))
	most := max(1, min(b.l.size.rows, b.l.size.bytes/perRow))
	parts := (rows + most - 1) / most
	return max(1024, min(rowGroupRows, chunkBytes/(width+24))), (rows + parts - 1) / parts, nil
}

// cut takes the first n rows off spans.
func cut(spans []span, n int64) (head, rest []span) {
	for i, s := range spans {
		k := int64(s.to - s.from)
		if k > n {
			head = append(head, span{s.in, s.from, s.from + int32(n)})
			rest = slices.Clone(spans[i:])
			rest[0].from += int32(n)
			if n == 0 {
				head = head[:len(head)-1]
			}
			return head, rest
		}
		head = append(head, s)
		n -= k
	}
	return head, nil
}

func (b *builder) begin(like *input) (*partWriter, error) {
	f, err := like.open(b.d)
	if err != nil {
		return nil, err
	}
	uses := f.dictionaries()
	dictionary := make([]bool, len(b.l.leaves))
	for i, leaf := range b.l.leaves {
		from := like.leaf(leaf.Path)
		dictionary[i] = from >= 0 && from < len(uses) && uses[from]
	}
	b.made++
	return createPart(b.d, fmt.Sprintf("%s/%s-%04d", b.dir, b.prefix, b.made), b.l, chunk.NewDictionaries(b.l.leaves, dictionary)), nil
}

func (b *builder) end(w *partWriter, partition string) (newPart, error) {
	p, err := w.finish()
	if err != nil {
		return newPart{}, err
	}
	p.Partition = partition
	p.Name = fmt.Sprintf("%s-%04d.parquet", b.prefix, b.made)
	return newPart{Part: p, file: w.name}, nil
}

// write appends one stretch of rows to a part.
func (b *builder) write(w *partWriter, stretch []span) error {
	defer b.forget(stretch)
	order, err := b.order(stretch)
	if err != nil {
		return err
	}
	var rows int64
	for _, s := range stretch {
		rows += int64(s.to - s.from)
	}
	var starts []int32
	for i := range b.l.leaves {
		values, err := b.gather(i, stretch, b.leaf[:0])
		if err != nil {
			return err
		}
		b.leaf, starts = values, startsOf(values, starts)
		if int64(len(starts)) != rows+1 {
			return fmt.Errorf("the column %s has %d rows where there should be %d", strings.Join(b.l.leaves[i].Path, "."), len(starts)-1, rows)
		}
		if err := b.writeLeaf(w, i, values, starts, order); err != nil {
			return err
		}
	}
	if err := b.note(w, stretch); err != nil {
		return err
	}
	return w.grew(rows)
}

func (b *builder) writeLeaf(w *partWriter, leaf int, values []parquet.Value, starts []int32, order []int32) error {
	rows := len(starts) - 1
	for from := 0; from < rows; from += valuesPerWrite {
		to := min(from+valuesPerWrite, rows)
		batch := values[starts[from]:starts[to]]
		if order != nil {
			b.sorted = b.sorted[:0]
			for _, row := range order[from:to] {
				b.sorted = append(b.sorted, values[starts[row]:starts[row+1]]...)
			}
			batch = b.sorted
		}
		if err := w.w.Values(leaf, batch); err != nil {
			return err
		}
	}
	return nil
}

// gather appends one column for all rows of a stretch, in the stretch's order.
func (b *builder) gather(leaf int, stretch []span, out []parquet.Value) ([]parquet.Value, error) {
	for i := 0; i < len(stretch); {
		j := i + 1
		for j < len(stretch) && stretch[j].in == stretch[i].in && stretch[j].from >= stretch[j-1].to {
			j++
		}
		var err error
		if out, err = b.column(leaf, stretch[i:j], out); err != nil {
			return nil, err
		}
		i = j
	}
	return out, nil
}

// column reads one column for spans of one file, which stand in its order: the stretch
// from the first to the last row is read, and what lies between spans is left out.
func (b *builder) column(leaf int, spans []span, dst []parquet.Value) ([]parquet.Value, error) {
	in := spans[0].in
	f, err := in.open(b.d)
	if err != nil {
		return nil, err
	}
	src := b.source(in, leaf)
	if src.time {
		return b.times(spans, dst)
	}
	for g := range f.pq.RowGroups() {
		lo, hi := f.first[g], f.first[g+1]
		chosen, rows := within(spans, lo, hi)
		if rows == 0 {
			continue
		}
		first, last := int64(chosen[0].from), int64(chosen[len(chosen)-1].to)
		switch {
		case src.again:
			dst, err = b.again(src, in, f, g, chosen, dst)
		case rows == last-first: // nothing lies between
			dst, err = src.read(f, g, first-lo, last-lo, dst)
		default:
			dst, err = b.pieces(src, f, g, chosen, dst)
		}
		if err != nil {
			return nil, err
		}
	}
	return b.adjust(leaf, spans, dst), nil
}

// pieces reads one column for rows of one row group between which others lie.
func (b *builder) pieces(src source, f *partFile, group int, chosen []span, dst []parquet.Value) ([]parquet.Value, error) {
	lo, first, last := f.first[group], int64(chosen[0].from), int64(chosen[len(chosen)-1].to)
	var err error
	if b.piece, err = src.read(f, group, first-lo, last-lo, b.piece[:0]); err != nil {
		return nil, err
	}
	b.starts = startsOf(b.piece, b.starts)
	for _, s := range chosen {
		dst = append(dst, b.piece[b.starts[int64(s.from)-first]:b.starts[int64(s.to)-first]]...)
	}
	return dst, nil
}

// within is what spans of one file have of the rows from lo to hi, and how many that are.
func within(spans []span, lo, hi int64) (chosen []span, rows int64) {
	for _, s := range spans {
		if from, to := max(int64(s.from), lo), min(int64(s.to), hi); from < to {
			chosen = append(chosen, span{s.in, int32(from), int32(to)})
			rows += to - from
		}
	}
	return chosen, rows
}

// adjust sets the values that are the table's own: a kept upload time, a deletion mark.
// The spans' values are the last of dst.
func (b *builder) adjust(leaf int, spans []span, dst []parquet.Value) []parquet.Value {
	in := spans[0].in
	if leaf == b.l.added && len(in.kept) > 0 || leaf == b.l.deleted && in.gone != nil {
		at := len(dst)
		for _, s := range spans {
			at -= int(s.to - s.from)
		}
		for _, s := range spans {
			for row := s.from; row < s.to; row++ {
				if t, ok := in.kept[row]; ok && leaf == b.l.added {
					dst[at] = parquet.Int64Value(t).Level(0, 1, leaf)
				}
				if leaf == b.l.deleted && in.gone.has(int64(row)) {
					dst[at] = parquet.Int64Value(b.now).Level(0, 1, leaf)
				}
				at++
			}
		}
	}
	return dst
}
