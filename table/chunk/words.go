package chunk

import (
	"hash/maphash"
	"slices"
)

// words are the values of a dictionary that was read.
type words struct {
	ints []int64
	text []byte
	ends []uint32
	// translated are the numbers in the dictionary with this seed, + 1; 0 where it was not asked.
	translated []int32
	seed       maphash.Seed
}

func (w *words) len() int {
	if w.ints != nil {
		return len(w.ints)
	}
	return max(0, len(w.ends)-1)
}

// have reports whether there is a value for each of the numbers.
func (w *words) have(ids []int32) bool {
	return len(ids) == 0 || slices.Min(ids) >= 0 && int(slices.Max(ids)) < w.len()
}

func (w *words) at(id int32) string { return view(w.text[w.ends[id]:w.ends[id+1]]) }

// translate appends the numbers that a dictionary has for the values of ids.
func (w *words) translate(dst, ids []int32, d *dictionary) []int32 {
	if w.translated == nil || w.seed != d.seed {
		w.seed, w.translated = d.seed, make([]int32, w.len())
	}
	for _, id := range ids {
		n := w.translated[id]
		if n == 0 {
			if d.store == inInts {
				n = d.int(w.ints[id]) + 1
			} else {
				n = d.string(w.at(id)) + 1
			}
			w.translated[id] = n
		}
		dst = append(dst, n-1)
	}
	return dst
}
