package chunk

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Source is one group of rows of a file that was written with the same schema and codec.
// The file was opened with its page index.
type Source struct {
	File  *parquet.File
	Group int
}

func (s Source) meta(leaf int) *format.ColumnMetaData {
	return &s.File.Metadata().RowGroups[s.Group].Columns[leaf].MetaData
}

func (s Source) rows() int64 { return s.File.Metadata().RowGroups[s.Group].NumRows }

// Join writes groups of rows of other files one after the other, page for page as they are.
// Neighbours become one group where their dictionaries allow it, that is where each begins
// with the values of the other, until a group is large.
func (w *Writer) Join(sources []Source) error {
	if err := w.EndGroup(); err != nil {
		return err
	}
	if err := w.header(); err != nil {
		return err
	}
	for len(sources) > 0 {
		n, longest, err := w.together(sources)
		if err != nil {
			return err
		}
		if err := w.join(sources[:n], longest); err != nil {
			return err
		}
		sources = sources[n:]
	}
	return nil
}

// together is how many of the first sources can be one group, and for each leaf which of
// them has the longest dictionary.
func (w *Writer) together(sources []Source) (n int, longest []int, err error) {
	rows := sources[0].rows()
	for n = 1; n < len(sources) && rows < dictionaryRows; n++ {
		rows += sources[n].rows()
	}
	longest = make([]int, len(w.columns))
	for leaf := 0; leaf < len(w.columns); leaf++ {
		at, k, err := w.compatible(sources[:n], leaf)
		if err != nil {
			return 0, nil, err
		}
		if longest[leaf] = at; k < n {
			n, leaf = k, -1 // fewer of them: the longest may be another
		}
	}
	return n, longest, nil
}

// compatible is how many of the first sources have dictionaries of one leaf of which each
// begins with the other, and which of these is the longest.
func (w *Writer) compatible(sources []Source, leaf int) (longest, n int, err error) {
	var values []byte
	for i, s := range sources {
		page, size, err := s.dictionary(leaf)
		if err != nil {
			return 0, 0, err
		}
		if page == nil {
			continue
		}
		_, body, err := splitPage(page)
		if err != nil {
			return 0, 0, err
		}
		got, err := w.options.Tools.codec.Decode(make([]byte, 0, size), body)
		if err != nil {
			return 0, 0, err
		}
		switch {
		case bytes.HasPrefix(got, values):
			longest, values = i, got
		case !bytes.HasPrefix(values, got):
			return longest, i, nil
		}
	}
	return longest, len(sources), nil
}

// dictionary is the page of a leaf's dictionary, head and all, and its size before
// compression; nil if it has none.
func (s Source) dictionary(leaf int) (page []byte, size int64, err error) {
	m := s.meta(leaf)
	if m.DictionaryPageOffset == 0 {
		return nil, 0, nil
	}
	if page, err = s.bytes(m.DictionaryPageOffset, m.DataPageOffset); err != nil {
		return nil, 0, err
	}
	head, body, err := splitPage(page)
	return page, int64(len(page)-len(body)) + int64(head.UncompressedPageSize), err
}

// pages are all data pages of a leaf.
func (s Source) pages(leaf int) ([]byte, error) {
	m := s.meta(leaf)
	from := m.DataPageOffset
	if m.DictionaryPageOffset != 0 {
		from = m.DictionaryPageOffset
	}
	return s.bytes(m.DataPageOffset, from+m.TotalCompressedSize)
}

func (s Source) bytes(from, to int64) ([]byte, error) {
	if from < 0 || to < from || to > s.File.Size() {
		return nil, errors.New("a chunk lies outside its file")
	}
	b := make([]byte, to-from)
	if n, err := s.File.ReadAt(b, from); n < len(b) {
		return nil, err
	}
	return b, nil
}

