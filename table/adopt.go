package table

import (
	"errors"
	"fmt"

	"github.com/inlay-sync/inlay/table/chunk"
)

// leastPiece is how many rows the segments of a family have on the average at least, when
// their pages are put together as they are: many small pages are slow to read.
const leastPiece = 256

// asOne is a family as if it were one part.
func asOne(family []*input) Part {
	var p Part
	for i, in := range family {
		p.Rows += in.part.Rows
		p.Bytes += in.part.Bytes
		p.Key, p.Cursor, p.Time = p.Key.with(in.part.Key, i == 0), p.Cursor.with(in.part.Cursor, i == 0), p.Time.with(in.part.Time, i == 0)
	}
	return p
}

// whole reports whether a family's rows all count and stay as they are.
func whole(family []*input) bool {
	for _, in := range family {
		if in.touched() {
			return false
		}
	}
	return len(family) == 1 || asOne(family).Rows >= int64(len(family))*leastPiece
}

// adopt makes a part of a family: of its only file as it is, or of the pages of all.
func (b *builder) adopt(family []*input, number int) (newPart, error) {
	name := fmt.Sprintf("%s-s%03d", b.prefix, number)
	in := family[0]
	if len(family) == 1 {
		few, err := b.fewGroups(in)
		if err != nil || few {
			p := in.part
			p.Partition, p.Name = in.partition, name+".parquet"
			return newPart{Part: p, file: in.name}, err
		}
	}
	w, err := b.joined(b.dir+"/"+name, family)
	if err != nil {
		return newPart{}, err
	}
	p, err := w.finish()
	if err != nil {
		return newPart{}, err
	}
	p.Partition, p.Name = in.partition, name+".parquet"
	return newPart{Part: p, file: w.name}, nil
}

// fewGroups reports whether the groups of rows of a file are large, as far as it has rows.
func (b *builder) fewGroups(in *input) (bool, error) {
	f, err := in.open(b.d)
	if err != nil {
		return false, err
	}
	return int64(len(f.first)-2)*rowGroupRows/2 < in.part.Rows, in.close()
}

// joined writes the pages of a family into one file.
func (b *builder) joined(name string, family []*input) (w *partWriter, err error) {
	defer func() {
		for _, in := range family {
			err = errors.Join(err, in.close())
		}
		if err != nil && w != nil {
			w.abandon()
		}
	}()
	var sources []chunk.Source
	for _, in := range family {
		f, err := in.open(b.d)
		if err != nil {
			return nil, err
		}
		for g := range f.pq.RowGroups() {
			sources = append(sources, chunk.Source{File: f.pq, Group: g})
		}
	}
	w = createPart(b.d, name, b.l, nil)
	w.tally.take(asOne(family))
	return w, w.join(sources, family[0].name)
}

// join appends groups of rows of files, page for page.
func (p *partWriter) join(sources []chunk.Source, name string) (err error) {
	defer unreadable(name, &err)
	return p.w.Join(sources)
}
