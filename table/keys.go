package table

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// An encoded value is text that sorts as the values do, byte by byte: numbers are their
// bits as 16 hexadecimal digits with the sign turned over, strings stand as they are. An
// encoded key is its encoded values, one after the other.

// keySeparator stands between the encoded values of a key of several columns. It and the
// escape are escaped inside strings, so that no two keys have one text.
const keySeparator = "\x01"

var keyEscaper = strings.NewReplacer("\x02", "\x02\x02", "\x01", "\x02\x01")

func encodeInt(v int64) string {
	var b [8]byte
	u := uint64(v) ^ 1<<63
	for i := range b {
		b[i] = byte(u >> (56 - 8*i))
	}
	return hex.EncodeToString(b[:])
}

func encodeFloat(v float64) string {
	bits := math.Float64bits(v)
	if bits>>63 == 1 {
		bits = ^bits
	} else {
		bits |= 1 << 63
	}
	return fmt.Sprintf("%016x", bits)
}

// encodeEntry encodes a value that is not null. That of a string shares its memory.
func encodeEntry(v *stream.Vector, i int) string {
	switch v.Kind {
	case stream.Int, stream.Timestamp:
		return encodeInt(v.Ints[i])
	case stream.Bool:
		return strconv.FormatBool(v.Bools[i])
	case stream.Float:
		return encodeFloat(v.Floats[i])
	}
	return v.Strs[i]
}

// encodeText encodes a value given as text, as a service names the rows it deleted.
func encodeText(k stream.Kind, text string) (string, error) {
	switch k {
	case stream.Int:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return "", fmt.Errorf("the key %q is not an integer", text)
		}
		return encodeInt(n), nil
	case stream.Timestamp:
		t, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			return "", fmt.Errorf("the key %q is not a time", text)
		}
		return encodeInt(t.UnixMicro()), nil
	case stream.Float:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", fmt.Errorf("the key %q is not a number", text)
		}
		return encodeFloat(f), nil
	}
	return text, nil
}

func joinKey(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	for i, v := range values {
		values[i] = keyEscaper.Replace(v)
	}
	return strings.Join(values, keySeparator)
}

// encodeKey encodes a key given as text, in the layout's order of key columns.
func (l *layout) encodeKey(k stream.Key) (string, error) {
	if len(k) != len(l.key) {
		return "", fmt.Errorf("a key has %d values, and this table's rows are identified by %d (%s)", len(k), len(l.key), strings.Join(l.spec.Key, ", "))
	}
	out := make([]string, len(k))
	for i, text := range k {
		e, err := encodeText(l.leaves[l.key[i]].Kind, text)
		if err != nil {
			return "", err
		}
		out[i] = e
	}
	return joinKey(out), nil
}

// maxBound is the longest value a Range holds; a longer one leaves that side open.
const maxBound = 256

// add widens the range by one encoded value.
func (r *Range) add(v string, first bool) {
	if first || v < r.Min {
		r.Min = v
	}
	if first || v > r.Max {
		r.Max = v
	}
}

// bounded is the range as a manifest keeps it: "" on a side that is open.
func (r Range) bounded() Range {
	if len(r.Min) > maxBound {
		r.Min = ""
	}
	if len(r.Max) > maxBound {
		r.Max = ""
	}
	return r
}

// meets reports whether values of both ranges may be equal. A Max of "" is open.
func (r Range) meets(s Range) bool {
	return (r.Max == "" || s.Min <= r.Max) && (s.Max == "" || r.Min <= s.Max)
}

// with is the smallest range that covers both; the first one stands alone.
func (r Range) with(s Range, first bool) Range {
	if first {
		return s
	}
	out := Range{Min: min(r.Min, s.Min), Max: max(r.Max, s.Max)}
	if r.Max == "" || s.Max == "" {
		out.Max = "" // open
	}
	return out
}

// has reports whether the range may hold v.
func (r Range) has(v string) bool { return r.meets(Range{Min: v, Max: v}) }

// lacks reports whether v lies outside the range.
func (r Range) lacks(v []byte) bool { return string(v) < r.Min || r.Max != "" && string(v) > r.Max }
