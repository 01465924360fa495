package decode

// duplicate is the kind of the error that makes the decoder start a row again, from a
// text in which every name stands once. It never leaves the package.
const duplicate Kind = "duplicate"

// readList reads an array into a list column.
func (d *Decoder) readList(n *node, i int, rep uint8) int {
	if !d.descend(i) {
		return -1
	}
	if i = d.tight(i + 1); i < len(d.buf) && d.buf[i] == ']' {
		d.nulls(n, n.def+1, rep)
		d.depth--
		return i + 1
	}
	for n.at = 0; ; n.at++ {
		if i = d.value(n.elem, i, rep); i < 0 {
			return -1
		}
		rep = n.rep
		i = d.tight(i)
		if i < len(d.buf) && d.buf[i] == ',' {
			i = d.tight(i + 1)
			continue
		}
		if i < len(d.buf) && d.buf[i] == ']' {
			break
		}
		return d.unexpected(i, "a comma or the end of an array")
	}
	d.rest.leave(n)
	d.depth--
	return i + 1
}

// readStruct reads an object into a struct column.
func (d *Decoder) readStruct(n *node, i int, rep uint8) int {
	if i = d.object(n.members, i, rep); i >= 0 {
		d.rest.leave(n)
	}
	return i
}

// readPath reads an object that is no column itself.
func (d *Decoder) readPath(n *node, i int) int { return d.readStruct(n, i, 0) }

// object reads the members of the object at i.
func (d *Decoder) object(o *object, i int, rep uint8) int {
	if !d.descend(i) {
		return -1
	}
	d.objects++
	number := d.objects
	i = d.tight(i + 1)
	if i < len(d.buf) && d.buf[i] == '}' {
		i++
	} else if i = d.objectMembers(o, i, rep, number); i < 0 {
		return -1
	}
	for _, m := range o.need {
		if m.met != number {
			d.nulls(m, m.def, rep)
		}
	}
	d.depth--
	return i
}

func (d *Decoder) objectMembers(o *object, i int, rep uint8, number uint64) int {
	b := d.buf
	at := o.first
	var prev *node
	for {
		var m *node
		if at != nil && at.key.at(b, i) {
			m = at
			i += int(m.key.size)
			if i >= len(b) || b[i] <= ' ' {
				i = d.space(i)
			}
		} else if m, i = d.name(o, i, prev); i < 0 {
			return -1
		}
		if m.met == number && m.inject == nil {
			return d.fail(duplicate, i, "a name stands twice in an object")
		}
		m.met = number
		if m.simple {
			i = d.value(m, i, rep)
		} else {
			i = d.reread(m, i, rep)
		}
		if i < 0 {
			return -1
		}
		if i = d.tight(i); i >= len(b) {
			return d.unexpected(i, "a comma or the end of an object")
		}
		switch b[i] {
		case ',':
			i = d.tight(i + 1)
		case '}':
			return i + 1
		default:
			return d.unexpected(i, "a comma or the end of an object")
		}
		at, prev = m.next, m
	}
}

// name reads a name that was not foreseen, and foresees it for the next object.
func (d *Decoder) name(o *object, i int, prev *node) (*node, int) {
	if i >= len(d.buf) || d.buf[i] != '"' {
		return nil, d.unexpected(i, "a name in quotes")
	}
	end, escaped := d.stringAt(i)
	if end < 0 {
		return nil, -1
	}
	name := d.buf[i+1 : end-1]
	if escaped {
		d.scratch = unescape(d.scratch[:0], name)
		name = d.scratch
	}
	var m *node
	if known, ok := o.members[string(name)]; ok {
		m = known
	} else if m = o.learned(name); m == nil {
		m = d.strayNode(o, name)
	}
	switch {
	case !m.declared:
	case prev == nil:
		o.first = m
	default:
		prev.next = m
	}
	return m, d.colon(end)
}

// strayNode stands for an undeclared name of an object that has very many. Whether such a
// name stands twice is looked into after the row.
func (d *Decoder) strayNode(o *object, name []byte) *node {
	n := o.undeclared()
	n.key.text = string(append(appendQuoted(nil, view(name)), ':'))
	d.strays = d.strays || !n.mute
	return n
}

// reread reads a value that more than one reader wants.
func (d *Decoder) reread(n *node, i int, rep uint8) int {
	if n.inject != nil {
		return d.skip(i)
	}
	end := d.value(n, i, rep)
	if end < 0 {
		return -1
	}
	for _, a := range n.again {
		if d.value(a, i, rep) < 0 {
			return -1
		}
	}
	if n.capture >= 0 {
		d.captured[len(d.captured)-d.captures+n.capture] = d.buf[i:end:end]
	}
	return end
}
