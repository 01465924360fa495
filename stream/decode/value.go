package decode

// value reads the value at i as n says, at repetition level rep.
func (d *Decoder) value(n *node, i int, rep uint8) int {
	if i >= len(d.buf) {
		return d.unexpected(i, "a value")
	}
	c := d.buf[i]
	if c == 'n' {
		if n.def != 0 || rep != 0 {
			d.nulls(n, n.def, rep)
		}
		if b := d.buf[i:]; len(b) >= 4 && string(b[:4]) == "null" {
			return i + 4
		}
		return d.unexpected(i, "null")
	}
	switch n.reading {
	case asString:
		return d.readString(n, i, rep)
	case asInt, asInstant:
		return d.readInt(n, i, rep)
	case asFloat:
		return d.readFloat(n, i, rep)
	case asBool:
		return d.readBool(n, i, rep)
	case asText:
		if c == '{' || c == '[' {
			return d.readJSON(n, i, rep)
		}
		return d.readString(n, i, rep)
	case asList:
		if c == '[' {
			return d.readList(n, i, rep)
		}
	case asStruct:
		if c == '{' {
			return d.readStruct(n, i, rep)
		}
	case asPath:
		if c == '{' {
			return d.readPath(n, i)
		}
		if n.mute {
			return d.skip(i)
		}
	case asJSON:
		return d.readJSON(n, i, rep)
	case asHash:
		return d.readHash(n, i, rep)
	case asRest:
		return d.readRest(n, i)
	case asNothing:
		d.nulls(n, n.def, rep)
		return d.skip(i)
	}
	return d.misfit(n, i, rep)
}

// nulls adds a null to every leaf of n. At level 0 nothing needs to be written.
func (d *Decoder) nulls(n *node, def, rep uint8) {
	if def == 0 && rep == 0 {
		return
	}
	for k := n.lo; k < n.hi; k++ {
		d.leaves[k].null(d.row, def, rep)
	}
}

// misfit passes a value that does not fit: null in the column, kept in the rest.
func (d *Decoder) misfit(n *node, i int, rep uint8) int {
	d.altered = false
	end := d.skip(i)
	if end < 0 {
		return -1
	}
	d.nulls(n, n.def, rep)
	d.misfits++
	if n.mute {
		return end
	}
	return d.toRest(n, i, end, d.remnant(n, i, end))
}

func (d *Decoder) readRest(n *node, i int) int {
	d.altered = false
	end := d.skip(i)
	if end < 0 {
		return -1
	}
	text := d.remnant(n, i, end)
	if len(text) > 0 {
		d.unknown++
	}
	return d.toRest(n, i, end, text)
}

// remnant is what may be kept of the value from i to end, which has just been skipped;
// empty for an object all of which is left out.
func (d *Decoder) remnant(n *node, i, end int) []byte {
	text := d.buf[i:end]
	if n.filter == nil && !d.altered {
		return text
	}
	d.scratch = appendCompact(d.scratch[:0], text, n.filter)
	if c := (copier{text: text}); string(d.scratch) == "{}" && c.text[c.space(1)] != '}' {
		return nil
	}
	return d.scratch
}

// toRest keeps text, which is left of the value from i to end, in the rest.
func (d *Decoder) toRest(n *node, i, end int, text []byte) int {
	if len(text) == 0 || d.noRest {
		return end
	}
	if !d.fits(i, len(text)) {
		return -1
	}
	d.rest.place(n)
	d.rest.text = append(d.rest.text, text...)
	return end
}

// fits checks the length of one value.
func (d *Decoder) fits(i, n int) bool {
	if int64(n) > d.maxValue {
		d.fail(TooLarge, i, "one value is longer than is allowed")
		return false
	}
	return true
}
