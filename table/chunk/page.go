package chunk

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"

	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/plain"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// Tools are a codec, and memory for a page on its way. They are for one goroutine; files that
// it writes side by side or one after the other can share them.
type Tools struct {
	codec           compress.Codec
	levels, values  []byte
	plain, squeezed []byte // the page's body, before and after compression
	head            []byte
	seen            []uint64
	shared          []int32 // of the texts: see column.shared
	rest            []byte
	ends            []uint32
}

// NewTools are tools without any memory yet.
func NewTools(codec compress.Codec) *Tools { return &Tools{codec: codec} }

// endPage encodes the open page, if it has entries, and adds it to the chunk.
func (c *column) endPage() error {
	if len(c.def) == 0 {
		return nil
	}
	encoding, err := c.encode()
	if err != nil {
		return err
	}
	t := c.tools
	t.plain = t.plain[:0]
	if err := t.level(c.rep, c.leaf.MaxRep); err != nil {
		return err
	}
	if err := t.level(c.def, c.leaf.MaxDef); err != nil {
		return err
	}
	t.plain = append(t.plain, t.values...)
	if len(t.plain) > math.MaxInt32 {
		return fmt.Errorf("a page of %s is larger than a file can hold", c.leaf.Path[0])
	}
	if t.squeezed, err = t.codec.Encode(t.squeezed, t.plain); err != nil {
		return err
	}
	page, err := c.page(encoding)
	if err != nil {
		return err
	}
	c.note(page, encoding)
	c.clear()
	return nil
}

// level appends encoded levels to the page's body; there are none where the highest is 0.
func (t *Tools) level(levels []uint8, highest uint8) (err error) {
	if highest == 0 {
		return nil
	}
	if t.levels, err = (&rle.Encoding{BitWidth: bits.Len8(highest)}).EncodeLevels(t.levels, levels); err != nil {
		return err
	}
	t.plain = binary.LittleEndian.AppendUint32(t.plain, uint32(len(t.levels)))
	t.plain = append(t.plain, t.levels...)
	return nil
}

// page puts the encoded page and its head together. It is of the first version of pages,
// whose levels are compressed with the values: they are a tenth of what is left otherwise.
func (c *column) page(encoding format.Encoding) ([]byte, error) {
	t := c.tools
	head := format.PageHeader{
		Type:                 format.DataPage,
		UncompressedPageSize: int32(len(t.plain)),
		CompressedPageSize:   int32(len(t.squeezed)),
		CRC:                  int32(crc32.ChecksumIEEE(t.squeezed)),
		DataPageHeader: thrift.New(format.DataPageHeader{
			NumValues: int32(len(c.def)), Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
			Statistics: format.Statistics{NullCount: int64(c.nulls())},
		}),
	}
	var err error
	if t.head, err = appendThrift(t.head[:0], &head); err != nil {
		return nil, err
	}
	c.uncompressed += int64(len(t.head) + len(t.plain))
	page := make([]byte, 0, len(t.head)+len(t.squeezed))
	return append(append(page, t.head...), t.squeezed...), nil
}

// note adds a finished page, whose values are still there, to the chunk.
func (c *column) note(page []byte, encoding format.Encoding) {
	nulls := c.nulls()
	b := c.pageBounds()
	c.all.widen(c.leaf.Kind, b)
	c.bounds.NullPages = append(c.bounds.NullPages, !b.any)
	c.bounds.MinValues = append(c.bounds.MinValues, shortMin(c.store, b.min))
	c.bounds.MaxValues = append(c.bounds.MaxValues, shortMax(c.store, b.max))
	c.bounds.NullCounts = append(c.bounds.NullCounts, int64(nulls))
	c.places = append(c.places, format.PageLocation{Offset: c.size, CompressedPageSize: int32(len(page)), FirstRowIndex: c.done})
	if c.filtered {
		c.hash()
	}
	c.count(format.PageEncodingStats{PageType: format.DataPage, Encoding: encoding, Count: 1})
	c.pages = append(c.pages, page)
	c.size += int64(len(page))
	c.entries += int64(len(c.def))
	c.done += int64(c.begun)
}

// nulls counts the entries of the open page that are no values.
func (c *column) nulls() int {
	texts := max(len(c.ends)-1, 0)
	return len(c.def) - len(c.ids) - len(c.ints) - len(c.floats) - c.bools - texts
}

// encode encodes the values of the open page.
func (c *column) encode() (format.Encoding, error) {
	t := c.tools
	var err error
	switch {
	case c.coded:
		t.values, err = (&rle.DictionaryEncoding{}).EncodeInt32(t.values, c.ids)
		return format.RLEDictionary, err
	case c.store == inInts:
		t.values, err = (&delta.BinaryPackedEncoding{}).EncodeInt64(t.values, c.ints)
		return format.DeltaBinaryPacked, err
	case c.store == inFloats:
		t.values, err = (&plain.Encoding{}).EncodeDouble(t.values, c.floats)
		return format.Plain, err
	case c.store == inBools:
		t.values = append(t.values[:0], c.bits...)
		return format.Plain, nil
	}
	if len(c.ends) == 0 {
		c.ends = append(c.ends, 0)
	}
	if c.shared() {
		return format.DeltaByteArray, c.encodeShared()
	}
	t.values, err = (&delta.LengthByteArrayEncoding{}).EncodeByteArray(t.values, c.text, c.ends)
	return format.DeltaLengthByteArray, err
}
