package chunk

import (
	"hash/maphash"

	"github.com/parquet-go/parquet-go/encoding/plain"

	"github.com/inlay-sync/inlay/stream"
)

// dictionary numbers different values in the order they first come.
type dictionary struct {
	store store
	ints  []int64
	text  []byte
	ends  []uint32 // of each text, after a 0
	slots []int32  // by hash: number + 1, or 0
	seed  maphash.Seed
	last  int32 // the last number given; -1 at first
}

// Dictionaries are those of all columns. They go on from group to group, and from file to
// file where files are given the same ones, until so many rows were written with them. Such
// groups can be put together page for page: what one says by a number is what the next says
// by it.
type Dictionaries struct {
	of   []*dictionary
	rows int64 // of groups
}

// used counts the rows of a group, and begins anew after so many.
func (d *Dictionaries) used(rows int64) {
	if d == nil {
		return
	}
	if d.rows += rows; d.rows < dictionaryRows {
		return
	}
	d.rows = 0
	for _, one := range d.of {
		if one != nil {
			*one = *newDictionary(one.store)
		}
	}
}

// NewDictionaries are empty dictionaries for the leaves that are worth one.
func NewDictionaries(leaves []stream.Vector, worth []bool) *Dictionaries {
	d := &Dictionaries{of: make([]*dictionary, len(leaves))}
	for i := range leaves {
		if s := storeOf(leaves[i].Kind); i < len(worth) && worth[i] && s.repeats() {
			d.of[i] = newDictionary(s)
		}
	}
	return d
}

func newDictionary(s store) *dictionary {
	return &dictionary{store: s, ends: []uint32{0}, slots: make([]int32, 64), seed: maphash.MakeSeed(), last: -1}
}

func (d *dictionary) len() int {
	if d.store == inInts {
		return len(d.ints)
	}
	return len(d.ends) - 1
}

// full reports whether the dictionary is so large that further values are better off alone.
func (d *dictionary) full() bool { return 8*len(d.ints)+len(d.text)+4*len(d.ends) >= dictionaryBytes }

// at is the text of a number.
func (d *dictionary) at(id int32) string { return view(d.text[d.ends[id]:d.ends[id+1]]) }

// string is the number of a text.
func (d *dictionary) string(s string) int32 {
	if d.last >= 0 && d.at(d.last) == s {
		return d.last
	}
	mask := uint64(len(d.slots) - 1)
	for i := maphash.String(d.seed, s) & mask; ; i = (i + 1) & mask {
		n := d.slots[i]
		if n == 0 {
			d.last = int32(d.len())
			d.text = append(d.text, s...)
			d.ends = append(d.ends, uint32(len(d.text)))
			d.slots[i] = d.last + 1
			d.grow()
			return d.last
		}
		if d.at(n-1) == s {
			d.last = n - 1
			return d.last
		}
	}
}

// int is the number of an integer.
func (d *dictionary) int(v int64) int32 {
	if d.last >= 0 && d.ints[d.last] == v {
		return d.last
	}
	mask := uint64(len(d.slots) - 1)
	for i := hashInt(v) & mask; ; i = (i + 1) & mask {
		n := d.slots[i]
		if n == 0 {
			d.last = int32(len(d.ints))
			d.ints = append(d.ints, v)
			d.slots[i] = d.last + 1
			d.grow()
			return d.last
		}
		if d.ints[n-1] == v {
			d.last = n - 1
			return d.last
		}
	}
}

// grow keeps half of the slots empty. The slots of integers can be foreseen, and a
// dictionary is small, so that is no harm.
func (d *dictionary) grow() {
	if 2*d.len() <= len(d.slots) {
		return
	}
	d.slots = make([]int32, 4*len(d.slots))
	mask := uint64(len(d.slots) - 1)
	for id := range int32(d.len()) {
		h := uint64(0)
		if d.store == inInts {
			h = hashInt(d.ints[id])
		} else {
			h = maphash.String(d.seed, d.at(id))
		}
		i := h & mask
		for d.slots[i] != 0 {
			i = (i + 1) & mask
		}
		d.slots[i] = id + 1
	}
}

func hashInt(v int64) uint64 {
	h := uint64(v) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}

// encode appends the values as a dictionary page holds them.
func (d *dictionary) encode(dst []byte) ([]byte, error) {
	if d.store == inInts {
		return (&plain.Encoding{}).EncodeInt64(dst, d.ints)
	}
	return (&plain.Encoding{}).EncodeByteArray(dst, d.text, d.ends)
}
