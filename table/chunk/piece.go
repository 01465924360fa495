package chunk

import (
	"bytes"
	"errors"
	"slices"

	"github.com/inlay-sync/inlay/stream"
)

// Piece is some rows of a column as they stood in one page: levels apart from values, and
// values of a dictionary by their numbers. Pieces are cut, put in another order and written
// without a look at single values.
type Piece struct {
	page     *page
	from, to int
}

// Rows is how many rows the piece has.
func (p Piece) Rows() int { return p.to - p.from }

// Cut is the piece's rows from from to to.
func (p Piece) Cut(from, to int) Piece { return Piece{p.page, p.from + from, p.from + to} }

// PieceOf makes a piece of a vector's rows.
func PieceOf(v *stream.Vector) (Piece, error) {
	c := &column{leaf: v, store: storeOf(v.Kind)}
	c.vector(v, 0, v.Len())
	return (&page{leaf: v, store: c.store, def: v.Def, rep: v.Rep, ints: c.ints, floats: c.floats, bits: c.bits, text: c.text, ends: c.ends}).whole()
}

// Append adds the piece's rows to a vector of the same kind and levels. Texts share memory
// with the piece.
func (p Piece) Append(v *stream.Vector) {
	from, to := p.page.entries(p.from, p.to)
	at := p.page.before(from)
	for i := from; i < to; i++ {
		var rep uint8
		if v.MaxRep > 0 {
			rep = p.page.rep[i]
		}
		if p.page.def[i] != v.MaxDef {
			v.AppendNull(p.page.def[i], rep)
			continue
		}
		p.page.appendValue(v, at, rep)
		at++
	}
}

// page is what pieces are cut from: the entries of a page, and its values without nulls.
type page struct {
	leaf     *stream.Vector
	store    store
	def, rep []uint8
	starts   []int32 // the entry that each row begins with, and the end; nil where each row is one entry
	marks    []int32 // how many values stand before every markth entry

	words  *words // what ids refer to; nil: the values stand here
	ids    []int32
	ints   []int64
	floats []float64
	bits   []byte   // of bools
	text   []byte   // of all texts
	ends   []uint32 // where the first text begins, and where each ends
}

// markEntries is how many entries stand between two marks.
const markEntries = 256

// errPage says that a page does not hold what it says it does.
var errPage = errors.New("the levels of a page are not those of its values")

// whole is the piece of all rows of a page whose entries and values are there. It fails
// where these do not belong together, so that whatever is done with the piece is in bounds.
func (p *page) whole() (Piece, error) {
	values, at := 0, 0
	for ; at < len(p.def); at += markEntries {
		p.marks = append(p.marks, int32(values))
		values += bytes.Count(p.def[at:min(at+markEntries, len(p.def))], []byte{p.leaf.MaxDef})
	}
	if values > p.values() || !inBounds(p.text, p.ends) || p.words != nil && !p.words.have(p.ids) {
		return Piece{}, errPage
	}
	if p.leaf.MaxRep == 0 {
		return Piece{p, 0, len(p.def)}, nil
	}
	if len(p.rep) != len(p.def) || len(p.rep) > 0 && p.rep[0] != 0 {
		return Piece{}, errPage
	}
	p.starts = make([]int32, 0, bytes.Count(p.rep, []byte{0})+1)
	for i, r := range p.rep {
		if r == 0 {
			p.starts = append(p.starts, int32(i))
		}
	}
	p.starts = append(p.starts, int32(len(p.rep)))
	return Piece{p, 0, len(p.starts) - 1}, nil
}

// inBounds reports whether all texts lie within the bytes of all.
func inBounds(text []byte, ends []uint32) bool {
	return len(ends) == 0 || slices.IsSorted(ends) && int(ends[len(ends)-1]) <= len(text)
}

// values is how many values the page has room for.
func (p *page) values() int {
	switch {
	case p.words != nil:
		return len(p.ids)
	case p.store == inInts:
		return len(p.ints)
	case p.store == inFloats:
		return len(p.floats)
	case p.store == inBools:
		return 8 * len(p.bits)
	}
	return max(0, len(p.ends)-1)
}

// entries are those of rows from from to to.
func (p *page) entries(from, to int) (int, int) {
	if p.starts == nil {
		return from, to
	}
	return int(p.starts[from]), int(p.starts[to])
}

// before is how many values stand before an entry.
func (p *page) before(entry int) int {
	if entry == len(p.def) {
		return 0 // nothing is asked for there
	}
	mark := entry / markEntries
	return int(p.marks[mark]) + bytes.Count(p.def[mark*markEntries:entry], []byte{p.leaf.MaxDef})
}

func (p *page) bool(i int) bool { return p.bits[i/8]&(1<<(i%8)) != 0 }

func (p *page) textAt(i int) string { return view(p.text[p.ends[i]:p.ends[i+1]]) }

func (p *page) appendValue(v *stream.Vector, i int, rep uint8) {
	switch {
	case p.words != nil && p.store == inInts:
		v.AppendInt(p.words.ints[p.ids[i]], rep)
	case p.words != nil:
		v.AppendString(p.words.at(p.ids[i]), rep)
	case p.store == inInts:
		v.AppendInt(p.ints[i], rep)
	case p.store == inFloats:
		v.AppendFloat(p.floats[i], rep)
	case p.store == inBools:
		v.AppendBool(p.bool(i), rep)
	default:
		v.AppendString(p.textAt(i), rep)
	}
}
