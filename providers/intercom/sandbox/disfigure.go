package sandbox

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

// disfigured does to the object that begins at start what Behaviour says of rows.
func (w *Workspace) disfigured(b []byte, start int, r row, first bool) []byte {
	v := &w.behaviour
	if v.TypeFlips > 0 && int(r.index)%v.TypeFlips == 0 {
		b = append(b[:start], flipped(b[start:])...)
	}
	var tail []byte
	if v.UnknownFields {
		tail = append(tail, `,"brand_new":{"a":[1,null,"x"],"b":{}},"x-Ünknown \"key\"":12345678901234567890`...)
	}
	if v.DuplicateKeys > 0 && int(r.index)%v.DuplicateKeys == 0 {
		tail = append(tail, `,"type":"duplicate"`...)
	}
	if v.DeepNesting > 0 && first {
		tail = append(tail, `,"deep":`...)
		tail = append(tail, strings.Repeat("[", v.DeepNesting)+strings.Repeat("]", v.DeepNesting)...)
	}
	if v.HugeField > 0 && first {
		tail = append(append(append(tail, `,"huge":"`...), bytes.Repeat([]byte{'x'}, v.HugeField)...), '"')
	}
	if tail == nil {
		return b
	}
	return append(append(b[:len(b)-1], tail...), '}')
}

// flipped gives the scalars of an object other types: 7 for a text, a text for a
// number or a truth. What identifies and orders a row stays.
func flipped(object []byte) []byte {
	fields, err := members(object)
	if err != nil {
		return object
	}
	keep := []string{"type", "id", "created_at", "updated_at", "role"}
	var over []field
	for _, f := range fields {
		switch c := f.value[0]; {
		case slices.Contains(keep, f.name) || c == 'n' || c == '{' || c == '[':
		case c == '"':
			over = append(over, field{f.name, []byte("7")})
		default:
			over = append(over, field{f.name, strconv.AppendQuote(nil, string(f.value))})
		}
	}
	return overlaid(nil, object, over)
}
