package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A condition is an expression over the plain columns of one row:
//
//	column  "text"  12.5  true  null    - ! * / % + - < <= > >= == != && ||    ( )
//
// with HCL's precedence. Null makes a result unknown, as in SQL, except that == and !=
// compare with it; a condition that is unknown holds. A time is compared with a time, or
// with a text that is one.

// token is one word of a condition.
type token struct {
	kind byte // 'i' name, 's' text, 'n' number, 'o' operator, 0 the end
	text string
	at   int
}

// conditionError says what is wrong with a condition, and where.
func conditionError(text string, at int, what string) error {
	return fmt.Errorf("the condition %q is wrong at character %d: %s", text, utf8.RuneCountInString(text[:min(at, len(text))])+1, what)
}

func lex(text string) ([]token, error) {
	var out []token
	for i := 0; i < len(text); {
		r, width := utf8.DecodeRuneInString(text[i:])
		switch {
		case unicode.IsSpace(r):
			i += width
		case r == '_' || unicode.IsLetter(r):
			j := i
			for j < len(text) {
				c, w := utf8.DecodeRuneInString(text[j:])
				if c != '_' && c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
					break
				}
				j += w
			}
			out = append(out, token{'i', text[i:j], i})
			i = j
		case r >= '0' && r <= '9':
			j := i
			for j < len(text) && (strings.IndexByte("0123456789.eE", text[j]) >= 0 || (text[j] == '-' || text[j] == '+') && (text[j-1] == 'e' || text[j-1] == 'E')) {
				j++
			}
			out = append(out, token{'n', text[i:j], i})
			i = j
		case r == '"':
			s, j, err := lexText(text, i)
			if err != nil {
				return nil, err
			}
			out = append(out, token{'s', s, i})
			i = j
		default:
			op := operatorAt(text[i:])
			if op == "" {
				return nil, conditionError(text, i, fmt.Sprintf("%q is not part of one", string(r)))
			}
			out = append(out, token{'o', op, i})
			i += len(op)
		}
	}
	return append(out, token{at: len(text)}), nil
}

func operatorAt(text string) string {
	for _, op := range []string{"&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "(", ")"} {
		if strings.HasPrefix(text, op) {
			return op
		}
	}
	return ""
}

// lexText reads a quoted text; doubled $ and % before { are HCL's way to write one.
func lexText(text string, from int) (string, int, error) {
	for i := from + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			s, err := strconv.Unquote(text[from : i+1])
			if err != nil {
				return "", 0, conditionError(text, from, "the text is not well written")
			}
			return strings.NewReplacer("$${", "${", "%%{", "%{").Replace(s), i + 1, nil
		}
	}
	return "", 0, conditionError(text, from, "the text does not end")
}

// valueKind is the type of a part of a condition.
type valueKind byte

const (
	nullValue valueKind = iota
	boolValue
	numberValue
	textValue
	timeValue
)

func (k valueKind) String() string {
	return [...]string{"null", "a bool", "a number", "a text", "a time"}[k]
}

// value is what a part of a condition gives for one row. An integer is exact.
type value struct {
	null  bool
	exact bool // a number that is n
	n     int64
	f     float64
	s     string
	b     bool
}

// condition is a compiled expression.
type condition struct {
	columns []string // it reads, in the order of the row that eval gets
	kind    valueKind
	eval    func(row []value) value
}

// term is a compiled part; constant text may still become a time.
type term struct {
	kind     valueKind
	constant string
	isConst  bool
	eval     func(row []value) value
}

// conditionParser reads tokens; kinds tells the type of a column.
type conditionParser struct {
	text   string
	tokens []token
	kinds  func(column string) (valueKind, error)
	out    *condition
	depth  int
}

func compileCondition(text string, kinds func(string) (valueKind, error)) (*condition, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &conditionParser{text: text, tokens: tokens, kinds: kinds, out: &condition{}}
	t, err := p.binary(0)
	if err != nil {
		return nil, err
	}
	if end := p.tokens[0]; end.kind != 0 {
		return nil, p.fail(end, fmt.Sprintf("%q is one word too many", end.text))
	}
	if t.kind != boolValue && t.kind != nullValue {
		return nil, conditionError(text, 0, "it gives "+t.kind.String()+", and a condition is true or false")
	}
	p.out.kind, p.out.eval = t.kind, t.eval
	return p.out, nil
}

func (p *conditionParser) fail(t token, what string) error { return conditionError(p.text, t.at, what) }

func (p *conditionParser) next() token {
	t := p.tokens[0]
	if t.kind != 0 {
		p.tokens = p.tokens[1:]
	}
	return t
}

var precedence = [][]string{{"||"}, {"&&"}, {"==", "!="}, {"<", "<=", ">", ">="}, {"+", "-"}, {"*", "/", "%"}}

func (p *conditionParser) binary(level int) (term, error) {
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

func (p *conditionParser) unary() (term, error) {
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

func (p *conditionParser) operand(t token) (term, error) {
	constant := func(k valueKind, v value) (term, error) {
		return term{kind: k, isConst: true, constant: v.s, eval: func([]value) value { return v }}, nil
	}
	switch t.kind {
	case 's':
		return constant(textValue, value{s: t.text})
	case 'n':
		if n, err := strconv.ParseInt(t.text, 10, 64); err == nil {
			return constant(numberValue, value{exact: true, n: n, f: float64(n)})
		}
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return term{}, p.fail(t, fmt.Sprintf("%q is not a number", t.text))
		}
		return constant(numberValue, value{f: f})
	case 'i':
		switch t.text {
		case "true", "false":
			return constant(boolValue, value{b: t.text == "true"})
		case "null":
			return constant(nullValue, value{null: true})
		}
		return p.column(t)
	}
	return term{}, p.fail(t, "a column, a constant or a ( is missing")
}

func (p *conditionParser) column(t token) (term, error) {
	kind, err := p.kinds(t.text)
	if err != nil {
		return term{}, p.fail(t, err.Error())
	}
	at := -1
	for i, c := range p.out.columns {
		if c == t.text {
			at = i
		}
	}
	if at < 0 {
		at = len(p.out.columns)
		p.out.columns = append(p.out.columns, t.text)
	}
	return term{kind: kind, eval: func(row []value) value { return row[at] }}, nil
}

// asTime makes a text constant a time where the other side is one.
func asTime(t term) (term, bool) {
	if t.kind == timeValue {
		return t, true
	}
	if !t.isConst || t.kind != textValue {
		return t, false
	}
	for _, form := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.Parse(form, t.constant); err == nil {
			v := value{exact: true, n: at.UnixMicro()}
			return term{kind: timeValue, eval: func([]value) value { return v }}, true
		}
	}
	return t, false
}
