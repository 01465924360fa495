package decode

import (
	"encoding/hex"
	"math"
)

func (d *Decoder) addString(n *node, s string, rep uint8) {
	l := &d.leaves[n.lo]
	l.present(d.row, rep)
	l.strs = append(l.strs, s)
}

// readString takes a string, or the text of a number or a boolean.
func (d *Decoder) readString(n *node, i int, rep uint8) int {
	c := d.buf[i]
	if c == '"' {
		end, escaped := d.stringAt(i)
		if end < 0 || !d.fits(i, end-i) {
			return -1
		}
		inside := d.buf[i+1 : end-1]
		if escaped {
			d.addString(n, d.arena.keep(unescape(d.arena.room(len(inside)), inside)), rep)
		} else {
			d.addString(n, view(inside), rep)
		}
		return end
	}
	if c == '{' || c == '[' {
		return d.misfit(n, i, rep)
	}
	end := d.skip(i)
	if end < 0 || !d.fits(i, end-i) {
		return -1
	}
	d.addString(n, view(d.buf[i:end]), rep)
	return end
}

// readInt takes an integer, as a number or as canonical text, and for an instant also an
// ISO-8601 time.
func (d *Decoder) readInt(n *node, i int, rep uint8) int {
	var v int64
	var ok bool
	var end int
	switch c := d.buf[i]; {
	case c == '-' || c-'0' <= 9:
		if v, end, ok = shortInt(d.buf, i); !ok {
			if end = d.number(i); end < 0 {
				return -1
			}
			v, ok = exactInt(view(d.buf[i:end]))
		}
		if n.reading == asInstant && ok {
			v, ok = instantOf(v)
		}
	case c == '"':
		var text string
		if text, end = d.shortText(i); end < 0 {
			return -1
		}
		if n.reading == asInstant {
			v, ok = isoInstant(text)
		} else {
			v, ok = canonicalInt(text)
		}
	}
	if !ok {
		return d.misfit(n, i, rep)
	}
	l := &d.leaves[n.lo]
	l.present(d.row, rep)
	l.ints = append(l.ints, v)
	return end
}

// shortInt reads an integer of at most 18 digits; not ok means that a closer look is
// needed, not that there is none.
func shortInt(b []byte, i int) (v int64, end int, ok bool) {
	negative := b[i] == '-'
	if negative {
		i++
	}
	from := i
	for i < len(b) && b[i]-'0' <= 9 {
		v = v*10 + int64(b[i]-'0')
		i++
	}
	n := i - from
	if n == 0 || n > 18 || (b[from] == '0' && n > 1) {
		return 0, 0, false
	}
	if i < len(b) && (b[i] == '.' || b[i]|0x20 == 'e') {
		return 0, 0, false
	}
	if negative {
		v = -v
	}
	return v, i, true
}

// shortText is the string at i, whose text is used at once and kept nowhere.
func (d *Decoder) shortText(i int) (string, int) {
	end, escaped := d.stringAt(i)
	if end < 0 {
		return "", -1
	}
	if escaped {
		d.scratch = unescape(d.scratch[:0], d.buf[i+1:end-1])
		return view(d.scratch), end
	}
	return view(d.buf[i+1 : end-1]), end
}

func (d *Decoder) readFloat(n *node, i int, rep uint8) int {
	if c := d.buf[i]; c != '-' && c-'0' > 9 {
		return d.misfit(n, i, rep)
	}
	end := d.number(i)
	if end < 0 {
		return -1
	}
	v, ok := exactFloat(view(d.buf[i:end]))
	if !ok || math.IsInf(v, 0) {
		return d.misfit(n, i, rep)
	}
	l := &d.leaves[n.lo]
	l.present(d.row, rep)
	l.floats = append(l.floats, v)
	return end
}

func (d *Decoder) readBool(n *node, i int, rep uint8) int {
	v := d.buf[i] == 't'
	word := "false"
	if v {
		word = "true"
	} else if d.buf[i] != 'f' {
		return d.misfit(n, i, rep)
	}
	l := &d.leaves[n.lo]
	l.present(d.row, rep)
	l.bools = append(l.bools, v)
	return d.literal(i, word)
}

// readJSON keeps the value's own text, without white space and without what is left out.
func (d *Decoder) readJSON(n *node, i int, rep uint8) int {
	d.altered = false
	end := d.skip(i)
	if end < 0 || !d.fits(i, end-i) {
		return -1
	}
	text := d.buf[i:end]
	if d.altered || n.filter != nil {
		d.addString(n, d.arena.keep(appendCompact(d.arena.room(len(text)), text, n.filter)), rep)
	} else {
		d.addString(n, view(text), rep)
	}
	return end
}

// readHash keeps the keyed hash of a string, or of the text of any other value.
func (d *Decoder) readHash(n *node, i int, rep uint8) int {
	end := d.skip(i)
	if end < 0 {
		return -1
	}
	text := d.buf[i:end]
	if text[0] == '"' {
		d.scratch = unescape(d.scratch[:0], text[1:len(text)-1])
	} else {
		d.scratch = appendCompact(d.scratch[:0], text, nil)
	}
	d.hash.Reset()
	d.hash.Write(d.scratch)
	d.scratch = d.hash.Sum(d.scratch[:0])
	room := d.arena.room(hex.EncodedLen(len(d.scratch)))
	d.addString(n, d.arena.keep(hex.AppendEncode(room, d.scratch)), rep)
	return end
}