// splitPage takes the head off a page.
func splitPage(page []byte) (format.PageHeader, []byte, error) {
	var head format.PageHeader
	var protocol thrift.CompactProtocol
	r := bytes.NewReader(page)
	if err := thrift.NewDecoder(protocol.NewReader(r)).Decode(&head); err != nil {
		return head, nil, err
	}
	if int(head.CompressedPageSize) < 0 || int(head.CompressedPageSize) > len(page) {
		return head, nil, errors.New("a page lies outside its chunk")
	}
	return head, page[len(page)-int(head.CompressedPageSize):], nil
}

// join writes sources as one group.
func (w *Writer) join(sources []Source, longest []int) error {
	var rows int64
	for _, s := range sources {
		rows += s.rows()
	}
	g := w.group(rows)
	for leaf, c := range w.columns {
		if err := w.joinLeaf(g, leaf, c, sources, sources[longest[leaf]]); err != nil {
			return err
		}
	}
	return w.endGroup(g)
}

func (w *Writer) joinLeaf(g *group, leaf int, c *column, sources []Source, longest Source) error {
	defer c.next()
	for _, s := range sources {
		if err := c.take(s, leaf); err != nil {
			return err
		}
		_, size, err := s.dictionary(leaf)
		if err != nil {
			return err
		}
		c.uncompressed -= size // it is not among the pages
	}
	page, size, err := longest.dictionary(leaf)
	if err != nil {
		return err
	}
	return w.chunk(g, c, page, size)
}

// take adds the pages of a source to the chunk.
func (c *column) take(s Source, leaf int) error {
	pages, err := s.pages(leaf)
	if err != nil {
		return err
	}
	at := s.Group*len(s.File.Metadata().RowGroups[s.Group].Columns) + leaf
	bounds, places := s.File.ColumnIndexes(), s.File.OffsetIndexes()
	if at >= len(bounds) || at >= len(places) || len(bounds[at].NullPages) != len(places[at].PageLocations) {
		return fmt.Errorf("the index of the column %s is not whole", c.path[0])
	}
	m := s.meta(leaf)
	c.bounds.NullPages = append(c.bounds.NullPages, bounds[at].NullPages...)
	c.bounds.MinValues = append(c.bounds.MinValues, bounds[at].MinValues...)
	c.bounds.MaxValues = append(c.bounds.MaxValues, bounds[at].MaxValues...)
	c.bounds.NullCounts = append(c.bounds.NullCounts, bounds[at].NullCounts...)
	for _, p := range places[at].PageLocations {
		p.Offset += c.size - m.DataPageOffset
		p.FirstRowIndex += c.done
		c.places = append(c.places, p)
	}
	c.include(m)
	c.pages = append(c.pages, pages)
	c.size += int64(len(pages))
	c.done += s.rows()
	if !c.filtered {
		return nil
	}
	return c.hashPages(s, leaf)
}

// include adds what is said of a chunk to what is said of this one.
func (c *column) include(m *format.ColumnMetaData) {
	c.entries += m.NumValues
	c.uncompressed += m.TotalUncompressedSize
	for _, e := range m.EncodingStats {
		if e.PageType != format.DictionaryPage {
			c.count(e)
		}
	}
	some := m.NumValues > m.Statistics.NullCount
	known := m.Statistics.MinValue != nil && m.Statistics.MaxValue != nil
	c.unbounded = c.unbounded || some && !known
	c.all.widen(c.leaf.Kind, bounds{some && known, m.Statistics.MinValue, m.Statistics.MaxValue})
}

// hashPages notes the values of a source for the filter.
func (c *column) hashPages(s Source, leaf int) (err error) {
	pages := s.File.RowGroups()[s.Group].ColumnChunks()[leaf].Pages()
	defer func() { err = errors.Join(err, pages.Close()) }()
	var values []parquet.Value
	for {
		p, err := pages.ReadPage()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if n := int(p.NumValues()); cap(values) < n {
			values = make([]parquet.Value, n)
		} else {
			values = values[:n]
		}
		n, err := p.Values().ReadValues(values)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		c.hashValues(values[:n])
		parquet.Release(p)
	}
}
