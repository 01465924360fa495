package decode

import (
	"encoding/binary"
	"math/bits"
)

// scanner checks JSON text. White space, and surrogates without their other half, which
// several readers refuse, are what altered speaks of. Its methods take the position of a value's first byte and
// return the position after it, or -1 with err set.
type scanner struct {
	buf      []byte
	err      *Error
	depth    int
	maxDepth int
	altered  bool // since this was cleared, something was passed that is kept in another form
}

func (s *scanner) fail(k Kind, at int, problem string) int {
	s.err = &Error{Kind: k, Offset: at, Element: -1, Problem: problem}
	return -1
}

func (s *scanner) unexpected(at int, want string) int {
	if at >= len(s.buf) {
		return s.fail(NotJSON, at, "the text ends early: "+want+" was expected")
	}
	return s.fail(NotJSON, at, want+" was expected")
}

// space passes white space.
func (s *scanner) space(i int) int {
	for i < len(s.buf) {
		switch s.buf[i] {
		case ' ', '\t', '\n', '\r':
			s.altered = true
			i++
		default:
			return i
		}
	}
	return i
}

// tight passes white space, and is small enough to be inlined where there is none.
func (s *scanner) tight(i int) int {
	if i < len(s.buf) && s.buf[i] > ' ' {
		return i
	}
	return s.space(i)
}

const (
	lanes = 0x0101010101010101
	highs = 0x8080808080808080
)

// special marks the bytes of w that end a plain run of a string: a quote, a backslash, a
// control character. Only the lowest mark is exact.
func special(w uint64) uint64 {
	q := w ^ (lanes * '"')
	e := w ^ (lanes * '\\')
	return ((q-lanes)&^q | (e-lanes)&^e | (w-lanes*0x20)&^w) & highs
}

// stringAt passes the string whose opening quote stands at i, and says whether it has
// escapes.
func (s *scanner) stringAt(i int) (end int, escaped bool) {
	b := s.buf
	for i++; i+8 <= len(b); {
		m := special(binary.LittleEndian.Uint64(b[i:]))
		if m == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(m) >> 3
		if b[i] == '"' {
			return i + 1, escaped
		}
		escaped = true
		if i = s.inString(i); i < 0 {
			return -1, false
		}
	}
	for i < len(b) {
		switch c := b[i]; {
		case c == '"':
			return i + 1, escaped
		case c == '\\' || c < 0x20:
			escaped = true
			if i = s.inString(i); i < 0 {
				return -1, false
			}
		default:
			i++
		}
	}
	return s.unexpected(i, "the end of a string"), false
}

// inString passes what must not stand in a string as it is.
func (s *scanner) inString(i int) int {
	if s.buf[i] != '\\' {
		return s.fail(NotJSON, i, "a control character stands unescaped in a string")
	}
	return s.escape(i)
}

// escape passes one escape, whose backslash stands at i.
func (s *scanner) escape(i int) int {
	b := s.buf
	if i+1 >= len(b) {
		return s.unexpected(i+1, "an escape")
	}
	switch b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(b) || hexDigit(b[k]) < 0 {
				return s.unexpected(k, "a hexadecimal digit")
			}
		}
		if b[i+2]|0x20 == 'd' && b[i+3] >= '8' { // half a pair, or one of two halves
			s.altered = true
		}
		return i + 6
	}
	return s.unexpected(i+1, "an escape")
}

func hexDigit(c byte) rune {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0')
	case 'a' <= c && c <= 'f':
		return rune(c - 'a' + 10)
	case 'A' <= c && c <= 'F':
		return rune(c - 'A' + 10)
	}
	return -1
}

func digit(b []byte, i int) bool { return i < len(b) && b[i]-'0' <= 9 }

// number passes a number in JSON's grammar.
func (s *scanner) number(i int) int {
	b := s.buf
	if b[i] == '-' {
		i++
	}
	if !digit(b, i) {
		return s.unexpected(i, "a digit")
	}
	if b[i] == '0' {
		i++
	} else {
		i = digits(b, i)
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digit(b, i) {
			return s.unexpected(i, "a digit")
		}
		i = digits(b, i)
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digit(b, i) {
			return s.unexpected(i, "a digit")
		}
		i = digits(b, i)
	}
	return i
}

func digits(b []byte, i int) int {
	for digit(b, i) {
		i++
	}
	return i
}

// literal passes word, of which only the first byte has been looked at.
func (s *scanner) literal(i int, word string) int {
	if len(s.buf)-i < len(word) || string(s.buf[i:i+len(word)]) != word {
		return s.unexpected(i, word)
	}
	return i + len(word)
}

// skip passes any value.
func (s *scanner) skip(i int) int {
	if i >= len(s.buf) {
		return s.unexpected(i, "a value")
	}
	switch c := s.buf[i]; {
	case c == '"':
		end, _ := s.stringAt(i)
		return end
	case c == '{' || c == '[':
		return s.skipNested(i)
	case c == '-' || c-'0' <= 9:
		return s.number(i)
	case c == 't':
		return s.literal(i, "true")
	case c == 'f':
		return s.literal(i, "false")
	case c == 'n':
		return s.literal(i, "null")
	}
	return s.unexpected(i, "a value")
}

func (s *scanner) skipNested(i int) int {
	open, end := s.buf[i], s.buf[i]+2 // } and ] stand two after { and [
	if !s.descend(i) {
		return -1
	}
	i = s.tight(i + 1)
	if i < len(s.buf) && s.buf[i] == end {
		s.depth--
		return i + 1
	}
	for {
		if open == '{' {
			if i = s.passName(i); i < 0 {
				return -1
			}
		}
		if i = s.skip(i); i < 0 {
			return -1
		}
		i = s.tight(i)
		switch {
		case i < len(s.buf) && s.buf[i] == ',':
			i = s.tight(i + 1)
		case i < len(s.buf) && s.buf[i] == end:
			s.depth--
			return i + 1
		default:
			return s.unexpected(i, "a comma or the end of an object or array")
		}
	}
}

// passName passes a member's name, its colon and the white space around it.
func (s *scanner) passName(i int) int {
	if i >= len(s.buf) || s.buf[i] != '"' {
		return s.unexpected(i, "a name in quotes")
	}
	end, _ := s.stringAt(i)
	if end < 0 {
		return -1
	}
	return s.colon(end)
}

// colon passes a colon and the white space around it.
func (s *scanner) colon(i int) int {
	i = s.tight(i)
	if i >= len(s.buf) || s.buf[i] != ':' {
		return s.unexpected(i, "a colon")
	}
	return s.tight(i + 1)
}

// descend counts one level of nesting, and reports whether that is within bounds.
func (s *scanner) descend(i int) bool {
	if s.depth++; s.depth > s.maxDepth {
		s.fail(TooDeep, i, "values nest deeper than is allowed")
		return false
	}
	return true
}

// finish checks that nothing but white space follows i.
func (s *scanner) finish(i int) bool {
	if i = s.space(i); i < len(s.buf) {
		s.fail(NotJSON, i, "something follows the end of the text")
		return false
	}
	return true
}
