package chunk

import (
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

// tools are what the columns of a file share: the codec, and memory for a page on its way.
type tools struct {
	codec            compress.Codec
	def, rep         []byte
	values, squeezed []byte
	head             []byte
	seen             []uint64
}

// endPage encodes the open page, if it has entries, and adds it to the chunk.
func (c *column) endPage() error {
	if len(c.def) == 0 {
		return nil
	}
	t := c.tools
	var err error
	if t.def, err = levels(t.def, c.def, c.leaf.MaxDef); err != nil {
		return err
	}
	if t.rep, err = levels(t.rep, c.rep, c.leaf.MaxRep); err != nil {
		return err
	}
	encoding, err := c.encode()
	if err != nil {
		return err
	}
	if t.squeezed, err = t.codec.Encode(t.squeezed, t.values); err != nil {
		return err
	}
	if len(t.values) > math.MaxInt32-len(t.def)-len(t.rep) {
		return fmt.Errorf("a page of %s is larger than a file can hold", c.leaf.Path[0])
	}
	page, err := c.page(encoding)
	if err != nil {
		return err
	}
	c.note(page)
	c.clear()
	return nil
}

// page puts the encoded page and its head together.
func (c *column) page(encoding format.Encoding) ([]byte, error) {
	t := c.tools
	levels := len(t.rep) + len(t.def)
	sum := crc32.ChecksumIEEE(t.rep)
	sum = crc32.Update(sum, crc32.IEEETable, t.def)
	sum = crc32.Update(sum, crc32.IEEETable, t.squeezed)
	nulls := c.nulls()
	head := format.PageHeader{
		Type:                 format.DataPageV2,
		UncompressedPageSize: int32(levels + len(t.values)),
		CompressedPageSize:   int32(levels + len(t.squeezed)),
		CRC:                  int32(sum),
		DataPageHeaderV2: thrift.New(format.DataPageHeaderV2{
			NumValues: int32(len(c.def)), NumNulls: int32(nulls), NumRows: int32(c.begun), Encoding: encoding,
			DefinitionLevelsByteLength: int32(len(t.def)), RepetitionLevelsByteLength: int32(len(t.rep)),
			IsCompressed: thrift.New(t.codec.CompressionCodec() != format.Uncompressed),
			Statistics:   format.Statistics{NullCount: int64(nulls)},
		}),
	}
	var err error
	if t.head, err = appendThrift(t.head[:0], &head); err != nil {
		return nil, err
	}
	c.uncompressed += int64(len(t.head) + levels + len(t.values))
	page := make([]byte, 0, len(t.head)+levels+len(t.squeezed))
	page = append(append(page, t.head...), t.rep...)
	return append(append(page, t.def...), t.squeezed...), nil
}

// note adds a finished page, whose values are still there, to the chunk.
func (c *column) note(page []byte) {
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
	if c.coded {
		c.codedPages++
	} else {
		c.plainPages++
	}
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

// levels encodes levels; there are none where the highest is 0.
func levels(dst, src []byte, highest uint8) ([]byte, error) {
	if highest == 0 {
		return dst[:0], nil
	}
	return (&rle.Encoding{BitWidth: bits.Len8(highest)}).EncodeLevels(dst, src)
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
	t.values, err = (&delta.LengthByteArrayEncoding{}).EncodeByteArray(t.values, c.text, c.ends)
	return format.DeltaLengthByteArray, err
}
