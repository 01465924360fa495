package decode

import "github.com/inlay-sync/inlay/stream"

// slab holds the slices of all leaves of a batch, one allocation for each kind.
type slab struct {
	levels []uint8
	ints   []int64
	floats []float64
	bools  []bool
	strs   []string
}

// carve cuts room for n elements off the front of from.
func carve[T any](from *[]T, n int) []T {
	out := (*from)[:0:n]
	*from = (*from)[n:]
	return out
}

// renew gives each leaf that has no slices room for as many entries as its vector in the
// batch before.
func renew(leaves []leaf, before []stream.Vector) {
	room := make([]int, len(leaves))
	var levels int
	var values [inStrs + 1]int
	for i := range leaves {
		l := &leaves[i]
		if l.def != nil {
			continue
		}
		room[i] = before[i].Len()
		if l.repeated {
			room[i] += room[i] / 8
			levels += room[i]
		}
		levels += room[i]
		values[l.store] += room[i]
	}
	s := slab{make([]uint8, levels), make([]int64, values[inInts]), make([]float64, values[inFloats]),
		make([]bool, values[inBools]), make([]string, values[inStrs])}
	for i := range leaves {
		if leaves[i].def == nil {
			leaves[i].carve(&s, room[i])
		}
	}
}

func (l *leaf) carve(s *slab, n int) {
	l.def = carve(&s.levels, n)
	if l.repeated {
		l.rep = carve(&s.levels, n)
	}
	switch l.store {
	case inInts:
		l.ints = carve(&s.ints, n)
	case inFloats:
		l.floats = carve(&s.floats, n)
	case inBools:
		l.bools = carve(&s.bools, n)
	default:
		l.strs = carve(&s.strs, n)
	}
}
