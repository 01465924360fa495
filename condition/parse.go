package condition

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Condition is a compiled condition. It is safe for concurrent use.
type Condition struct {
	// Columns are those it reads, in the order of the row that Fails gets.
	Columns []string

	eval func(row []Value) Value
}

// Fails reports whether the condition is false for a row. One that is unknown, because a
// value it needs is null, does not fail.
func (c *Condition) Fails(row []Value) bool {
	v := c.eval(row)
	return !v.null && !v.b
}

// term is a compiled part; constant text may still become a time.
type term struct {
	kind     Kind
	constant string
	isConst  bool
	eval     func(row []Value) Value
}

// parser reads tokens; kinds tells the type of a column.
type parser struct {
	text   string
	tokens []token
	kinds  func(column string) (Kind, error)
	out    *Condition
	depth  int
}

// mostWords bounds how long a condition may be.
const mostWords = 10_000

// Compile reads a condition. kinds tells the type of a column, or why there is none that a
// condition could be about. The error is a sentence without its full stop that says what is
// wrong, and where in the text.
func Compile(text string, kinds func(column string) (Kind, error)) (*Condition, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	if len(tokens) > mostWords {
		return nil, wrong(text, tokens[mostWords].at, "it is too long")
	}
	p := &parser{text: text, tokens: tokens, kinds: kinds, out: &Condition{}}
	t, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	if end := p.tokens[0]; end.kind != 0 {
		return nil, p.fail(end, fmt.Sprintf("%q is one word too many", end.text))
	}
	if t.kind != Bool && t.kind != Null {
		return nil, wrong(text, 0, "it gives "+t.kind.String()+", and a condition is true or false")
	}
	p.out.eval = t.eval
	return p.out, nil
}

func (p *parser) fail(t token, what string) error { return wrong(p.text, t.at, what) }

func (p *parser) next() token {
	t := p.tokens[0]
	if t.kind != 0 {
		p.tokens = p.tokens[1:]
	}
	return t
}

var precedence = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "/", "%"}}

func (p *parser) binary(level int) (term, error) {
	if level == len(precedence) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	for err == nil && p.tokens[0].kind == 'o' && slices.Contains(precedence[level], p.tokens[0].text) {
		op := p.next()
		var right term
		if right, err = p.binary(level + 1); err == nil {
			left, err = p.combine(op, left, right)
		}
	}
	return left, err
}

func (p *parser) unary() (term, error) {
	const deepest = 200
	if p.depth++; p.depth > deepest {
		return term{}, p.fail(p.tokens[0], "it nests too deep")
	}
	defer func() { p.depth-- }()
	t := p.next()
	switch {
	case t.kind == 'o' && (t.text == "-" || t.text == "!"):
		of, err := p.unary()
		if err != nil {
			return term{}, err
		}
		return p.negate(t, of)
	case t.kind == 'o' && t.text == "(":
		in, err := p.binary(0)
		if err != nil {
			return term{}, err
		}
		if end := p.next(); end.kind != 'o' || end.text != ")" {
			return term{}, p.fail(end, "a ) is missing")
		}
		return in, nil
	}
	return p.operand(t)
}

func (p *parser) operand(t token) (term, error) {
	constant := func(k Kind, v Value) (term, error) {
		return term{kind: k, isConst: true, constant: v.s, eval: func([]Value) Value { return v }}, nil
	}
	switch t.kind {
	case 's':
		return constant(Text, Value{s: t.text})
	case 'n':
		if n, err := strconv.ParseInt(t.text, 10, 64); err == nil {
			return constant(Number, Value{exact: true, n: n, f: float64(n)})
		}
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return term{}, p.fail(t, fmt.Sprintf("%q is not a number", t.text))
		}
		return constant(Number, Value{f: f})
	case 'i':
		switch t.text {
		case "true", "false":
			return constant(Bool, Value{b: t.text == "true"})
		case "null":
			return constant(Null, Value{null: true})
		}
		return p.column(t)
	}
	return term{}, p.fail(t, "a column, a constant or a ( is missing")
}

func (p *parser) column(t token) (term, error) {
	kind, err := p.kinds(t.text)
	if err != nil {
		return term{}, p.fail(t, err.Error())
	}
	at := -1
	for i, c := range p.out.Columns {
		if c == t.text {
			at = i
		}
	}
	if at < 0 {
		at = len(p.out.Columns)
		p.out.Columns = append(p.out.Columns, t.text)
	}
	return term{kind: kind, eval: func(row []Value) Value { return row[at] }}, nil
}

// asTime makes a text constant a time where the other side is one.
func asTime(t term) (term, bool) {
	if t.kind == Time {
		return t, true
	}
	if !t.isConst || t.kind != Text {
		return t, false
	}
	for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(form, t.constant); err == nil {
			v := Value{exact: true, n: at.UnixMicro()}
			return term{kind: Time, eval: func([]Value) Value { return v }}, true
		}
	}
	return t, false
}
