// Package members reads JSON objects of many plain members without reflection, which is most
// of what it costs to decode thousands of small ones. It is for text that a checksum has
// proved to be what was written: it finds its way in valid JSON and does not judge the rest.
// What it does not understand it says so of, and the caller decodes the whole with
// encoding/json.
package members

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// Each calls member for every member of the object that text is, with its value as it is
// written, in order. It is false when text is no object or member returned false; what came
// before has been handed over by then.
func Each(text []byte, member func(name string, value []byte) bool) bool {
	i := space(text, 0)
	if i == len(text) || text[i] != '{' {
		return false
	}
	for i = space(text, i+1); i < len(text) && text[i] == '"'; i = space(text, i+1) {
		end := valueEnd(text, i)
		name, ok := String(text[i:end])
		i = space(text, end)
		if !ok || i == len(text) || text[i] != ':' {
			return false
		}
		i = space(text, i+1)
		end = valueEnd(text, i)
		if end == i || !member(name, text[i:end]) {
			return false
		}
		if i = space(text, end); i == len(text) || text[i] != ',' {
			break
		}
	}
	return i < len(text) && text[i] == '}' && space(text, i+1) == len(text)
}

// String is a text.
func String(value []byte) (string, bool) {
	n := len(value)
	if n < 2 || value[0] != '"' || value[n-1] != '"' {
		return "", false
	}
	inside := value[1 : n-1]
	if bytes.IndexByte(inside, '\\') < 0 {
		return string(inside), true
	}
	plain := make([]byte, 0, len(inside))
	for i := 0; i < len(inside); i++ {
		if inside[i] == '\\' {
			if i++; i == len(inside) || inside[i] != '"' && inside[i] != '\\' {
				return unquoted(value)
			}
		}
		plain = append(plain, inside[i])
	}
	return string(plain), true
}

// unquoted is a text with escapes that are rare.
func unquoted(value []byte) (s string, ok bool) {
	err := json.Unmarshal(value, &s)
	return s, err == nil
}

// Int is a whole number.
func Int(value []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(value), 10, 64)
	return n, err == nil
}

// Bool is true or false.
func Bool(value []byte) (is, ok bool) {
	is = string(value) == "true"
	return is, is || string(value) == "false"
}

// Time is an instant as encoding/json writes it.
func Time(value []byte) (time.Time, bool) {
	var t time.Time
	err := t.UnmarshalJSON(value)
	return t, err == nil
}

func space(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r') {
		i++
	}
	return i
}

// valueEnd is where the value that begins at i ends; i when there is none.
func valueEnd(text []byte, i int) int {
	for depth := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i = quoteEnd(text, i)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			depth--
			if depth < 0 {
				return i
			}
		case ',', ':', ' ', '\n', '\t', '\r':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return min(i+1, len(text))
		}
	}
	return len(text)
}

// quoteEnd is where the closing quote of the text that opens at i stands.
func quoteEnd(text []byte, i int) int {
	for {
		n := bytes.IndexByte(text[i+1:], '"')
		if n < 0 {
			return len(text)
		}
		end := i + 1 + n
		back := end - 1
		for back > i && text[back] == '\\' {
			back--
		}
		if (end-back)%2 == 1 {
			return end
		}
		i = end
	}
}
