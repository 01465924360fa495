package chunk

import (
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/bloom"
	"github.com/parquet-go/parquet-go/format"
)

// filterBits is how many bits of a bloom filter there are for each value.
const filterBits = 10

// hash notes the values of the open page for the filter of the chunk.
func (c *column) hash() {
	var h bloom.XXH64
	switch {
	case c.coded && c.store == inInts:
		for _, id := range c.ids {
			c.hashes = append(c.hashes, h.Sum64Uint64(uint64(c.dict.ints[id])))
		}
	case c.coded:
		for _, id := range c.ids {
			c.hashes = append(c.hashes, h.Sum64([]byte(c.dict.at(id))))
		}
	case c.store == inInts:
		for _, v := range c.ints {
			c.hashes = append(c.hashes, h.Sum64Uint64(uint64(v)))
		}
	case c.store == inFloats:
		for _, v := range c.floats {
			c.hashes = append(c.hashes, h.Sum64Uint64(math.Float64bits(v)))
		}
	case c.store == inText:
		for i := range len(c.ends) - 1 {
			c.hashes = append(c.hashes, h.Sum64(c.text[c.ends[i]:c.ends[i+1]]))
		}
	}
}

// hashValues notes values that were read from another file.
func (c *column) hashValues(values []parquet.Value) {
	var h bloom.XXH64
	for i := range values {
		switch v := &values[i]; v.Kind() {
		case parquet.Int64, parquet.Double:
			c.hashes = append(c.hashes, h.Sum64Uint64(v.Uint64()))
		case parquet.ByteArray:
			c.hashes = append(c.hashes, h.Sum64(v.ByteArray()))
		}
	}
}

// filterOf is a bloom filter of hashes with its head.
func filterOf(hashes []uint64) ([]byte, error) {
	f := make(bloom.SplitBlockFilter, bloom.NumSplitBlocksOf(int64(len(hashes)), filterBits))
	f.InsertBulk(hashes)
	head, err := appendThrift(nil, &format.BloomFilterHeader{
		NumBytes:    int32(len(f.Bytes())),
		Algorithm:   format.BloomFilterAlgorithm{Block: &format.SplitBlockAlgorithm{}},
		Hash:        format.BloomFilterHash{XxHash: &format.XxHash{}},
		Compression: format.BloomFilterCompression{Uncompressed: &format.BloomFilterUncompressed{}},
	})
	return append(head, f.Bytes()...), err
}
