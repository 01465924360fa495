package decode

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// filter is a tree of names: what must appear nowhere below a value. Arrays on the way
// add no name, so a filter reaches into every element.
type filter struct {
	drop bool
	sub  map[string]*filter
}

// appendCompact appends checked JSON text without white space and without what f drops. A
// surrogate without its other half is replaced. Otherwise names and values keep their
// order and their spelling.
func appendCompact(dst, text []byte, f *filter) []byte {
	c := copier{text: text}
	dst, _ = c.value(dst, 0, f)
	return dst
}

// copier walks JSON text that a scanner has checked.
type copier struct {
	text []byte
	name []byte
}

func (c *copier) value(dst []byte, i int, f *filter) ([]byte, int) {
	i = c.space(i)
	switch c.text[i] {
	case '{':
		return c.object(dst, i, f)
	case '[':
		return c.array(dst, i, f)
	}
	end := c.scalar(i)
	return appendWhole(dst, c.text[i:end]), end
}

func (c *copier) object(dst []byte, i int, f *filter) ([]byte, int) {
	dst = append(dst, '{')
	first := true
	for i = c.space(i + 1); c.text[i] != '}'; i = c.next(i) {
		from, to := i, c.scalar(i)
		i = c.space(c.space(to) + 1)
		sub := f.below(c, c.text[from+1:to-1])
		if sub != nil && sub.drop {
			i = c.skip(i)
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(appendWhole(dst, c.text[from:to]), ':')
		dst, i = c.value(dst, i, sub)
	}
	return append(dst, '}'), i + 1
}

func (c *copier) array(dst []byte, i int, f *filter) ([]byte, int) {
	dst = append(dst, '[')
	first := true
	for i = c.space(i + 1); c.text[i] != ']'; i = c.next(i) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst, i = c.value(dst, i, f)
	}
	return append(dst, ']'), i + 1
}

// appendWhole appends a scalar, with \ufffd for half a surrogate pair.
func appendWhole(dst, text []byte) []byte {
	for {
		at := bytes.IndexByte(text, '\\')
		if at < 0 {
			return append(dst, text...)
		}
		dst, text = append(dst, text[:at]...), text[at:]
		n, half := escapeAt(text)
		if half {
			dst = append(dst, `\ufffd`...)
		} else {
			dst = append(dst, text[:n]...)
		}
		text = text[n:]
	}
}

// escapeAt is the length of the escape that b begins with, a surrogate pair being one,
// and whether it is half a pair.
func escapeAt(b []byte) (n int, half bool) {
	if b[1] != 'u' {
		return 2, false
	}
	r := hex4(b[2:])
	if !utf16.IsSurrogate(r) {
		return 6, false
	}
	if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' && utf16.DecodeRune(r, hex4(b[8:])) != utf8.RuneError {
		return 12, false
	}
	return 6, true
}

// below is the filter for the member whose name has the spelling raw; nil for none.
func (f *filter) below(c *copier, raw []byte) *filter {
	if f == nil {
		return nil
	}
	c.name = unescape(c.name[:0], raw)
	return f.sub[string(c.name)]
}

// next passes a comma, if there is one, and the white space around it.
func (c *copier) next(i int) int {
	if i = c.space(i); c.text[i] == ',' {
		i = c.space(i + 1)
	}
	return i
}

func (c *copier) space(i int) int {
	for i < len(c.text) && c.text[i] <= ' ' {
		i++
	}
	return i
}

// scalar passes a string, number or literal.
func (c *copier) scalar(i int) int {
	if c.text[i] != '"' {
		for i < len(c.text) && c.text[i] > ' ' && c.text[i] != ',' && c.text[i] != '}' && c.text[i] != ']' {
			i++
		}
		return i
	}
	for i++; c.text[i] != '"'; i++ {
		if c.text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// skip passes any value.
func (c *copier) skip(i int) int {
	depth := 0
	for {
		switch c.text[i] {
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case ',', ':', ' ', '\t', '\n', '\r':
			i++
		default:
			i = c.scalar(i)
		}
		if depth == 0 {
			return i
		}
	}
}
