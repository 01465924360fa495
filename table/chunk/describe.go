package chunk

import (
	"hash/crc32"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// chunk writes a column's chunk and says in the group what it is. The dictionary comes as
// a page, with its size before compression, or as nil.
func (w *Writer) chunk(g *group, c *column, dictionary []byte, size int64) error {
	m := c.describe(w.options.Tools.codec.CompressionCodec())
	if dictionary != nil {
		m.DictionaryPageOffset = w.at
		m.TotalUncompressedSize += size
		m.TotalCompressedSize += int64(len(dictionary))
		m.EncodingStats = append([]format.PageEncodingStats{{PageType: format.DictionaryPage, Encoding: format.Plain, Count: 1}}, m.EncodingStats...)
		if err := w.write(dictionary); err != nil {
			return err
		}
	}
	m.DataPageOffset = w.at
	for i := range c.places {
		c.places[i].Offset += w.at
	}
	for _, page := range c.pages {
		if err := w.write(page); err != nil {
			return err
		}
	}
	if c.filtered {
		filter, err := filterOf(c.hashes)
		if err != nil {
			return err
		}
		g.filters[len(g.Columns)] = filter
	}
	g.Columns = append(g.Columns, format.ColumnChunk{MetaData: m})
	g.bounds = append(g.bounds, c.bounds)
	g.places = append(g.places, format.OffsetIndex{PageLocations: c.places})
	return nil
}

// describe says what the pages of a chunk are.
func (c *column) describe(codec format.CompressionCodec) format.ColumnMetaData {
	m := format.ColumnMetaData{
		Type: typeOf(c.store), PathInSchema: c.path, Codec: codec, NumValues: c.entries,
		TotalUncompressedSize: c.uncompressed, TotalCompressedSize: c.size,
	}
	m.Encoding = append(m.Encoding, format.RLE)
	if c.refers() {
		m.Encoding = append(m.Encoding, format.Plain) // of the dictionary
	}
	for _, e := range c.encoded {
		if !slices.Contains(m.Encoding, e.Encoding) {
			m.Encoding = append(m.Encoding, e.Encoding)
		}
	}
	m.EncodingStats = c.encoded
	for _, n := range c.bounds.NullCounts {
		m.Statistics.NullCount += n
	}
	if c.all.any && !c.unbounded && len(c.all.min) <= longBound && len(c.all.max) <= longBound {
		m.Statistics.MinValue, m.Statistics.MaxValue = c.all.min, c.all.max
	}
	return m
}

// count adds pages of one type and encoding to those of the chunk.
func (c *column) count(pages format.PageEncodingStats) {
	for i := range c.encoded {
		if e := &c.encoded[i]; e.PageType == pages.PageType && e.Encoding == pages.Encoding {
			e.Count += pages.Count
			return
		}
	}
	c.encoded = append(c.encoded, pages)
}

// refers reports whether a page of the chunk refers to a dictionary.
func (c *column) refers() bool {
	return slices.ContainsFunc(c.encoded, func(e format.PageEncodingStats) bool { return e.Encoding == format.RLEDictionary })
}

// dictionaryPage is the page of the column's dictionary, and its size before compression;
// nil if no page of the chunk refers to it.
func (c *column) dictionaryPage() ([]byte, int64, error) {
	if c.dict == nil || !c.refers() {
		return nil, 0, nil
	}
	t := c.tools
	var err error
	if t.values, err = c.dict.encode(t.values); err != nil {
		return nil, 0, err
	}
	if t.squeezed, err = t.codec.Encode(t.squeezed, t.values); err != nil {
		return nil, 0, err
	}
	head, err := appendThrift(nil, &format.PageHeader{
		Type: format.DictionaryPage, UncompressedPageSize: int32(len(t.values)), CompressedPageSize: int32(len(t.squeezed)),
		CRC:                  int32(crc32.ChecksumIEEE(t.squeezed)),
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: int32(c.dict.len()), Encoding: format.Plain}),
	})
	return append(head, t.squeezed...), int64(len(head) + len(t.values)), err
}

func typeOf(s store) format.Type {
	switch s {
	case inInts:
		return format.Int64
	case inFloats:
		return format.Double
	case inBools:
		return format.Boolean
	}
	return format.ByteArray
}
