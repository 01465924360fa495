package table

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// partFile is a part open for reading. Damage in the file is an error, never a panic.
type partFile struct {
	name  string
	file  io.Closer
	pq    *parquet.File
	first []int64 // number of the first row of each row group, and the end
}

// openPart opens a part, with its page index and bloom filters when they will be asked.
func openPart(dir *durable.Dir, name string, index bool) (p *partFile, err error) {
	defer unreadable(name, &err)
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	pq, err := parquet.OpenFile(f, st.Size(), parquet.SkipPageIndex(!index), parquet.SkipBloomFilters(!index))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the part %s cannot be read: %w", name, err), f.Close())
	}
	p = &partFile{name: name, file: f, pq: pq, first: []int64{0}}
	for _, g := range pq.RowGroups() {
		p.first = append(p.first, p.first[len(p.first)-1]+g.NumRows())
	}
	return p, nil
}

// unreadable turns a panic of the Parquet reader, which a damaged file can cause, into an
// error.
func unreadable(name string, err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the part %s cannot be read: %v", name, r)
	}
}

// Close closes the file.
func (p *partFile) Close() error { return p.file.Close() }

func (p *partFile) rows() int64 { return p.first[len(p.first)-1] }

// leafWidth is about how many bytes a row takes in its widest column, uncompressed.
func (p *partFile) leafWidth() int64 {
	var widest int64
	sums := map[int]int64{}
	for _, g := range p.pq.Metadata().RowGroups {
		for i, c := range g.Columns {
			sums[i] += c.MetaData.TotalUncompressedSize
			widest = max(widest, sums[i])
		}
	}
	return widest / max(1, p.rows())
}

// rowWidth is about how many bytes a row takes in all columns, uncompressed.
func (p *partFile) rowWidth() int64 {
	var sum int64
	for _, g := range p.pq.Metadata().RowGroups {
		sum += g.TotalByteSize
	}
	return sum / max(1, p.rows())
}

// dictionaries tells which leaves were written with a dictionary.
func (p *partFile) dictionaries() []bool {
	var out []bool
	for i, g := range p.pq.Metadata().RowGroups {
		if i > 0 {
			break
		}
		for _, c := range g.Columns {
			uses := false
			for _, e := range c.MetaData.Encoding {
				uses = uses || e == format.RLEDictionary
			}
			out = append(out, uses)
		}
	}
	return out
}

// mayHold asks the bloom filters of a key column. A part without filters may hold anything.
func (p *partFile) mayHold(leaf int, v parquet.Value) (found bool, err error) {
	defer unreadable(p.name, &err)
	for _, g := range p.pq.RowGroups() {
		b := g.ColumnChunks()[leaf].BloomFilter()
		if b == nil {
			return true, nil
		}
		ok, err := b.Check(v)
		if ok || err != nil {
			return true, err
		}
	}
	return false, nil
}

// read adds rows of one leaf of a row group to a strip. The vector tells the leaf's kind.
func (p *partFile) read(out *strip, group, leaf int, v *stream.Vector, rows []chunk.Range) (err error) {
	defer unreadable(p.name, &err)
	r, err := chunk.Source{File: p.pq, Group: group}.Read(leaf, v, rows...)
	if err != nil {
		return fmt.Errorf("the part %s cannot be read: %w", p.name, err)
	}
	out.add(r.Pieces...)
	out.held = append(out.held, r)
	return nil
}

// rowsOf appends rows from to to of one leaf of a row group to a vector of its kind. Texts
// keep the pages in memory that they stand in.
func (p *partFile) rowsOf(group, leaf int, from, to int64, v *stream.Vector) error {
	var s strip
	if err := p.read(&s, group, leaf, v, []chunk.Range{{From: from, To: to}}); err != nil {
		return err
	}
	s.appendTo(v)
	if v.Kind != stream.String && v.Kind != stream.JSON {
		s.release()
	}
	return nil
}

// column is all of one leaf of a row group, as a vector like the one given, which gives its
// memory for it.
func (p *partFile) column(group, leaf int, v *stream.Vector) error {
	v.Def, v.Rep, v.Ints, v.Floats, v.Bools, v.Strs = v.Def[:0], v.Rep[:0], v.Ints[:0], v.Floats[:0], v.Bools[:0], v.Strs[:0]
	return p.rowsOf(group, leaf, 0, p.first[group+1]-p.first[group], v)
}
