package sandbox

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// refusal is why a request breaks the contract, as Intercom would say it.
type refusal struct{ code, message string }

func (r *refusal) Error() string { return r.code + ": " + r.message }

func refusef(code, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

const (
	maxNesting = 2
	maxFilters = 15
)

// query is a compiled search: a group of queries, or a leaf.
type query struct {
	all, any []*query
	field    string
	leaf     func(s *subject) bool
	// low and high bound the values a date leaf lets through; only it has them.
	dated     bool
	low, high int64
}

// compiler turns the query language into a query, for one endpoint.
type compiler struct {
	fields   fieldTable
	contacts bool
	// zone is set when dates are compared by the day, in this zone.
	zone *time.Location
}

// compile reads one query or group; depth counts the groups around it.
func (c compiler) compile(v any, depth int) (*query, *refusal) {
	m, isObject := v.(map[string]any)
	if !isObject {
		return nil, refusef("parameter_invalid", "query should be an object")
	}
	operator, isText := m["operator"].(string)
	if !isText {
		return nil, refusef("parameter_not_found", "a query needs an operator")
	}
	if operator == "AND" || operator == "OR" {
		return c.group(m, operator, depth+1)
	}
	field, isText := m["field"].(string)
	if !isText {
		return nil, refusef("parameter_not_found", "a query needs a field")
	}
	value, given := m["value"]
	if !given {
		return nil, refusef("parameter_not_found", "a query needs a value")
	}
	return c.filter(field, operator, value)
}

func (c compiler) group(m map[string]any, operator string, depth int) (*query, *refusal) {
	list, isList := m["value"].([]any)
	switch {
	case !isList || len(list) == 0:
		return nil, refusef("parameter_invalid", "the value of %s should be a list of queries", operator)
	case depth > maxNesting:
		return nil, refusef("parameter_invalid", "queries may be nested %d levels at most", maxNesting)
	case len(list) > maxFilters:
		return nil, refusef("parameter_invalid", "a group may hold %d queries at most", maxFilters)
	}
	var kids []*query
	for _, v := range list {
		k, bad := c.compile(v, depth)
		if bad != nil {
			return nil, bad
		}
		kids = append(kids, k)
	}
	if operator == "AND" {
		return &query{all: kids}, nil
	}
	return &query{any: kids}, nil
}

func (c compiler) filter(field, operator string, value any) (*query, *refusal) {
	typ, known := c.fields.typeOf(field)
	if !known {
		return nil, refusef("invalid_field", "%q is not a field that can be searched", field)
	}
	if !slices.Contains(strings.Fields(operatorsOf(typ, c.contacts)), operator) {
		return nil, refusef("invalid_operator", "operator %q is not supported for field %q", operator, field)
	}
	values := []any{value}
	if operator == "IN" || operator == "NIN" {
		list, isList := value.([]any)
		if !isList || len(list) == 0 {
			return nil, refusef("parameter_invalid", "the value of %s should be a list of values", operator)
		}
		values = list
	}
	for i, v := range values {
		v, fits := fitted(typ, v)
		if !fits {
			return nil, refusef("parameter_invalid", "%v does not fit field %q", values[i], field)
		}
		values[i] = v
	}
	if typ == dateField && values[0] != nil && operator != "IN" && operator != "NIN" {
		return c.date(field, operator, values[0].(int64)), nil
	}
	if !c.contacts && (operator == ">" || operator == "<") {
		operator += "="
	}
	return &query{field: field, leaf: func(s *subject) bool { return compare(s.values(field), operator, values) }}, nil
}

// fitted checks a value against a field's type. Dates and numbers become int64.
func fitted(t fieldType, v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch t {
	case dateField, numberField:
		n, err := unix(v)
		_, fraction := v.(float64)
		return n, err == nil && !fraction
	case truthField:
		_, fits := v.(bool)
		return v, fits
	case textField, listField, tagField:
		if n, isNumber := v.(json.Number); isNumber {
			return n.String(), true
		}
		_, fits := v.(string)
		return v, fits
	}
	switch v.(type) {
	case string, bool, json.Number:
		return v, true
	}
	return nil, false
}

// date compiles a comparison of a date. On contacts > and < exclude the value
// itself, or its whole day up to version 2.16; elsewhere they include it.
func (c compiler) date(field, operator string, at int64) *query {
	first, last := at, at
	if c.zone != nil {
		y, m, d := time.Unix(at, 0).In(c.zone).Date()
		first = time.Date(y, m, d, 0, 0, 0, 0, c.zone).Unix()
		last = time.Date(y, m, d+1, 0, 0, 0, 0, c.zone).Unix() - 1
	}
	q := &query{field: field, dated: true, low: math.MinInt64, high: math.MaxInt64}
	switch operator {
	case "=":
		q.low, q.high = first, last
	case ">":
		q.low = first
		if c.contacts {
			q.low = last + 1
		}
	case "<":
		q.high = last
		if c.contacts {
			q.high = first - 1
		}
	case ">=":
		q.low = first
	case "<=":
		q.high = last
	case "!=":
		q.dated = false
		q.leaf = func(s *subject) bool { n, given := s.date(field); return !given || n != at }
		return q
	}
	q.leaf = func(s *subject) bool { n, given := s.date(field); return given && q.low <= n && n <= q.high }
	return q
}

// holds reports whether an object satisfies the query; nil is satisfied by all.
func (q *query) holds(s *subject) bool {
	switch {
	case q == nil:
		return true
	case q.leaf != nil:
		return q.leaf(s)
	case q.all != nil:
		for _, k := range q.all {
			if !k.holds(s) {
				return false
			}
		}
		return true
	}
	for _, k := range q.any {
		if k.holds(s) {
			return true
		}
	}
	return false
}

// bounds are the values of a field outside of which nothing can satisfy q.
func (q *query) bounds(field string) (low, high int64) {
	low, high = math.MinInt64, math.MaxInt64
	switch {
	case q == nil:
	case q.dated && q.field == field:
		return q.low, q.high
	default:
		for _, k := range q.all {
			l, h := k.bounds(field)
			low, high = max(low, l), min(high, h)
		}
	}
	return low, high
}
