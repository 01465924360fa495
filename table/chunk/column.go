package chunk

import (
	"bytes"
	"unsafe"

	"github.com/parquet-go/parquet-go/format"

	"github.com/inlay-sync/inlay/stream"
)

// store says how a column's values are held.
type store uint8

const (
	inInts store = iota
	inFloats
	inBools
	inText
)

func storeOf(k stream.Kind) store {
	switch k {
	case stream.Int, stream.Timestamp:
		return inInts
	case stream.Float:
		return inFloats
	case stream.Bool:
		return inBools
	}
	return inText
}

// repeats reports whether values may be kept in a dictionary.
func (s store) repeats() bool { return s == inInts || s == inText }

// column gathers one column: the values of its open page, and the pages of its chunk.
type column struct {
	leaf     *stream.Vector
	path     []string
	store    store
	filtered bool
	tools    *Tools

	// The open page.
	def, rep []uint8
	begun    int // rows
	coded    bool
	ids      []int32 // of values in the dictionary, when it is coded
	ints     []int64
	floats   []float64
	bits     []byte // of bools, and how many
	bools    int
	text     []byte
	ends     []uint32 // of each text, after a 0

	dict   *dictionary // nil: none
	hashes []uint64    // of the chunk's values, when it has a filter
	chunk
}

// chunk is what a column has of the open group in finished pages.
type chunk struct {
	pages        [][]byte
	size         int64 // of all pages
	uncompressed int64
	entries      int64
	done         int64 // rows
	bounds       format.ColumnIndex
	places       []format.PageLocation
	encoded      []format.PageEncodingStats // data pages by their encoding
	all          bounds
	unbounded    bool // it has pages whose bounds are not known
}

func newColumn(leaf *stream.Vector, path []string, t *Tools) *column {
	return &column{leaf: leaf, path: path, store: storeOf(leaf.Kind), tools: t}
}

func (c *column) rows() int64 { return c.done + int64(c.begun) }

func (c *column) waiting() int64 { return c.size + c.open() }

// open is about how many bytes the open page holds.
func (c *column) open() int64 {
	return int64(len(c.def) + len(c.rep) + 4*len(c.ids) + 8*len(c.ints) + 8*len(c.floats) + len(c.bits) + len(c.text) + 4*len(c.ends))
}

// full ends the open page when it is large.
func (c *column) full() error {
	if c.open() < pageBytes {
		return nil
	}
	return c.endPage()
}

// begin decides, at its first value, whether a page refers to the dictionary.
func (c *column) begin() {
	if len(c.def) == 0 {
		c.coded = c.dict != nil && !c.dict.full()
	}
}

// levels appends levels of whole rows, and tells how many of the entries are values.
func (c *column) levels(def, rep []uint8) int {
	c.begin()
	c.def = append(c.def, def...)
	if c.leaf.MaxRep == 0 {
		c.begun += len(def)
	} else {
		c.rep = append(c.rep, rep...)
		c.begun += bytes.Count(rep, []byte{0})
	}
	return bytes.Count(def, []byte{c.leaf.MaxDef})
}

func (c *column) vector(v *stream.Vector, from, to int) {
	def := v.Def[from:to]
	var rep []uint8
	if v.MaxRep > 0 {
		rep = v.Rep[from:to]
	}
	present := c.levels(def, rep)
	if present == 0 {
		return
	}
	all := present == len(def)
	switch c.store {
	case inInts:
		c.intsOf(def, v.Ints[from:to], all)
	case inFloats:
		for i, d := range def {
			if d == c.leaf.MaxDef {
				c.floats = append(c.floats, v.Floats[from+i])
			}
		}
	case inBools:
		for i, d := range def {
			if d == c.leaf.MaxDef {
				c.bool(v.Bools[from+i])
			}
		}
	default:
		for i, d := range def {
			if d == c.leaf.MaxDef {
				c.string(v.Strs[from+i])
			}
		}
	}
}

func (c *column) intsOf(def []uint8, values []int64, all bool) {
	if all && !c.coded {
		c.ints = append(c.ints, values...)
		return
	}
	for i, d := range def {
		if d == c.leaf.MaxDef {
			c.int(values[i])
		}
	}
}

func (c *column) chosen(v *stream.Vector, rows []int32) {
	c.begin()
	c.begun += len(rows)
	for _, r := range rows {
		d := v.Def[r]
		c.def = append(c.def, d)
		if d != c.leaf.MaxDef {
			continue
		}
		switch c.store {
		case inInts:
			c.int(v.Ints[r])
		case inFloats:
			c.floats = append(c.floats, v.Floats[r])
		case inBools:
			c.bool(v.Bools[r])
		default:
			c.string(v.Strs[r])
		}
	}
}

func (c *column) int(v int64) {
	if c.coded {
		c.ids = append(c.ids, c.dict.int(v))
		return
	}
	c.ints = append(c.ints, v)
}

func (c *column) string(s string) {
	if c.coded {
		c.ids = append(c.ids, c.dict.string(s))
		return
	}
	if len(c.ends) == 0 {
		c.ends = append(c.ends, 0)
	}
	c.text = append(c.text, s...)
	c.ends = append(c.ends, uint32(len(c.text)))
}

func (c *column) bool(v bool) {
	if c.bools%8 == 0 {
		c.bits = append(c.bits, 0)
	}
	if v {
		c.bits[c.bools/8] |= 1 << (c.bools % 8)
	}
	c.bools++
}

// clear empties the open page.
func (c *column) clear() {
	c.def, c.rep, c.begun = c.def[:0], c.rep[:0], 0
	c.ids, c.ints, c.floats = c.ids[:0], c.ints[:0], c.floats[:0]
	c.bits, c.bools, c.text, c.ends = c.bits[:0], 0, c.text[:0], c.ends[:0]
}

// next begins a new chunk.
func (c *column) next() {
	c.chunk = chunk{}
	c.hashes = c.hashes[:0]
}

// view is a text that shares memory with b.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
