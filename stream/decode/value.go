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
	return d.toRest(n, i, end)
}

func (d *Decoder) readRest(n *node, i int) int {
	d.altered = false
	end := d.skip(i)
	if end < 0 {
		return -1
	}
	d.unknown++
	return d.toRest(n, i, end)
}

// toRest keeps the value from i to end, which has just been skipped, in the rest.
func (d *Decoder) toRest(n *node, i, end int) int {
	if n.mute || d.noRest {
		return end
	}
	if !d.fits(i, end-i) {
		return -1
	}
	d.rest.place(n)
	if d.altered || n.filter != nil {
		d.rest.text = appendCompact(d.rest.text, d.buf[i:end], n.filter)
	} else {
		d.rest.text = append(d.rest.text, d.buf[i:end]...)
	}
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
