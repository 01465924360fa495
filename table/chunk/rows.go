package chunk

// Piece appends rows that were read.
func (w *Writer) Piece(leaf int, p Piece) error {
	c := w.columns[leaf]
	for from := p.from; from < p.to; from += stepRows {
		c.rowsOf(p.page, from, min(from+stepRows, p.to))
		if err := c.full(); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf appends rows of a page.
func (c *column) rowsOf(p *page, from, to int) {
	from, to = p.entries(from, to)
	var rep []uint8
	if p.starts != nil {
		rep = p.rep[from:to]
	}
	n := c.levels(p.def[from:to], rep)
	if n == 0 {
		return
	}
	at := p.before(from)
	switch {
	case p.words != nil && c.coded:
		c.ids = p.words.translate(c.ids, p.ids[at:at+n], c.dict)
	case p.words != nil:
		for _, id := range p.ids[at : at+n] {
			if c.store == inInts {
				c.int(p.words.ints[id])
			} else {
				c.string(p.words.at(id))
			}
		}
	case c.store == inInts && !c.coded:
		c.ints = append(c.ints, p.ints[at:at+n]...)
	case c.store == inInts:
		for _, v := range p.ints[at : at+n] {
			c.int(v)
		}
	case c.store == inFloats:
		c.floats = append(c.floats, p.floats[at:at+n]...)
	case c.store == inBools:
		for i := at; i < at+n; i++ {
			c.bool(p.bool(i))
		}
	case c.coded:
		for i := at; i < at+n; i++ {
			c.string(p.textAt(i))
		}
	default:
		c.texts(p.text, p.ends[at:at+n+1])
	}
}

// texts appends texts that stand one after the other.
func (c *column) texts(text []byte, ends []uint32) {
	if len(c.ends) == 0 {
		c.ends = append(c.ends, 0)
	}
	shift := uint32(len(c.text)) - ends[0]
	c.text = append(c.text, text[ends[0]:ends[len(ends)-1]]...)
	for _, end := range ends[1:] {
		c.ends = append(c.ends, end+shift)
	}
}
