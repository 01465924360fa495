// Package deflate opens bodies that were compressed with gzip. A body is there as a whole
// before it is opened, and is opened in one go: nothing is kept for a caller who might
// read a little now and a little later, and what repeats is copied from the result itself.
//
// What the standard library reads is read the same, and what it refuses is refused.
package deflate

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
)

// Errors of Gunzip.
var (
	// ErrTooLarge marks a body that is larger than was allowed once it is opened.
	ErrTooLarge = errors.New("the body is larger than allowed")
	// ErrCorrupt marks a body that is not as gzip writes it, or not all of it.
	ErrCorrupt = errors.New("the body is damaged, or ends early")
)

// growth is how many bytes one byte can become at most; slack is room past what is written
// so far, in which one round of quickly always fits.
const (
	growth = 1032
	slack  = 3*longestCopy + 8
)

// Gunzip opens src, which holds one or more gzip members, and returns what they hold. It
// is an error if that is more than most bytes.
func (d *Decoder) Gunzip(src []byte, most int64) ([]byte, error) {
	d.in, d.at, d.bits, d.n = src, 0, 0, 0
	d.most = int(min(most, math.MaxInt32))
	d.out, d.to, d.from = make([]byte, d.guess()+slack), 0, 0
	defer func() { d.in, d.out = nil, nil }()
	for first := true; first || d.at < len(src); first = false {
		if err := d.member(); err != nil {
			return nil, err
		}
		if d.to > d.most {
			return nil, ErrTooLarge
		}
	}
	return d.out[:d.to:d.to], nil
}

// guess is how many bytes there will be, as the end of the last member says, if it is true.
func (d *Decoder) guess() int {
	if len(d.in) < 18 {
		return 0
	}
	says := int(binary.LittleEndian.Uint32(d.in[len(d.in)-4:]))
	return min(says, d.most, growth*len(d.in))
}

// Bits of a member's flags.
const (
	hasSum = 1 << (iota + 1)
	hasExtra
	hasName
	hasComment
)

// member opens one member.
func (d *Decoder) member() error {
	if err := d.head(); err != nil {
		return err
	}
	d.from = d.to
	if err := d.blocks(); err != nil {
		return err
	}
	if len(d.in)-d.at < 8 {
		return ErrCorrupt
	}
	sum, size := binary.LittleEndian.Uint32(d.in[d.at:]), binary.LittleEndian.Uint32(d.in[d.at+4:])
	d.at += 8
	if got := d.out[d.from:d.to]; sum != crc32.ChecksumIEEE(got) || size != uint32(len(got)) {
		return ErrCorrupt
	}
	return nil
}

// head passes the head of a member.
func (d *Decoder) head() error {
	from, h := d.at, d.in[d.at:]
	if len(h) < 10 || h[0] != 0x1f || h[1] != 0x8b || h[2] != 8 {
		return ErrCorrupt
	}
	flags := h[3]
	d.at += 10
	if flags&hasExtra != 0 {
		if len(d.in)-d.at < 2 {
			return ErrCorrupt
		}
		d.at += 2 + int(binary.LittleEndian.Uint16(d.in[d.at:]))
	}
	for _, f := range []byte{hasName, hasComment} {
		if flags&f != 0 && !d.text() {
			return ErrCorrupt
		}
	}
	if d.at > len(d.in) {
		return ErrCorrupt
	}
	if flags&hasSum == 0 {
		return nil
	}
	if len(d.in)-d.at < 2 || binary.LittleEndian.Uint16(d.in[d.at:]) != uint16(crc32.ChecksumIEEE(d.in[from:d.at])) {
		return ErrCorrupt
	}
	d.at += 2
	return nil
}

// text passes a text that ends with a 0; the standard library reads 511 bytes at most.
func (d *Decoder) text() bool {
	for end := d.at + 512; d.at < min(end, len(d.in)); d.at++ {
		if d.in[d.at] == 0 {
			d.at++
			return true
		}
	}
	return false
}
