package condition

import (
	"time"

	"github.com/inlay-sync/inlay/stream"
)

// Kind is the type of a part of a condition.
type Kind byte

// The closed set of kinds. Null is that of the constant null alone: every value may be null.
const (
	Null Kind = iota
	Bool
	Number
	Text
	Time
)

// String names the kind in a sentence.
func (k Kind) String() string {
	return [...]string{"null", "a bool", "a number", "a text", "a time"}[k]
}

// KindOf is how a condition sees a column's type; ok is false of nested ones, which no
// condition can be about.
func KindOf(k stream.Kind) (kind Kind, ok bool) {
	switch k {
	case stream.Int, stream.Float:
		return Number, true
	case stream.Bool:
		return Bool, true
	case stream.Timestamp:
		return Time, true
	case stream.String, stream.JSON:
		return Text, true
	}
	return Null, false
}

// Value is what a column holds in one row; the zero Value is not null, so use the
// functions below. An integer is exact.
type Value struct {
	null  bool
	exact bool // a number that is n
	n     int64
	f     float64
	s     string
	b     bool
}

// NullValue is the absence of a value, of any kind.
func NullValue() Value { return Value{null: true} }

// IntValue is a whole number.
func IntValue(n int64) Value { return Value{exact: true, n: n, f: float64(n)} }

// FloatValue is a number.
func FloatValue(f float64) Value { return Value{f: f} }

// TextValue is a text.
func TextValue(s string) Value { return Value{s: s} }

// BoolValue is true or false.
func BoolValue(b bool) Value { return Value{b: b} }

// TimeValue is an instant, to the microsecond.
func TimeValue(t time.Time) Value { return IntValue(t.UnixMicro()) }
