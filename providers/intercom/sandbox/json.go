package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// quoted appends s as a JSON string.
func quoted(b []byte, s string) []byte {
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c == '\t':
			b = append(b, '\\', 't')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// escaped appends s as a JSON string in ASCII, with \u escapes for all else.
func escaped(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= 0x20 && r < utf8.RuneSelf:
			b = append(b, byte(r))
		case r > 0xffff:
			r -= 0x10000
			b = unit(unit(b, 0xd800+r>>10), 0xdc00+r&0x3ff)
		default:
			b = unit(b, r)
		}
	}
	return append(b, '"')
}

func unit(b []byte, r rune) []byte {
	return append(b, '\\', 'u', hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
}

// text appends a fixed piece of JSON, then s as a string.
func text(b []byte, before, s string) []byte { return quoted(append(b, before...), s) }

// number appends a fixed piece of JSON, then n.
func number(b []byte, before string, n int64) []byte {
	return strconv.AppendInt(append(b, before...), n, 10)
}

// moment appends a fixed piece of JSON, then a Unix time, or null for zero.
func moment(b []byte, before string, n int64) []byte {
	if n == 0 {
		return append(append(b, before...), "null"...)
	}
	return number(b, before, n)
}

func truth(b []byte, before string, v bool) []byte {
	return strconv.AppendBool(append(b, before...), v)
}

// field is one member of a JSON object, in the order of the text.
type field struct {
	name  string
	value json.RawMessage
}

// members splits the text of a JSON object into its members.
func members(object []byte) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var out []field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		out = append(out, field{fmt.Sprint(name), value})
	}
	return out, nil
}

// overlaid appends the JSON object with the members of over in place of its own
// of the same name, and the others of over after them. What cannot be split is
// appended as it is.
func overlaid(b, object []byte, over []field) []byte {
	own, err := members(object)
	if err != nil {
		return append(b, object...)
	}
	for _, f := range over {
		own = withMember(own, f)
	}
	b = append(b, '{')
	for i, f := range own {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(quoted(b, f.name), ':'), f.value...)
	}
	return append(b, '}')
}

func withMember(fields []field, f field) []field {
	for i := range fields {
		if fields[i].name == f.name {
			fields[i].value = f.value
			return fields
		}
	}
	return append(fields, f)
}

// decoded reads one JSON value with numbers kept exact.
func decoded(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return v, nil
}

// decodeExactly is decodeStrictly with numbers kept exact.
func decodeExactly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	d.DisallowUnknownFields()
	return d.Decode(v)
}
