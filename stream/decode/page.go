package decode

import (
	"encoding/json"
	"strings"
)

// Page is what a page holds beside its list.
type Page struct {
	// Rest has the other members as they came, null included. A member beside a list
	// that stands deeper is under its dotted path ("conversation_parts.total_count").
	// The values are slices of the page.
	Rest     map[string]json.RawMessage
	Elements int // of the list
}

// Element is one object that was just decoded. It is good until the decoder's next call.
type Element struct {
	Text     []byte // the object, a slice of the text it came in
	captured [][]byte
}

// Captured returns the text of Options.Capture[i] in the object; nil if it is absent or null.
func (e Element) Captured(i int) []byte {
	if c := e.captured[i]; len(c) > 0 && c[0] != 'n' {
		return c
	}
	return nil
}

// String returns capture i by the rules of a String column.
func (e Element) String(i int) (string, bool) {
	c := e.Captured(i)
	switch {
	case c == nil || c[0] == '{' || c[0] == '[':
		return "", false
	case c[0] == '"':
		return view(unescape(nil, c[1:len(c)-1])), true // a copy that nothing else refers to
	}
	return string(c), true
}

// Int returns capture i by the rules of an Int column.
func (e Element) Int(i int) (int64, bool) {
	c := e.Captured(i)
	switch {
	case c == nil:
	case c[0] == '"':
		s, _ := e.String(i)
		return canonicalInt(s)
	case c[0] == '-' || c[0]-'0' <= 9:
		if v, end, ok := shortInt(c, 0); ok && end == len(c) {
			return v, true
		}
		return exactInt(string(c))
	}
	return 0, false
}

// Bool returns capture i by the rules of a Bool column.
func (e Element) Bool(i int) (v, ok bool) {
	c := string(e.Captured(i))
	return c == "true", c == "true" || c == "false"
}

// Time returns capture i, in microseconds since 1970 UTC, by the rules of a Timestamp column.
func (e Element) Time(i int) (int64, bool) {
	c := e.Captured(i)
	if c != nil && c[0] == '"' {
		s, _ := e.String(i)
		return isoInstant(s)
	}
	n, ok := e.Int(i)
	if !ok {
		return 0, false
	}
	return instantOf(n)
}

// Page appends the objects of the array that stands at list, a dotted path, in body. Once
// the whole page has been read, keep is asked for each of them in order, and the rows of
// those it refuses are dropped; a nil keep keeps all. On an error, which is an *Error, no
// row is added and keep was never called.
//
// The list is what the page is for: none, null, or two of them are errors.
func (d *Decoder) Page(body []byte, list string, keep func(Element) bool) (Page, error) {
	d.begin(body)
	from := d.row
	inList := false
	w := walker{scanner: &d.scanner, path: strings.Split(list, ".")}
	page, ok := w.page(func(i int) int {
		inList = true
		if i = d.element(i); i >= 0 {
			inList = false
		}
		return i
	})
	if !ok {
		element := -1
		if inList {
			element = len(d.marks)
		}
		return Page{}, d.undo(from, element)
	}
	if keep != nil {
		d.sift(from, keep)
	}
	return page, nil
}

// sift drops the rows that keep refuses.
func (d *Decoder) sift(from int, keep func(Element) bool) {
	d.verdicts = d.verdicts[:0]
	kept := 0
	for i, m := range d.marks {
		ok := keep(d.at(i))
		d.verdicts = append(d.verdicts, ok)
		if ok {
			kept++
			continue
		}
		d.misfits -= m.misfits
		d.unknown -= m.unknown
	}
	if kept == len(d.marks) {
		return
	}
	for i := range d.leaves {
		d.leaves[i].retain(from, d.verdicts)
	}
	d.row = from + kept
}

func (d *Decoder) at(i int) Element {
	m := d.marks[i]
	return Element{Text: d.buf[m.from:m.to:m.to], captured: d.captured[i*d.captures : (i+1)*d.captures]}
}

// Last is the object that the last call of Object appended.
func (d *Decoder) Last() Element {
	if len(d.marks) == 0 {
		return Element{captured: make([][]byte, d.captures)}
	}
	return d.at(len(d.marks) - 1)
}

// DropLast takes back the row that the last call of Object appended, if any.
func (d *Decoder) DropLast() {
	if n := len(d.marks); n == 1 {
		d.sift(d.row-1, func(Element) bool { return false })
		d.forget()
	}
}

// Envelope splits a page without decoding its elements, which may be any values and are
// slices of body.
func Envelope(body []byte, list string) (Page, [][]byte, error) {
	s := scanner{buf: valid(body), maxDepth: 100}
	w := walker{scanner: &s, path: strings.Split(list, ".")}
	var elements [][]byte
	page, ok := w.page(func(i int) int {
		end := s.skip(i)
		if end >= 0 {
			elements = append(elements, s.buf[i:end:end])
		}
		return end
	})
	if !ok {
		return Page{}, nil, s.err
	}
	return page, elements, nil
}
