package decode

// element appends the object at i as a row. If it fails, the row is not there.
func (d *Decoder) element(i int) int {
	if i >= len(d.buf) || d.buf[i] != '{' {
		if d.skip(i) >= 0 {
			d.fail(NotObject, i, "a row is not an object")
		}
		return -1
	}
	misfits, unknown, depth := d.misfits, d.unknown, d.depth
	for range d.captures {
		d.captured = append(d.captured, nil)
	}
	end := d.fields(i)
	again := end < 0 && d.err.Kind == duplicate
	if again || end >= 0 && d.strays {
		d.depth, d.err = depth, nil
		end = d.unique(i, end, func(text int) int {
			d.misfits, d.unknown, d.depth = misfits, unknown, depth
			d.truncate(d.row)
			clear(d.captured[len(d.captured)-d.captures:])
			return d.fields(text)
		})
	}
	if end < 0 {
		d.misfits, d.unknown = misfits, unknown
		d.truncate(d.row)
		return -1
	}
	if text := d.rest.done(); len(text) > 0 {
		l := &d.leaves[len(d.leaves)-1]
		l.present(d.row, 0)
		l.strs = append(l.strs, d.arena.copy(text))
	}
	d.row++
	d.marks = append(d.marks, mark{from: i, to: end, misfits: d.misfits - misfits, unknown: d.unknown - unknown})
	return end
}

// fields reads the object at i into the leaves of the row that comes next.
func (d *Decoder) fields(i int) int {
	d.rest.reset()
	d.strays = false
	for _, n := range d.injected {
		if !d.injection(n) {
			return -1
		}
	}
	return d.object(d.root, i, 0)
}

// injection reads the value that stands for a member.
func (d *Decoder) injection(n *node) bool {
	buf, text := d.buf, n.inject
	d.buf, n.inject = text, nil
	end := d.reread(n, 0, 0)
	d.buf, n.inject = buf, text
	return end >= 0
}

// unique reads the object at i again, by read, from a text in which no name stands twice.
// If that text would be the same, it is not read again, and end is right as it is.
func (d *Decoder) unique(i, end int, read func(int) int) int {
	if end < 0 {
		if end = d.skip(i); end < 0 {
			return -1
		}
	}
	text, changed := dedupe(d.buf[i:end])
	if !changed {
		return end
	}
	buf := d.buf
	d.buf = text
	if read(0) < 0 {
		end = -1
	}
	d.buf = buf
	return end
}

// dedupe returns checked JSON text without the members that a later one of the same name
// replaces, and whether there were any.
func dedupe(text []byte) ([]byte, bool) {
	c := copier{text: text}
	u := unifier{copier: &c}
	out, _ := u.value(make([]byte, 0, len(text)), 0)
	return out, u.changed
}

type unifier struct {
	*copier
	changed bool
}

func (u *unifier) value(dst []byte, i int) ([]byte, int) {
	switch i = u.space(i); u.text[i] {
	case '{':
		return u.object(dst, i)
	case '[':
		dst = append(dst, '[')
		first := true
		for i = u.space(i + 1); u.text[i] != ']'; i = u.next(i) {
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst, i = u.value(dst, i)
		}
		return append(dst, ']'), i + 1
	}
	end := u.scalar(i)
	return append(dst, u.text[i:end]...), end
}

func (u *unifier) object(dst []byte, i int) ([]byte, int) {
	type member struct{ name, raw, value string }
	var members []member
	last := map[string]int{}
	for i = u.space(i + 1); u.text[i] != '}'; i = u.next(i) {
		from, to := i, u.scalar(i)
		at := u.space(u.space(to) + 1)
		i = u.skip(at)
		m := member{string(unescape(nil, u.text[from+1:to-1])), string(u.text[from:to]), string(u.text[at:i])}
		last[m.name] = len(members)
		members = append(members, m)
	}
	u.changed = u.changed || len(last) < len(members)
	dst = append(dst, '{')
	first := true
	for k, m := range members {
		if last[m.name] != k {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(dst, m.raw...), ':')
		inner := unifier{copier: &copier{text: []byte(m.value)}}
		dst, _ = inner.value(dst, 0)
		u.changed = u.changed || inner.changed
	}
	return append(dst, '}'), i + 1
}
