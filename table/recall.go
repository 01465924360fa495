package table

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// recaller writes one column's values as JSON, row by row.
type recaller struct {
	field  recalled
	leaves []*stream.Vector
	at     []int // the next entry of each leaf
}

// next appends the next row's value, or nothing for a null.
func (r *recaller) next(dst []byte) []byte {
	dst, _ = r.value(dst, r.field.Type, 0, 0, 0)
	return dst
}

// value appends the value of type t whose first leaf is lo, and false for a null. A value
// inside a struct or list begins at definition level def and repetition level rep.
func (r *recaller) value(dst []byte, t stream.Type, lo int, def, rep uint8) ([]byte, bool) {
	v, i := r.leaves[lo], r.at[lo]
	if v.Def[i] <= def {
		r.skip(t, lo)
		return dst, false
	}
	switch t.Kind {
	case stream.Struct:
		return r.fields(dst, t, lo, def, rep), true
	case stream.List:
		return r.elements(dst, t, lo, def, rep), true
	}
	r.at[lo]++
	return r.scalar(dst, v, i), true
}

func (r *recaller) skip(t stream.Type, lo int) {
	for k := range leafCount(t) {
		r.at[lo+k]++
	}
}

func leafCount(t stream.Type) int {
	switch t.Kind {
	case stream.List:
		return leafCount(*t.Elem)
	case stream.Struct:
		n := 0
		for _, f := range t.Fields {
			n += leafCount(f.Type)
		}
		return n
	}
	return 1
}

func (r *recaller) fields(dst []byte, t stream.Type, lo int, def, rep uint8) []byte {
	dst = append(dst, '{')
	first := true
	for _, f := range t.Fields {
		before := len(dst)
		if !first {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, f.Name), ':')
		text, ok := r.value(dst, f.Type, lo, def+1, rep)
		if dst = text; !ok {
			dst = dst[:before]
		}
		first = first && !ok
		lo += leafCount(f.Type)
	}
	return append(dst, '}')
}

func (r *recaller) elements(dst []byte, t stream.Type, lo int, def, rep uint8) []byte {
	dst = append(dst, '[')
	v := r.leaves[lo]
	if v.Def[r.at[lo]] == def+1 {
		r.skip(t, lo)
		return append(dst, ']')
	}
	for n := 0; ; n++ {
		if n > 0 {
			dst = append(dst, ',')
		}
		var ok bool
		if dst, ok = r.value(dst, *t.Elem, lo, def+2, rep+1); !ok {
			dst = append(dst, "null"...)
		}
		if at := r.at[lo]; at == len(v.Def) || v.Rep[at] != rep+1 {
			return append(dst, ']')
		}
	}
}

func (r *recaller) scalar(dst []byte, v *stream.Vector, i int) []byte {
	switch v.Kind {
	case stream.Int:
		return strconv.AppendInt(dst, v.Ints[i], 10)
	case stream.Float:
		return appendFloat(dst, v.Floats[i])
	case stream.Bool:
		return strconv.AppendBool(dst, v.Bools[i])
	case stream.Timestamp:
		return appendInstant(dst, v.Ints[i], r.field.as)
	case stream.JSON:
		return append(dst, v.Strs[i]...)
	}
	return appendQuoted(dst, v.Strs[i])
}

// appendFloat writes a number as programs that write JSON do, digits without an exponent
// where they are not many.
func appendFloat(dst []byte, f float64) []byte {
	if a := math.Abs(f); a != 0 && (a < 1e-6 || a >= 1e21) {
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	return strconv.AppendFloat(dst, f, 'f', -1, 64)
}

// lastInSeconds is the first instant that is not read again when it is written in seconds.
var lastInSeconds = time.Date(5138, 1, 1, 0, 0, 0, 0, time.UTC)

// appendInstant writes an instant as ISO-8601 text, or, where it will be something else and
// has no fraction, in seconds: that is how services write instants, and so the next import
// reads them. No text would be read of a year with more than four digits.
func appendInstant(dst []byte, us int64, as stream.Kind) []byte {
	t := time.UnixMicro(us).UTC()
	whole := us%1_000_000 == 0
	number := as == stream.Int || as == stream.Float || as != stream.Timestamp && t.Before(lastInSeconds)
	if y := t.Year(); y < 0 || y > 9999 || whole && number {
		if whole {
			return strconv.AppendInt(dst, us/1_000_000, 10)
		}
		return strconv.AppendInt(dst, us/1000, 10)
	}
	dst = append(dst, '"')
	return append(t.AppendFormat(dst, time.RFC3339Nano), '"')
}

// appendQuoted writes s as a JSON string.
func appendQuoted(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// nest puts a JSON text at a path.
func nest(path []string, text []byte) []byte {
	var out []byte
	for _, name := range path {
		out = append(appendQuoted(append(out, '{'), name), ':')
	}
	out = append(out, text...)
	return append(out, bytes.Repeat([]byte{'}'}, len(path))...)
}

// join merges two JSON texts of one value: members of objects and elements of arrays that
// only one has, or that are null in the other, are taken from it. Where they differ, a's counts.
func join(a, b []byte) []byte {
	switch {
	case len(a) == 0 || string(a) == "null":
		return b
	case len(b) == 0 || string(b) == "null":
		return a
	case a[0] == '{' && b[0] == '{':
		return joinObjects(a, b)
	case a[0] == '[' && b[0] == '[':
		return joinArrays(a, b)
	}
	return a
}

func joinObjects(a, b []byte) []byte {
	var x, y map[string]json.RawMessage
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return a
	}
	for name, v := range y {
		x[name] = join(x[name], v)
	}
	out := []byte{'{'}
	for i, name := range slices.Sorted(maps.Keys(x)) {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(appendQuoted(out, name), ':'), x[name]...)
	}
	return append(out, '}')
}

func joinArrays(a, b []byte) []byte {
	var x, y []json.RawMessage
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return a
	}
	out := []byte{'['}
	for i := range max(len(x), len(y)) {
		if i > 0 {
			out = append(out, ',')
		}
		var v []byte
		if i < len(x) {
			v = x[i]
		}
		if i < len(y) {
			v = join(v, y[i])
		}
		if len(v) == 0 {
			v = []byte("null")
		}
		out = append(out, v...)
	}
	return append(out, ']')
}
