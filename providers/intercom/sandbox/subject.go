package sandbox

import (
	"encoding/json"
	"strings"
)

// subject is one object a query is asked about. What a search index would not
// know yet, the subject does not either.
type subject struct {
	c       *collection
	index   int32
	created int64
	updated int64
	row     *row
	doc     map[string]any
}

func (s *subject) full() row {
	if s.row == nil {
		r := s.c.row(s.index)
		s.row = &r
	}
	return *s.row
}

// date returns a field in Unix seconds, and false when it is null.
func (s *subject) date(field string) (int64, bool) {
	switch field {
	case "created_at":
		return s.created, true
	case "updated_at":
		return s.updated, true
	}
	for _, v := range s.values(field) {
		if n, err := unix(v); err == nil {
			return n, true
		}
	}
	return 0, false
}

// values returns what a field holds: nothing for null, several for a list.
func (s *subject) values(field string) []any {
	w := s.c.world
	if s.c.name == contacts {
		switch field {
		case "role":
			return []any{contactRole(w, s.full())}
		case "id":
			return []any{s.full().id}
		case "tag_id":
			return anys(contactTags(w, s.full()))
		case "segment_id":
			return anys(contactSegments(w, s.full()))
		}
	}
	if s.doc == nil {
		v, err := decoded(s.c.append(nil, s.full()))
		if err != nil {
			return nil
		}
		s.doc, _ = v.(map[string]any)
	}
	switch field {
	case "contact_ids":
		return ids(s.doc, "contacts", "contacts")
	case "teammate_ids":
		return ids(s.doc, "teammates", "admins")
	case "tag_ids":
		return ids(s.doc, "tags", "tags")
	case "ticket_type_id":
		field = "ticket_type.id"
	}
	if name, found := strings.CutPrefix(field, "ticket_attribute."); found {
		field = "ticket_attributes." + name
	}
	if v := lookup(s.doc, field); v != nil {
		return []any{v}
	}
	return nil
}

// lookup follows a dotted path. What comes after custom_attributes is one name.
func lookup(doc map[string]any, path string) any {
	name, rest, deeper := strings.Cut(path, ".")
	v := doc[name]
	if !deeper {
		return v
	}
	inner, isObject := v.(map[string]any)
	if !isObject {
		return nil
	}
	if name == "custom_attributes" || name == "ticket_attributes" {
		return inner[rest]
	}
	return lookup(inner, rest)
}

// ids lists the identifiers in a list inside a list object.
func ids(doc map[string]any, outer, inner string) []any {
	holder, _ := doc[outer].(map[string]any)
	list, _ := holder[inner].([]any)
	var out []any
	for _, v := range list {
		if m, isObject := v.(map[string]any); isObject {
			out = append(out, m["id"])
		}
	}
	return out
}

func anys(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}

// compare applies an operator to what a field holds.
func compare(held []any, operator string, values []any) bool {
	switch operator {
	case "!=", "NIN":
		return !anyEqual(held, values)
	case "!~":
		return !compare(held, "~", values)
	case "=", "IN":
		return anyEqual(held, values)
	}
	for _, h := range held {
		if ordered(h, operator, values[0]) {
			return true
		}
	}
	return false
}

func anyEqual(held, values []any) bool {
	for _, v := range values {
		if v == nil && len(held) == 0 {
			return true
		}
		for _, h := range held {
			if v != nil && plain(h) == plain(v) {
				return true
			}
		}
	}
	return false
}

// ordered applies the operators that compare sizes or parts of texts.
func ordered(held any, operator string, value any) bool {
	h, v := strings.ToLower(plain(held)), strings.ToLower(plain(value))
	switch operator {
	case "~":
		return strings.Contains(h, v)
	case "^":
		return strings.HasPrefix(h, v)
	case "$":
		return strings.HasSuffix(h, v)
	}
	a, errA := json.Number(h).Float64()
	b, errB := json.Number(v).Float64()
	if errA != nil || errB != nil {
		return false
	}
	switch operator {
	case ">":
		return a > b
	case "<":
		return a < b
	case ">=":
		return a >= b
	case "<=":
		return a <= b
	}
	return false
}

// plain is the text of a scalar, so that 3 and "3" are the same.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	case int64:
		return json.Number(string(number(nil, "", v))).String()
	}
	return ""
}
