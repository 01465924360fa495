package chunk

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"github.com/inlay-sync/inlay/stream"
)

// bounds are the least and the greatest of some values, as a file holds them.
type bounds struct {
	any      bool
	min, max []byte
}

// longBound is the longest bound that is kept whole; shortBound the longest in an index.
const longBound, shortBound = 256, 32

// compare orders two values of a kind in the form that a file holds them in.
func compare(k stream.Kind, a, b []byte) int {
	switch k {
	case stream.Int, stream.Timestamp:
		return cmp.Compare(int64(binary.LittleEndian.Uint64(a)), int64(binary.LittleEndian.Uint64(b)))
	case stream.Float:
		return cmp.Compare(math.Float64frombits(binary.LittleEndian.Uint64(a)), math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return bytes.Compare(a, b)
}

// widen makes b hold o as well.
func (b *bounds) widen(k stream.Kind, o bounds) {
	switch {
	case !o.any:
	case !b.any:
		*b = o
	default:
		if compare(k, o.min, b.min) < 0 {
			b.min = o.min
		}
		if compare(k, o.max, b.max) > 0 {
			b.max = o.max
		}
	}
}

// pageBounds are those of the open page.
func (c *column) pageBounds() bounds {
	switch {
	case c.nulls() == len(c.def):
		return bounds{}
	case c.coded:
		return c.codedBounds()
	case c.store == inInts:
		return intBounds(slices.Min(c.ints), slices.Max(c.ints))
	case c.store == inFloats:
		return floatBounds(c.floats)
	case c.store == inBools:
		return boolBounds(c.bits, c.bools)
	}
	lo, hi := c.textAt(0), c.textAt(0)
	for i := 1; i < len(c.ends)-1; i++ {
		if s := c.textAt(i); s < lo {
			lo = s
		} else if s > hi {
			hi = s
		}
	}
	return bounds{true, []byte(lo), []byte(hi)}
}

func (c *column) textAt(i int) string { return view(c.text[c.ends[i]:c.ends[i+1]]) }

func intBounds(lo, hi int64) bounds {
	return bounds{true, binary.LittleEndian.AppendUint64(nil, uint64(lo)), binary.LittleEndian.AppendUint64(nil, uint64(hi))}
}

// codedBounds looks at each value of the dictionary that the page refers to.
func (c *column) codedBounds() bounds {
	d := c.dict
	seen := append(c.tools.seen[:0], make([]uint64, d.len()/64+1)...)
	c.tools.seen = seen
	lo, hi := c.ids[0], c.ids[0]
	for _, id := range c.ids {
		if seen[id>>6]&(1<<(id&63)) != 0 {
			continue
		}
		seen[id>>6] |= 1 << (id & 63)
		if d.less(id, lo) {
			lo = id
		} else if d.less(hi, id) {
			hi = id
		}
	}
	if d.store == inInts {
		return intBounds(d.ints[lo], d.ints[hi])
	}
	return bounds{true, []byte(d.at(lo)), []byte(d.at(hi))}
}

func (d *dictionary) less(a, b int32) bool {
	if d.store == inInts {
		return d.ints[a] < d.ints[b]
	}
	return d.at(a) < d.at(b)
}

// floatBounds leaves out what is no number, and does not tell the two zeros apart.
func floatBounds(values []float64) bounds {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		lo, hi = min(lo, v), max(hi, v)
		if math.IsNaN(v) {
			lo, hi = math.Inf(-1), math.Inf(1)
			break
		}
	}
	if lo == 0 {
		lo = math.Copysign(0, -1)
	}
	if hi == 0 {
		hi = 0
	}
	return bounds{true, binary.LittleEndian.AppendUint64(nil, math.Float64bits(lo)), binary.LittleEndian.AppendUint64(nil, math.Float64bits(hi))}
}

func boolBounds(bits []byte, n int) bounds {
	ones, all := false, true
	for i := range n {
		if bits[i/8]&(1<<(i%8)) != 0 {
			ones = true
		} else {
			all = false
		}
	}
	b := bounds{true, []byte{0}, []byte{0}}
	if all {
		b.min[0] = 1
	}
	if ones {
		b.max[0] = 1
	}
	return b
}

// shortMin is a value that is not greater than b and not long.
func shortMin(s store, b []byte) []byte {
	if s != inText || len(b) <= shortBound {
		return b
	}
	return b[:shortBound]
}

// shortMax is a value that is not less than b, and not long if there is such a one.
func shortMax(s store, b []byte) []byte {
	if s != inText || len(b) <= shortBound {
		return b
	}
	for n := shortBound; n > 0; n-- {
		if b[n-1] < math.MaxUint8 {
			out := slices.Clone(b[:n])
			out[n-1]++
			return out
		}
	}
	return b
}
