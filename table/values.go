package table

import (
	"unsafe"

	"github.com/inlay-sync/inlay/stream"
)

// bytesOf lends a string's bytes to what only reads them.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// appendEntry appends entry i of a vector with one entry a row to another.
func appendEntry(dst, v *stream.Vector, i int) {
	switch {
	case v.Null(i):
		dst.AppendNull(v.Def[i], 0)
	case v.Kind == stream.Int || v.Kind == stream.Timestamp:
		dst.AppendInt(v.Ints[i], 0)
	case v.Kind == stream.Float:
		dst.AppendFloat(v.Floats[i], 0)
	case v.Kind == stream.Bool:
		dst.AppendBool(v.Bools[i], 0)
	default:
		dst.AppendString(v.Strs[i], 0)
	}
}

// rowStarts lists where each row begins among a repeated vector's entries, with the end
// as one more; nil for a vector with one entry a row.
func rowStarts(v *stream.Vector, rows int, buf []int32) []int32 {
	if v.MaxRep == 0 {
		return nil
	}
	buf = buf[:0]
	for i := range v.Def {
		if v.Rep[i] == 0 {
			buf = append(buf, int32(i))
		}
	}
	return append(buf, int32(len(v.Def)))
}
