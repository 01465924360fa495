package table

import "hash/maphash"

// keyIndex maps row identities to the row that stands for each, in bounded memory:
// identities are known by 128 bits of a hash whose seeds are new in every process, so
// that nobody can choose keys that collide.
type keyIndex struct {
	seeds [2]maphash.Seed
	slots []slot
	n     int
}

type slot struct {
	h       [2]uint64
	row     int64 // staged row + 1; 0 is an empty slot
	version int64
}

func newKeyIndex(seeds [2]maphash.Seed, rows int64) *keyIndex {
	size := 64
	for int64(size)*3/4 <= rows {
		size *= 2
	}
	return &keyIndex{seeds: seeds, slots: make([]slot, size)}
}

func newSeeds() [2]maphash.Seed { return [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()} }

func hashKey(seeds [2]maphash.Seed, key []byte) [2]uint64 {
	return [2]uint64{maphash.Bytes(seeds[0], key), maphash.Bytes(seeds[1], key)}
}

// find returns the slot of an identity: taken when its row is not 0, else free to take.
func (x *keyIndex) find(h [2]uint64) *slot {
	mask := uint64(len(x.slots) - 1)
	for i := h[0] & mask; ; i = (i + 1) & mask {
		s := &x.slots[i]
		if s.row == 0 || s.h == h {
			return s
		}
	}
}

// put takes a free slot. The index was made large enough for all rows.
func (x *keyIndex) put(s *slot, h [2]uint64, row, version int64) {
	*s = slot{h: h, row: row + 1, version: version}
	x.n++
}

// bitset is a set of rows of one file.
type bitset []uint64

func newBitset(n int64) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i int64)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) clear(i int64)    { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i int64) bool { return b != nil && b[i>>6]&(1<<(i&63)) != 0 }
