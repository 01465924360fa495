package table

import (
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/inlay-sync/inlay/internal/durable"
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

// column appends all values of one leaf in one row group. Byte arrays are copied into one
// block that belongs to the values.
func (p *partFile) column(group, leaf int, dst []parquet.Value) (out []parquet.Value, err error) {
	defer unreadable(p.name, &err)
	chunk := p.pq.RowGroups()[group].ColumnChunks()[leaf]
	pages := chunk.Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	for {
		page, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return dst, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the part %s cannot be read: %w", p.name, err)
		}
		if dst, err = appendPage(dst, page, leaf); err != nil {
			return nil, fmt.Errorf("the part %s cannot be read: %w", p.name, err)
		}
	}
}

// span appends the values of one leaf for rows from to to of one row group.
func (p *partFile) span(group, leaf int, from, to int64, dst []parquet.Value) (out []parquet.Value, err error) {
	defer unreadable(p.name, &err)
	pages := p.pq.RowGroups()[group].ColumnChunks()[leaf].Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	if err := pages.SeekToRow(from); err != nil {
		return nil, fmt.Errorf("the part %s cannot be read: %w", p.name, err)
	}
	start, want := len(dst), to-from
	for rows := int64(0); rows < want; {
		page, err := pages.ReadPage()
		if err != nil {
			return nil, fmt.Errorf("the part %s cannot be read: %w", p.name, err)
		}
		rows += page.NumRows()
		if dst, err = appendPage(dst, page, leaf); err != nil {
			return nil, fmt.Errorf("the part %s cannot be read: %w", p.name, err)
		}
	}
	return dst[:start+cutRows(dst[start:], want)], nil
}

// cutRows is the number of values that the first rows take.
func cutRows(values []parquet.Value, rows int64) int {
	for i := range values {
		if values[i].RepetitionLevel() == 0 {
			if rows--; rows < 0 {
				return i
			}
		}
	}
	return len(values)
}

func appendPage(dst []parquet.Value, page parquet.Page, leaf int) ([]parquet.Value, error) {
	defer parquet.Release(page)
	from := len(dst)
	want := int(page.NumValues())
	if cap(dst)-from < want {
		dst = append(make([]parquet.Value, 0, max(2*cap(dst), from+want)), dst...)
	}
	dst = dst[:from+want]
	values, got := page.Values(), 0
	for got < want {
		n, err := values.ReadValues(dst[from+got:])
		got += n
		if err != nil && !(errors.Is(err, io.EOF) && got == want) {
			return nil, err
		}
		if n == 0 && err == nil {
			return nil, io.ErrNoProgress
		}
	}
	own(dst[from:])
	return dst, nil
}

// own copies the bytes that values refer to, so that their page can be used again.
func own(values []parquet.Value) {
	total := 0
	for i := range values {
		if k := values[i].Kind(); k == parquet.ByteArray || k == parquet.FixedLenByteArray {
			total += len(values[i].ByteArray())
		}
	}
	if total == 0 {
		return
	}
	block := make([]byte, 0, total)
	for i := range values {
		v := values[i]
		if k := v.Kind(); k != parquet.ByteArray && k != parquet.FixedLenByteArray {
			continue
		}
		at := len(block)
		block = append(block, v.ByteArray()...)
		values[i] = parquet.ByteArrayValue(block[at:len(block):len(block)]).Level(v.RepetitionLevel(), v.DefinitionLevel(), v.Column())
	}
}
