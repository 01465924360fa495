package decode

import "github.com/inlay-sync/inlay/stream"

// store is the slice of a leaf that holds its values.
type store uint8

const (
	inInts store = iota
	inFloats
	inBools
	inStrs
)

// leaf is a stream.Vector being filled. Rows whose entry is a null at level 0 are not
// written as they come: the next entry, or the end of the batch, pads them.
type leaf struct {
	store    store
	maxDef   uint8
	repeated bool
	rows     int // rows that have an entry; for leaves that are not repeated, len(def)
	def, rep []uint8
	ints     []int64
	floats   []float64
	bools    []bool
	strs     []string
}

func storeOf(k stream.Kind) store {
	switch k {
	case stream.Int, stream.Timestamp:
		return inInts
	case stream.Float:
		return inFloats
	case stream.Bool:
		return inBools
	}
	return inStrs
}

// level writes the levels of an entry of row.
func (l *leaf) level(row int, def, rep uint8) {
	if l.repeated {
		if rep == 0 {
			if l.rows < row {
				l.pad(row - l.rows)
			}
			l.rows = row + 1
		}
		l.rep = append(l.rep, rep)
	} else if len(l.def) < row {
		l.pad(row - len(l.def))
	}
	l.def = append(l.def, def)
}

// present writes the levels of an entry that is not null. Its value must follow.
func (l *leaf) present(row int, rep uint8) {
	if !l.repeated && len(l.def) == row && row < cap(l.def) {
		l.def = l.def[:row+1]
		l.def[row] = l.maxDef
		return
	}
	l.level(row, l.maxDef, rep)
}

// null adds a null entry.
func (l *leaf) null(row int, def, rep uint8) {
	l.level(row, def, rep)
	l.zeros(1)
}

// pad adds n rows that are null at level 0.
func (l *leaf) pad(n int) {
	if n == 1 && !l.repeated && l.store == inStrs {
		l.def, l.strs = append(l.def, 0), append(l.strs, "")
		return
	}
	l.def = append(l.def, make([]uint8, n)...)
	if l.repeated {
		l.rep = append(l.rep, make([]uint8, n)...)
		l.rows += n
	}
	l.zeros(n)
}

func (l *leaf) zeros(n int) {
	switch l.store {
	case inInts:
		l.ints = append(l.ints, make([]int64, n)...)
	case inFloats:
		l.floats = append(l.floats, make([]float64, n)...)
	case inBools:
		l.bools = append(l.bools, make([]bool, n)...)
	default:
		l.strs = append(l.strs, make([]string, n)...)
	}
}

// begun is the number of rows that have an entry.
func (l *leaf) begun() int {
	if l.repeated {
		return l.rows
	}
	return len(l.def)
}

// entry is the index of the first entry of row, which must not be beyond begun.
func (l *leaf) entry(row int) int {
	if !l.repeated {
		return row
	}
	i := len(l.def)
	for n := l.rows; n > row; n-- {
		for i--; l.rep[i] != 0; i-- {
		}
	}
	return i
}

// truncate drops row and the rows after it.
func (l *leaf) truncate(row int) {
	if l.begun() > row {
		l.cut(l.entry(row))
		l.rows = min(l.rows, row)
	}
}

func (l *leaf) cut(n int) {
	l.def = l.def[:n]
	if l.repeated {
		l.rep = l.rep[:n]
	}
	switch l.store {
	case inInts:
		l.ints = l.ints[:n]
	case inFloats:
		l.floats = l.floats[:n]
	case inBools:
		l.bools = l.bools[:n]
	default:
		clear(l.strs[n:])
		l.strs = l.strs[:n]
	}
}

// retain drops those rows from row on whose keep is false.
func (l *leaf) retain(row int, keep []bool) {
	if l.begun() <= row {
		return
	}
	to := l.entry(row)
	at, left := row-1, 0
	for i := to; i < len(l.def); i++ {
		first := !l.repeated || l.rep[i] == 0
		if first {
			at++
		}
		if !keep[at-row] {
			continue
		}
		if first {
			left++
		}
		l.move(to, i)
		to++
	}
	l.cut(to)
	if l.repeated {
		l.rows = row + left
	}
}

func (l *leaf) move(to, from int) {
	if to == from {
		return
	}
	l.def[to] = l.def[from]
	if l.repeated {
		l.rep[to] = l.rep[from]
	}
	switch l.store {
	case inInts:
		l.ints[to] = l.ints[from]
	case inFloats:
		l.floats[to] = l.floats[from]
	case inBools:
		l.bools[to] = l.bools[from]
	default:
		l.strs[to] = l.strs[from]
	}
}

// take hands over the entries of rows to v and empties the leaf, whose slices are then
// nil. Leaves without any entry share nulls, which grows as needed; no one may write to it.
func (l *leaf) take(v *stream.Vector, rows int, nulls *leaf) {
	if l.begun() == 0 && rows > 0 {
		nulls.growTo(l.store, rows)
		v.Def = nulls.def
		if l.repeated {
			v.Rep = nulls.rep
		}
		switch l.store {
		case inInts:
			v.Ints = nulls.ints
		case inFloats:
			v.Floats = nulls.floats
		case inBools:
			v.Bools = nulls.bools
		default:
			v.Strs = nulls.strs
		}
		return
	}
	if l.begun() < rows {
		l.pad(rows - l.begun())
	}
	v.Def, v.Rep, v.Ints, v.Floats, v.Bools, v.Strs = l.def, l.rep, l.ints, l.floats, l.bools, l.strs
	*l = leaf{store: l.store, maxDef: l.maxDef, repeated: l.repeated}
}

// growTo makes rows nulls of one store, all slices of which have no room beyond.
func (l *leaf) growTo(s store, rows int) {
	if l.def == nil {
		l.def, l.rep = make([]uint8, rows), make([]uint8, rows)
	}
	switch {
	case s == inInts && l.ints == nil:
		l.ints = make([]int64, rows)
	case s == inFloats && l.floats == nil:
		l.floats = make([]float64, rows)
	case s == inBools && l.bools == nil:
		l.bools = make([]bool, rows)
	case s == inStrs && l.strs == nil:
		l.strs = make([]string, rows)
	}
}
