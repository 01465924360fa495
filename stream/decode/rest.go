package decode

// remains writes a row's rest text: one JSON object, in which every value stands under
// the names that led to it. Objects and arrays on the way are opened only when something
// is left inside them. In an array, element i of the rest is what is left of element i:
// null for nothing, and nothing at all after the last that left something.
type remains struct {
	text   []byte
	frames []frame
	opened int // frames whose bracket is written
}

// frame is one object or array around the value being read.
type frame struct {
	key   string // quoted, with its colon; "" in an array
	array bool
	at    int // array: index of the element being read
	wrote int // array: elements written
}

func (r *remains) reset() {
	r.text, r.frames, r.opened = r.text[:0], r.frames[:0], 0
}

func (r *remains) enter(key string, array bool) {
	r.frames = append(r.frames, frame{key: key, array: array})
}

func (r *remains) leave() {
	n := len(r.frames)
	if r.opened == n {
		if r.frames[n-1].array {
			r.text = append(r.text, ']')
		} else {
			r.text = append(r.text, '}')
		}
		r.opened--
	}
	r.frames = r.frames[:n-1]
}

// element says which element of the innermost array comes next.
func (r *remains) element(i int) { r.frames[len(r.frames)-1].at = i }

// place opens what is around the next value, and writes its key.
func (r *remains) place(key string) {
	if len(r.text) == 0 {
		r.text = append(r.text, '{')
	}
	for r.opened < len(r.frames) {
		f := &r.frames[r.opened]
		r.lead(f.key)
		if f.array {
			r.text = append(r.text, '[')
		} else {
			r.text = append(r.text, '{')
		}
		r.opened++
	}
	r.lead(key)
}

// lead writes what stands before a value in the innermost opened frame.
func (r *remains) lead(key string) {
	if r.opened > 0 && r.frames[r.opened-1].array {
		f := &r.frames[r.opened-1]
		for ; f.wrote < f.at; f.wrote++ {
			r.comma()
			r.text = append(r.text, "null"...)
		}
		f.wrote++
	}
	r.comma()
	r.text = append(r.text, key...)
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
