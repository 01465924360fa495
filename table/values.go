package table

import (
	"unsafe"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/stream"
)

// bytesOf lends a string's bytes to a parquet value, which only reads them.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// appendEntries appends entries from to to of a vector as values of leaf column.
func appendEntries(dst []parquet.Value, v *stream.Vector, column, from, to int) []parquet.Value {
	if v.MaxRep > 0 {
		for i := from; i < to; i++ {
			dst = append(dst, entry(v, i).Level(int(v.Rep[i]), int(v.Def[i]), column))
		}
		return dst
	}
	var null parquet.Value // the last one met: many follow each other
	level := -1
	for i, def := range v.Def[from:to] {
		if def == v.MaxDef {
			dst = append(dst, entry(v, from+i).Level(0, int(def), column))
			continue
		}
		if int(def) != level {
			null, level = parquet.Value{}.Level(0, int(def), column), int(def)
		}
		dst = append(dst, null)
	}
	return dst
}

func entry(v *stream.Vector, i int) parquet.Value {
	if v.Null(i) {
		return parquet.Value{}
	}
	switch v.Kind {
	case stream.Int, stream.Timestamp:
		return parquet.Int64Value(v.Ints[i])
	case stream.Float:
		return parquet.DoubleValue(v.Floats[i])
	case stream.Bool:
		return parquet.BooleanValue(v.Bools[i])
	}
	return parquet.ByteArrayValue(bytesOf(v.Strs[i]))
}

// appendVector appends values as read from a file to a vector. Strings are copied, so
// that the page they came from can go.
func appendVector(v *stream.Vector, values []parquet.Value) {
	for _, x := range values {
		r := uint8(x.RepetitionLevel())
		if x.IsNull() {
			v.AppendNull(uint8(x.DefinitionLevel()), r)
			continue
		}
		switch v.Kind {
		case stream.Int, stream.Timestamp:
			v.AppendInt(x.Int64(), r)
		case stream.Float:
			v.AppendFloat(x.Double(), r)
		case stream.Bool:
			v.AppendBool(x.Boolean(), r)
		default:
			v.AppendString(string(x.ByteArray()), r)
		}
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

// lengthsOf splits values as read from a file into rows: where each begins, and the end.
func startsOf(values []parquet.Value, buf []int32) []int32 {
	buf = buf[:0]
	for i := range values {
		if values[i].RepetitionLevel() == 0 {
			buf = append(buf, int32(i))
		}
	}
	return append(buf, int32(len(values)))
}
