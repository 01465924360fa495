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
	if !n.mute {
		d.rest.enter(n.key, true)
	}
	for k := 0; ; k++ {
		if !n.mute {
			d.rest.element(k)
		}
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
	if !n.mute {
		d.rest.leave()
	}
	d.depth--
	return i + 1
}

// readStruct reads an object into a struct column.
func (d *Decoder) readStruct(n *node, i int, rep uint8) int {
	if n.mute {
		return d.object(n.members, i, rep)
	}
	d.rest.enter(n.key, false)
	i = d.object(n.members, i, rep)
	if i >= 0 {
		d.rest.leave()
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
	base := len(d.seen)
	for range o.words {
		d.seen = append(d.seen, 0)
	}
	i = d.tight(i + 1)
	if i < len(d.buf) && d.buf[i] == '}' {
		i++
	} else if i = d.objectMembers(o, i, rep, base); i < 0 {
		return -1
	}
	for w, need := range o.need {
		for miss := need &^ d.seen[base+w]; miss != 0; miss &= miss - 1 {
			m := o.members[w<<6+trailingZeros(miss)]
			d.nulls(m, m.def, rep)
		}
	}
	d.seen = d.seen[:base]
	d.depth--
	return i
}

func (d *Decoder) objectMembers(o *object, i int, rep uint8, base int) int {
	at := o.first
	var prev *node
	for {
		var m *node
		if at >= 0 && hasKey(d.buf, i, o.members[at].key) {
			m = o.members[at]
			i += len(m.key)
		} else if m, i = d.name(o, i, prev); i < 0 {
			return -1
		}
		i = d.tight(i)
		if m.index >= 0 {
			word, bit := &d.seen[base+m.index>>6], uint64(1)<<(m.index&63)
			if *word&bit != 0 && m.inject == nil {
				return d.fail(duplicate, i, "a name stands twice in an object")
			}
			*word |= bit
		}
		if m.simple {
			i = d.value(m, i, rep)
		} else {
			i = d.reread(m, i, rep)
		}
		if i < 0 {
			return -1
		}
		i = d.tight(i)
		if i < len(d.buf) && d.buf[i] == ',' {
			i = d.tight(i + 1)
		} else if i < len(d.buf) && d.buf[i] == '}' {
			return i + 1
		} else {
			return d.unexpected(i, "a comma or the end of an object")
		}
		at, prev = m.next, m
	}
}

func hasKey(b []byte, i int, key string) bool {
	return len(b)-i >= len(key) && string(b[i:i+len(key)]) == key
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
	if k, ok := o.index[string(name)]; ok {
		m = o.members[k]
	} else if m = o.learned(name); m == nil {
		m = d.strayNode(o, name)
	}
	switch {
	case m.index < 0:
	case prev == nil:
		o.first = m.index
	case prev.index >= 0:
		prev.next = m.index
	}
	return m, d.colon(end)
}

// strayNode stands for an undeclared name of an object that has very many. Whether such a
// name stands twice is looked into after the row.
func (d *Decoder) strayNode(o *object, name []byte) *node {
	d.strayKey = append(appendQuoted(d.strayKey[:0], view(name)), ':')
	d.stray = node{reading: o.other, mute: o.other == asNothing, key: view(d.strayKey), index: -1, next: -1, capture: -1, simple: true}
	d.strays = d.strays || !d.stray.mute
	return &d.stray
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
