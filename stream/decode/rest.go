package decode

// remains writes a row's rest text: one JSON object, in which every value stands under
// the names that led to it. Objects and arrays on the way are opened only when something
// is left inside them. In an array, element i of the rest is what is left of element i:
// null for nothing, and nothing at all after the last that left something.
type remains struct {
	text   []byte
	opened []*node // the objects and arrays that are open, one of each level
}

func (r *remains) reset() { r.text, r.opened = r.text[:0], r.opened[:0] }

// leave closes n, if it was opened.
func (r *remains) leave(n *node) {
	if len(r.opened) > n.level {
		r.close(n)
	}
}

func (r *remains) close(n *node) {
	if n.reading == asList {
		r.text = append(r.text, ']')
	} else {
		r.text = append(r.text, '}')
	}
	r.opened = r.opened[:n.level]
}

// place opens what is around n, and writes what stands before n's value.
func (r *remains) place(n *node) {
	if len(r.text) == 0 {
		r.text = append(r.text, '{')
	}
	p := n.parent
	if p != nil && len(r.opened) <= p.level {
		r.place(p)
		if p.reading == asList {
			r.text = append(r.text, '[')
			p.wrote = 0
		} else {
			r.text = append(r.text, '{')
		}
		r.opened = append(r.opened, p)
	}
	if p != nil && p.reading == asList {
		for ; p.wrote < p.at; p.wrote++ {
			r.comma()
			r.text = append(r.text, "null"...)
		}
		p.wrote++
	}
	r.comma()
	r.text = append(r.text, n.key.text...)
}

func (r *remains) comma() {
	if c := r.text[len(r.text)-1]; c != '{' && c != '[' {
		r.text = append(r.text, ',')
	}
}

// done closes the text; it is empty if nothing was left.
func (r *remains) done() []byte {
	if len(r.text) > 0 {
		r.text = append(r.text, '}')
	}
	return r.text
}
