package table

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/stream"
)

func (p *conditionParser) negate(op token, of term) (term, error) {
	want := numberValue
	if op.text == "!" {
		want = boolValue
	}
	if of.kind != want && of.kind != nullValue {
		return term{}, p.fail(op, fmt.Sprintf("%s takes %s, and this is %s", op.text, want, of.kind))
	}
	return term{kind: want, eval: func(row []value) value {
		v := of.eval(row)
		switch {
		case v.null:
			return v
		case want == boolValue:
			return value{b: !v.b}
		}
		return value{exact: v.exact && v.n != math.MinInt64, n: -v.n, f: -v.f}
	}}, nil
}

func (p *conditionParser) combine(op token, a, b term) (term, error) {
	if a.kind == timeValue || b.kind == timeValue {
		if t, ok := asTime(a); ok {
			a = t
		}
		if t, ok := asTime(b); ok {
			b = t
		}
	}
	kind := a.kind
	if kind == nullValue {
		kind = b.kind
	}
	if b.kind != kind && b.kind != nullValue {
		return term{}, p.fail(op, fmt.Sprintf("%s is between %s and %s", op.text, a.kind, b.kind))
	}
	need := func(kinds ...valueKind) error {
		for _, k := range append(kinds, nullValue) {
			if kind == k {
				return nil
			}
		}
		return p.fail(op, fmt.Sprintf("%s cannot be asked of %s", op.text, kind))
	}
	out := term{kind: boolValue}
	var err error
	switch op.text {
	case "&&", "||":
		err = need(boolValue)
		out.eval = logic(op.text == "&&", a, b)
	case "==", "!=":
		out.eval = equality(op.text == "==", kind, a, b)
	case "<", "<=", ">", ">=":
		err = need(numberValue, textValue, timeValue)
		out.eval = ordering(op.text, kind, a, b)
	default:
		err = need(numberValue)
		out.kind, out.eval = numberValue, arithmetic(op.text, a, b)
	}
	return out, err
}

// logic is && and || with three values: what the known side decides, it decides.
func logic(and bool, a, b term) func([]value) value {
	return func(row []value) value {
		x, y := a.eval(row), b.eval(row)
		for _, v := range []value{x, y} {
			if !v.null && v.b != and {
				return value{b: !and}
			}
		}
		return value{null: x.null || y.null, b: and}
	}
}

func equality(equal bool, kind valueKind, a, b term) func([]value) value {
	return func(row []value) value {
		x, y := a.eval(row), b.eval(row)
		if x.null || y.null {
			return value{b: (x.null && y.null) == equal}
		}
		return value{b: (compare(kind, x, y) == 0) == equal}
	}
}

func ordering(op string, kind valueKind, a, b term) func([]value) value {
	return func(row []value) value {
		x, y := a.eval(row), b.eval(row)
		if x.null || y.null {
			return value{null: true}
		}
		c := compare(kind, x, y)
		switch op {
		case "<":
			return value{b: c < 0}
		case "<=":
			return value{b: c <= 0}
		case ">":
			return value{b: c > 0}
		}
		return value{b: c >= 0}
	}
}

func compare(kind valueKind, x, y value) int {
	switch kind {
	case textValue:
		return cmp.Compare(x.s, y.s)
	case boolValue:
		if x.b == y.b {
			return 0
		}
		return 1
	case timeValue:
		return cmp.Compare(x.n, y.n)
	}
	if x.exact && y.exact {
		return cmp.Compare(x.n, y.n)
	}
	return cmp.Compare(x.f, y.f)
}

// arithmetic is exact on integers where the result is one; a division by zero is unknown.
func arithmetic(op string, a, b term) func([]value) value {
	return func(row []value) value {
		x, y := a.eval(row), b.eval(row)
		if x.null || y.null {
			return value{null: true}
		}
		if x.exact && y.exact {
			if n, ok := exactly(op, x.n, y.n); ok {
				return value{exact: true, n: n, f: float64(n)}
			}
		}
		switch op {
		case "+":
			return value{f: x.f + y.f}
		case "-":
			return value{f: x.f - y.f}
		case "*":
			return value{f: x.f * y.f}
		}
		if y.f == 0 {
			return value{null: true}
		}
		if op == "/" {
			return value{f: x.f / y.f}
		}
		return value{f: math.Mod(x.f, y.f)}
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

// condition counts changed rows for which a condition is false.
func (e *audit) condition(text string) (ExpectResult, error) {
	c, err := compileCondition(text, func(column string) (valueKind, error) {
		i, err := e.leaf(column)
		if err != nil {
			return nullValue, err
		}
		return map[stream.Kind]valueKind{
			stream.Int: numberValue, stream.Float: numberValue, stream.Bool: boolValue, stream.Timestamp: timeValue,
			stream.String: textValue, stream.JSON: textValue,
		}[e.x.l.leaves[i].Kind], nil
	})
	if err != nil {
		return ExpectResult{}, err
	}
	kinds := make([]stream.Kind, len(c.columns))
	for i, name := range c.columns {
		kinds[i] = e.x.l.leaves[e.x.l.flat(name)].Kind
	}
	row := make([]value, len(c.columns))
	return e.breaking("condition "+text, c.columns, func(v []parquet.Value) bool {
		for i := range v {
			row[i] = conditionValue(kinds[i], v[i])
		}
		result := c.eval(row)
		return !result.null && !result.b
	})
}

func conditionValue(k stream.Kind, v parquet.Value) value {
	if v.IsNull() {
		return value{null: true}
	}
	switch k {
	case stream.Int, stream.Timestamp:
		return value{exact: true, n: v.Int64(), f: float64(v.Int64())}
	case stream.Float:
		return value{f: v.Double()}
	case stream.Bool:
		return value{b: v.Boolean()}
	}
	return value{s: string(v.ByteArray())}
}
