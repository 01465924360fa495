package decode

import (
	"encoding/json"
	"strings"
)

// walker finds a page's list.
type walker struct {
	*scanner
	path []string // to the list
	rest map[string]json.RawMessage
	n    int
	met  bool
}

// page walks the whole text, and has each pass every element of the list.
func (w *walker) page(each func(int) int) (Page, bool) {
	w.rest = map[string]json.RawMessage{}
	i := w.space(0)
	if i >= len(w.buf) || w.buf[i] != '{' {
		if w.skip(i) >= 0 {
			w.fail(NotObject, i, "the page is not an object")
		}
		return Page{}, false
	}
	end := w.object(i, 0, each)
	if end < 0 || !w.finish(end) {
		return Page{}, false
	}
	if !w.met {
		w.fail(NoList, i, "the list "+strings.Join(w.path, ".")+" is missing")
		return Page{}, false
	}
	return Page{Rest: w.rest, Elements: w.n}, true
}

// object walks the object at i, which stands at the first level names of the path.
func (w *walker) object(i, level int, each func(int) int) int {
	if !w.descend(i) {
		return -1
	}
	if i = w.tight(i + 1); i < len(w.buf) && w.buf[i] == '}' {
		w.depth--
		return i + 1
	}
	for {
		from := i
		if i = w.passName(i); i < 0 {
			return -1
		}
		if i = w.member(w.nameAt(from), i, level, each); i < 0 {
			return -1
		}
		i = w.tight(i)
		switch {
		case i < len(w.buf) && w.buf[i] == ',':
			i = w.tight(i + 1)
		case i < len(w.buf) && w.buf[i] == '}':
			w.depth--
			return i + 1
		default:
			return w.unexpected(i, "a comma or the end of an object")
		}
	}
}

// nameAt is the name in quotes at i, which has been checked.
func (w *walker) nameAt(i int) string {
	end, _ := w.stringAt(i)
	return string(unescape(nil, w.buf[i+1:end-1]))
}

func (w *walker) member(name string, i, level int, each func(int) int) int {
	if name != w.path[level] {
		end := w.skip(i)
		if end >= 0 {
			w.rest[strings.Join(append(w.path[:level:level], name), ".")] = json.RawMessage(w.buf[i:end:end])
		}
		return end
	}
	want := byte('{')
	if level == len(w.path)-1 {
		want = '['
	}
	switch {
	case i >= len(w.buf) || w.buf[i] != want:
		end := w.skip(i)
		if end >= 0 {
			w.fail(NoList, i, "the list "+strings.Join(w.path, ".")+" is not there as an array")
		}
		return -1
	case w.met:
		return w.fail(NoList, i, "the list "+strings.Join(w.path, ".")+" is there twice")
	case want == '{':
		return w.object(i, level+1, each)
	}
	w.met = true
	return w.list(i, each)
}

func (w *walker) list(i int, each func(int) int) int {
	if !w.descend(i) {
		return -1
	}
	if i = w.tight(i + 1); i < len(w.buf) && w.buf[i] == ']' {
		w.depth--
		return i + 1
	}
	for {
		if i = each(i); i < 0 {
			return -1
		}
		w.n++
		i = w.tight(i)
		switch {
		case i < len(w.buf) && w.buf[i] == ',':
			i = w.tight(i + 1)
		case i < len(w.buf) && w.buf[i] == ']':
			w.depth--
			return i + 1
		default:
			return w.unexpected(i, "a comma or the end of an array")
		}
	}
}
