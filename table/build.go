package table

import (
	"context"
	"fmt"
	"slices"

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
