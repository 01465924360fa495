package schedule

import (
	"fmt"
	"strconv"
	"strings"
)

// field is one of the five fields of an expression.
type field struct {
	name     string
	min, max int
	names    string // three letters each, from min on
	days     bool   // takes `?`
}

func (f field) isWeek() bool { return f.max == 7 }

// cronFields are the five fields in written order.
func cronFields() [5]field {
	return [5]field{
		{name: "minute", max: 59},
		{name: "hour", max: 23},
		{name: "day of month", min: 1, max: 31, days: true},
		{name: "month", min: 1, max: 12, names: "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"},
		{name: "day of week", max: 7, names: "SUNMONTUEWEDTHUFRISAT", days: true},
	}
}

// parse reads the text of f as a set of bits, and what there is to warn of.
func (f field) parse(text string) (set uint64, warn []string, err error) {
	if text == "?" && f.days {
		text = "*"
	}
	for item := range strings.SplitSeq(text, ",") {
		lo, hi, step, err := f.item(item)
		if err != nil {
			return 0, nil, err
		}
		for v := lo; v <= hi; v += step {
			set |= 1 << v
		}
		if strings.HasPrefix(item, "*/") {
			if w := unevenStep(f, item, step); w != "" {
				warn = append(warn, w)
			}
		}
	}
	if f.isWeek() && set&(1<<7) != 0 {
		set = set&^(1<<7) | 1
	}
	return set, warn, nil
}

// item reads one item of a list: `*`, a value, a range, or `*` or a range with a step.
func (f field) item(text string) (lo, hi, step int, err error) {
	body, stepText, stepped := strings.Cut(text, "/")
	step = 1
	if stepped {
		if step, err = f.step(text, stepText); err != nil {
			return 0, 0, 0, err
		}
	}
	if body == "*" {
		hi = f.max
		if f.isWeek() {
			hi = 6
		}
		return f.min, hi, step, nil
	}
	first, last, ranged := strings.Cut(body, "-")
	if lo, err = f.value(first); err != nil {
		return 0, 0, 0, err
	}
	switch {
	case ranged:
		if hi, err = f.value(last); err != nil {
			return 0, 0, 0, err
		}
		if f.isWeek() && hi == 0 && lo > 0 {
			hi = 7
		}
		if hi < lo {
			return 0, 0, 0, f.backwards(body, first, last, lo, hi)
		}
		return lo, hi, step, nil
	case stepped:
		return 0, 0, 0, f.wrong(fmt.Sprintf("the step in %q has no range to walk", text),
			fmt.Sprintf("Write %q to begin at %s, or %q.", fmt.Sprintf("%d-%d/%d", lo, f.max, step), first, fmt.Sprintf("*/%d", step)))
	}
	return lo, lo, 1, nil
}

func (f field) step(item, text string) (int, error) {
	n, err := number(text)
	if err != nil || n == 0 {
		return 0, f.wrong(fmt.Sprintf("the step in %q is not a whole number above zero", item), fmt.Sprintf("Write a step such as %q.", "*/2"))
	}
	return n, nil
}

// backwards is the error of a range whose end lies before its start.
func (f field) backwards(body, first, last string, lo, hi int) error {
	top := f.max
	if f.isWeek() {
		top = 6
	}
	head, tail := span(lo, top), span(f.min, hi)
	return f.wrong(fmt.Sprintf("the range %q ends before it begins", body),
		fmt.Sprintf("Write %q if it should wrap around, or %q.", head+","+tail, last+"-"+first))
}

func span(lo, hi int) string {
	if lo == hi {
		return strconv.Itoa(lo)
	}
	return fmt.Sprintf("%d-%d", lo, hi)
}

// value reads one number or name.
func (f field) value(text string) (int, error) {
	if text == "" {
		return 0, f.wrong("a value is missing", "Write a number, a range such as 1-5, a list such as 1,15, or `*` for every one.")
	}
	if n, err := number(text); err == nil {
		if n < f.min || n > f.max {
			return 0, f.wrong(fmt.Sprintf("%s is out of range", text), fmt.Sprintf("Write a number from %d to %d.", f.min, f.max))
		}
		return n, nil
	}
	if n, ok := f.named(text); ok {
		return n, nil
	}
	return 0, f.unknown(text)
}

// named finds a name of three letters, in either case.
func (f field) named(text string) (int, bool) {
	if len(text) != 3 {
		return 0, false
	}
	at := strings.Index(f.names, strings.ToUpper(text))
	if at < 0 || at%3 != 0 {
		return 0, false
	}
	return f.min + at/3, true
}

// unknown is the error of a value that is neither a number nor a name.
func (f field) unknown(text string) error {
	upper := strings.ToUpper(text)
	what := fmt.Sprintf("%q is not a value of this field", text)
	if len(upper) > 3 {
		if _, ok := f.named(upper[:3]); ok {
			return f.wrong(what, fmt.Sprintf("Names have three letters: write %s.", upper[:3]))
		}
	}
	switch {
	case text == "?":
		return f.wrong(what, "Write `*`; `?` stands alone and only for days.")
	case strings.Trim(upper, "0123456789LW#") == "" && f.days:
		return f.wrong(what, "`L`, `W` and `#` are not part of cron: name the days one by one.")
	case f.names != "":
		return f.wrong(what, fmt.Sprintf("Write a number from %d to %d or a name such as %s.", f.min, f.max, f.names[3:6]))
	}
	return f.wrong(what, fmt.Sprintf("Write a number from %d to %d.", f.min, f.max))
}

func (f field) wrong(problem, suggestion string) error {
	return &Error{Field: "cron", Problem: fmt.Sprintf("In the %s field, %s.", f.name, problem), Suggestion: suggestion}
}

// number reads up to four digits, without a sign.
func number(text string) (int, error) {
	if len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(text)
}
