package table

import (
	"hash/maphash"
	"math/bits"
)

// keyIndex maps row identities to the row that stands for each, in 32 bytes an identity:
// identities are known by 88 bits of a hash whose seeds are new in every process, so that
// nobody can choose keys that collide.
type keyIndex struct {
	slots []slot
	n     int
}

// slot holds one identity. The lower rowBits of place are the staged row + 1, and 0 is an
// empty slot; the bits above are of the hash.
type slot struct {
	h       uint64
	place   uint64
	version int64
}

const rowBits = 40

func (s *slot) empty() bool { return s.place == 0 }

// row is the row that stands for the identity of a slot that is not empty.
func (s *slot) row() int64 { return int64(s.place&(1<<rowBits-1)) - 1 }

// stand makes another row stand for the slot's identity.
func (s *slot) stand(row, version int64) {
	s.place = s.place>>rowBits<<rowBits | uint64(row+1)
	s.version = version
}

// newKeyIndex makes an index for about that many identities.
func newKeyIndex(rows int64) *keyIndex {
	x := &keyIndex{}
	x.reset(rows)
	return x
}

// reset empties the index, for about that many identities.
func (x *keyIndex) reset(rows int64) {
	size := int(rows + rows/32 + 64)
	size += size / 3
	if cap(x.slots) >= size {
		x.slots = x.slots[:size]
		clear(x.slots)
	} else {
		x.slots = make([]slot, size)
	}
	x.n = 0
}

func newSeeds() [2]maphash.Seed { return [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()} }

func hashKey(seeds [2]maphash.Seed, key []byte) [2]uint64 {
	return [2]uint64{maphash.Bytes(seeds[0], key), maphash.Bytes(seeds[1], key)}
}

// find returns the slot of an identity, empty if the index does not have it. It is good
// until the next put.
func (x *keyIndex) find(h [2]uint64) *slot {
	at, _ := bits.Mul64(h[0], uint64(len(x.slots)))
	for i := int(at); ; i++ {
		if i == len(x.slots) {
			i = 0
		}
		s := &x.slots[i]
		if s.empty() || s.h == h[0] && s.place>>rowBits == h[1]>>rowBits {
			return s
		}
	}
}

// put adds an identity that the index does not have.
func (x *keyIndex) put(h [2]uint64, row, version int64) {
	if x.n*6 >= len(x.slots)*5 {
		x.grow()
	}
	*x.find(h) = slot{h: h[0], place: h[1]>>rowBits<<rowBits | uint64(row+1), version: version}
	x.n++
}

func (x *keyIndex) grow() {
	old := x.slots
	x.slots = make([]slot, len(old)+len(old)/2)
	for _, s := range old {
		if !s.empty() {
			*x.find([2]uint64{s.h, s.place}) = s
		}
	}
}

// bitset is a set of rows of one file.
type bitset []uint64

func newBitset(n int64) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int64)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) clear(i int64)    { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i int64) bool { return b != nil && b[i>>6]&(1<<(i&63)) != 0 }
