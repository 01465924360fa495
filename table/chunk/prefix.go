package chunk

import (
	"encoding/binary"
	"math/bits"

	"github.com/parquet-go/parquet-go/encoding/delta"
)

// alike says when texts are written without what each has in common with the one before:
// when that is more than one byte in so many.
const alike = 5

// shared finds how many bytes each text of the open page has in common with the beginning
// of the one before, and reports whether they are many. Ids that begin with a time, and
// addresses of one service, are such texts.
func (c *column) shared() bool {
	t := c.tools
	t.shared = t.shared[:0]
	var last []byte
	sum := 0
	for i := range max(len(c.ends)-1, 0) {
		text := c.text[c.ends[i]:c.ends[i+1]]
		n := prefix(last, text)
		t.shared = append(t.shared, int32(n))
		sum += n
		last = text
	}
	return sum*alike > len(c.text)
}

// prefix is how many bytes a and b begin with in common.
func prefix(a, b []byte) int {
	most := min(len(a), len(b))
	n := 0
	for ; n+8 <= most; n += 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < most && a[n] == b[n] {
		n++
	}
	return n
}

// encodeShared encodes the texts of the open page as the lengths that shared found and the rest of each.
func (c *column) encodeShared() (err error) {
	t := c.tools
	t.rest, t.ends = t.rest[:0], append(t.ends[:0], 0)
	for i, n := range t.shared {
		t.rest = append(t.rest, c.text[int(c.ends[i])+int(n):c.ends[i+1]]...)
		t.ends = append(t.ends, uint32(len(t.rest)))
	}
	if t.values, err = (&delta.BinaryPackedEncoding{}).EncodeInt32(t.values, t.shared); err != nil {
		return err
	}
	t.plain, err = (&delta.LengthByteArrayEncoding{}).EncodeByteArray(t.plain, t.rest, t.ends)
	t.values = append(t.values, t.plain...)
	return err
}
