package condition

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
)

func (p *parser) negate(op token, of term) (term, error) {
	want := Number
	if op.text == "!" {
		want = Bool
	}
	if of.kind != want && of.kind != Null {
		return term{}, p.fail(op, fmt.Sprintf("%s takes %s, and this is %s", op.text, want, of.kind))
	}
	return term{kind: want, eval: func(row []Value) Value {
		v := of.eval(row)
		switch {
		case v.null:
			return v
		case want == Bool:
			return Value{b: !v.b}
		}
		return Value{exact: v.exact && v.n != math.MinInt64, n: -v.n, f: -v.f}
	}}, nil
}

func (p *parser) combine(op token, a, b term) (term, error) {
	if a.kind == Time || b.kind == Time {
		if t, ok := asTime(a); ok {
			a = t
		}
		if t, ok := asTime(b); ok {
			b = t
		}
	}
	kind := a.kind
	if kind == Null {
		kind = b.kind
	}
	if b.kind != kind && b.kind != Null {
		return term{}, p.fail(op, fmt.Sprintf("%s is between %s and %s", op.text, a.kind, b.kind))
	}
	need := func(kinds ...Kind) error {
		for _, k := range append(kinds, Null) {
			if kind == k {
				return nil
			}
		}
		return p.fail(op, fmt.Sprintf("%s cannot be asked of %s", op.text, kind))
	}
	out := term{kind: Bool}
	var err error
	switch op.text {
	case "&&", "||":
		err = need(Bool)
		out.eval = logic(op.text == "&&", a, b)
	case "==", "!=":
		out.eval = equality(op.text == "==", kind, a, b)
	case "<", "<=", ">", ">=":
		err = need(Number, Text, Time)
		out.eval = ordering(op.text, kind, a, b)
	default:
		err = need(Number)
		out.kind, out.eval = Number, arithmetic(op.text, a, b)
	}
	return out, err
}

// logic is && and || with three values: what the known side decides, it decides.
func logic(and bool, a, b term) func([]Value) Value {
	return func(row []Value) Value {
		x, y := a.eval(row), b.eval(row)
		for _, v := range []Value{x, y} {
			if !v.null && v.b != and {
				return Value{b: !and}
			}
		}
		return Value{null: x.null || y.null, b: and}
	}
}

func equality(equal bool, kind Kind, a, b term) func([]Value) Value {
	return func(row []Value) Value {
		x, y := a.eval(row), b.eval(row)
		if x.null || y.null {
			return Value{b: (x.null && y.null) == equal}
		}
		return Value{b: (compare(kind, x, y) == 0) == equal}
	}
}

func ordering(op string, kind Kind, a, b term) func([]Value) Value {
	return func(row []Value) Value {
		x, y := a.eval(row), b.eval(row)
		if x.null || y.null {
			return Value{null: true}
		}
		c := compare(kind, x, y)
		switch op {
		case "<":
			return Value{b: c < 0}
		case "<=":
			return Value{b: c <= 0}
		case ">":
			return Value{b: c > 0}
		}
		return Value{b: c >= 0}
	}
}

func compare(kind Kind, x, y Value) int {
	switch kind {
	case Text:
		return cmp.Compare(x.s, y.s)
	case Bool:
		if x.b == y.b {
			return 0
		}
		return 1
	case Time:
		return cmp.Compare(x.n, y.n)
	}
	if x.exact && y.exact {
		return cmp.Compare(x.n, y.n)
	}
	return cmp.Compare(x.f, y.f)
}

// arithmetic is exact on integers where the result is one; a division by zero is unknown.
func arithmetic(op string, a, b term) func([]Value) Value {
	return func(row []Value) Value {
		x, y := a.eval(row), b.eval(row)
		if x.null || y.null {
			return Value{null: true}
		}
		if x.exact && y.exact {
			if n, ok := exactly(op, x.n, y.n); ok {
				return Value{exact: true, n: n, f: float64(n)}
			}
		}
		switch op {
		case "+":
			return Value{f: x.f + y.f}
		case "-":
			return Value{f: x.f - y.f}
		case "*":
			return Value{f: x.f * y.f}
		}
		if y.f == 0 {
			return Value{null: true}
		}
		if op == "/" {
			return Value{f: x.f / y.f}
		}
		return Value{f: math.Mod(x.f, y.f)}
	}
}

func exactly(op string, x, y int64) (int64, bool) {
	switch op {
	case "+":
		return x + y, (x+y > x) == (y > 0)
	case "-":
		return x - y, (x-y < x) == (y > 0)
	case "*":
		hi, lo := bits.Mul64(magnitude(x), magnitude(y))
		return x * y, hi == 0 && lo <= math.MaxInt64
	}
	if y == 0 || x == math.MinInt64 && y == -1 {
		return 0, false
	}
	if op == "%" {
		return x % y, true
	}
	return x / y, x%y == 0
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
