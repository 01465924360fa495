// Package decode turns a service's JSON pages into rows of one Shape.
//
// It reads every byte once, directed by the shape, and checks as it reads: what
// encoding/json refuses is refused, and what it accepts is read as it reads it. Invalid
// UTF-8 becomes U+FFFD, and of two members with one name the last wins.
//
// A value goes to the columns that the shape reads from its place. A value that does not
// fit its column is null there and is kept, under its path, in the rest column; so is
// every value that nothing declares, except null, which is the same as absent. What the
// shape omits or hashes appears nowhere else: not in a JSON column, not in the rest. A
// column that is read from inside something omitted is still filled, and what does not fit
// it is then counted only.
//
// What fits:
//
//   - String: a string, or the text of a number or boolean as it came.
//   - Int: a number that is whole and has 64 bits, however it is written, or the same as
//     canonical text ("123").
//   - Float: a number that a double stands for without loss, that is, reads the same when
//     the double is written with as many digits.
//   - Bool: true and false.
//   - Timestamp: an integer of seconds or, from 100,000,000,000 on, milliseconds since 1970,
//     negative too, or an ISO-8601 text with its zone; digits beyond microseconds are cut.
//   - JSON: anything; the text as it came, without white space, and with \ufffd for the
//     escape of half a surrogate pair.
//   - List: an array. Struct: an object. An element or field that does not fit is null by
//     itself.
//
// In the rest, an array holds at index i what is left of element i.
package decode

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"hash"
	"slices"

	"github.com/inlay-sync/inlay/stream"
)

// Options bound and equip a Decoder.
type Options struct {
	HashKey  []byte // keys the HMAC-SHA-256 of hashed columns, which are its 64 hexadecimal digits
	MaxDepth int    // levels of nesting in one text; 0 means 100
	MaxValue int64  // bytes of one value; 0 means 128 MiB
	// Capture names members of each object, dots between names, whose values are handed
	// out beside the rows, whatever the shape says of them. See Element.
	Capture []string
}

// Decoder appends objects to a batch. It is for one goroutine. Texts handed to it are
// shared with the rows and must not change afterwards.
type Decoder struct {
	scanner
	empty    *stream.Rows // what every batch begins as
	root     *object
	leaves   []leaf
	row      int // rows so far
	misfits  int64
	unknown  int64
	rest     remains
	noRest   bool
	maxValue int64
	hash     hash.Hash
	arena    arena
	scratch  []byte
	objects  uint64 // met so far
	strays   bool   // the row had undeclared names that were not told apart

	injected []*node
	captures int
	captured [][]byte // captures of each element of the last call
	marks    []mark   // of each element of the last call
	verdicts []bool
}

// mark is what an element added beside its row.
type mark struct {
	from, to         int // in the text
	misfits, unknown int64
}

// New returns a decoder for rows of sh. Its errors are a *stream.ShapeError, for a column
// that cannot be read, and a missing hash key.
func New(sh stream.Shape, o Options) (*Decoder, error) {
	root, leaves, err := compile(sh, o.Capture)
	if err != nil {
		return nil, err
	}
	root.link(nil, 0)
	d := &Decoder{empty: stream.NewRows(sh.Columns()), root: root, leaves: leaves, noRest: sh.NoRest, captures: len(o.Capture)}
	d.maxDepth, d.maxValue = o.MaxDepth, o.MaxValue
	if d.maxDepth <= 0 {
		d.maxDepth = 100
	}
	if d.maxValue <= 0 {
		d.maxValue = 128 << 20
	}
	for _, f := range sh.Fields {
		if f.Hash && len(o.HashKey) == 0 {
			return nil, errors.New("a column is to be hashed, and there is no hash key")
		}
	}
	d.hash = hmac.New(sha256.New, o.HashKey)
	if !d.noRest {
		d.leaves = append(d.leaves, leaf{store: inStrs, maxDef: 1})
	}
	return d, nil
}

// Inject makes every following object have the top-level string member name, in place of
// what it has under that name: a parent's id, which a child does not carry. An empty value
// ends that. A name that the shape does not mention is ignored.
func (d *Decoder) Inject(name, value string) {
	n, ok := d.root.members[name]
	if !ok {
		return
	}
	for i, m := range d.injected {
		if m == n {
			d.injected = append(d.injected[:i], d.injected[i+1:]...)
			break
		}
	}
	n.inject = nil
	if value != "" {
		n.inject = valid(appendQuoted(nil, value))
		d.injected = append(d.injected, n)
	}
	n.settle()
}

// Reset drops the rows so far and what was injected.
func (d *Decoder) Reset() {
	for len(d.injected) > 0 {
		d.Inject(d.injected[0].name, "")
	}
	d.truncate(0)
	d.misfits, d.unknown = 0, 0
	d.forget()
}

// Len is the number of rows so far.
func (d *Decoder) Len() int { return d.row }

// Take returns the rows so far, which are the caller's from then on, and begins a new
// batch. What was injected stays.
func (d *Decoder) Take() *stream.Rows {
	rows := &stream.Rows{N: d.row, Columns: d.empty.Columns, Leaves: slices.Clone(d.empty.Leaves), Misfits: d.misfits, Unknown: d.unknown}
	nulls := leaf{repeated: true}
	for i := range d.leaves {
		d.leaves[i].take(&rows.Leaves[i], d.row, &nulls)
	}
	renew(d.leaves, rows.Leaves)
	d.row, d.misfits, d.unknown = 0, 0, 0
	d.forget()
	return rows
}

// forget lets go of the last call's elements.
func (d *Decoder) forget() {
	clear(d.captured)
	d.captured, d.marks = d.captured[:0], d.marks[:0]
	d.buf = nil
}

func (d *Decoder) truncate(row int) {
	for i := range d.leaves {
		d.leaves[i].truncate(row)
	}
	d.row = row
}

// Object appends one object as a row. On an error, which is an *Error, there is none.
func (d *Decoder) Object(text []byte) error {
	d.begin(text)
	i := d.element(d.space(0))
	if i < 0 || !d.finish(i) {
		return d.undo(d.row-len(d.marks), -1)
	}
	return nil
}

func (d *Decoder) begin(text []byte) {
	d.forget()
	d.buf, d.err, d.depth = valid(text), nil, 0
}

// undo goes back to row, and returns the error that made it necessary.
func (d *Decoder) undo(row, element int) error {
	for _, m := range d.marks {
		d.misfits -= m.misfits
		d.unknown -= m.unknown
	}
	d.truncate(row)
	d.forget()
	err := d.err
	err.Element = element
	return err
}
