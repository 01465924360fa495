package decode

import (
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// view is b as a string, without a copy: b must never change again.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// arena holds the bytes of strings that are not slices of their page.
type arena struct{ chunk []byte }

const chunkSize = 64 << 10

// room makes the next n bytes of the arena contiguous, and returns the empty slice to
// append them to. Whoever appends hands the result to keep.
func (a *arena) room(n int) []byte {
	if cap(a.chunk)-len(a.chunk) < n {
		a.chunk = make([]byte, 0, max(chunkSize, n))
	}
	return a.chunk[len(a.chunk):len(a.chunk):cap(a.chunk)]
}

// keep makes what was appended to room a string.
func (a *arena) keep(b []byte) string {
	if len(b) <= cap(a.chunk)-len(a.chunk) {
		a.chunk = a.chunk[:len(a.chunk)+len(b)]
	}
	return view(b)
}

func (a *arena) copy(b []byte) string { return a.keep(append(a.room(len(b)), b...)) }

// unescape appends the characters that the inside of a checked JSON string stands for. A
// surrogate without its other half becomes U+FFFD, as in encoding/json. The result is
// never longer than in.
func unescape(dst, in []byte) []byte {
	for i := 0; i < len(in); {
		if in[i] != '\\' {
			from := i
			for i < len(in) && in[i] != '\\' {
				i++
			}
			dst = append(dst, in[from:i]...)
			continue
		}
		if in[i+1] == 'u' {
			r := hex4(in[i+2:])
			i += 6
			if utf16.IsSurrogate(r) {
				low := rune(-1)
				if i+6 <= len(in) && in[i] == '\\' && in[i+1] == 'u' {
					low = hex4(in[i+2:])
				}
				if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, r)
			continue
		}
		dst = append(dst, plainEscape(in[i+1]))
		i += 2
	}
	return dst
}

func plainEscape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

func hex4(b []byte) rune {
	return hexDigit(b[0])<<12 | hexDigit(b[1])<<8 | hexDigit(b[2])<<4 | hexDigit(b[3])
}

// appendQuoted appends s as a JSON string with as few escapes as JSON allows.
func appendQuoted(dst []byte, s string) []byte {
	const digits = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// valid returns b as valid UTF-8: b itself, or a copy in which every invalid byte is
// U+FFFD, as encoding/json reads it.
func valid(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}
