package intercom

import "encoding/json"

// condition is one comparison of a search.
type condition struct {
	Field    string `json:"field"`
	Operator string `json:"operator"`
	Value    any    `json:"value"`
}

// group joins conditions.
type group struct {
	Operator string `json:"operator"`
	Value    []any  `json:"value"`
}

// question is the body of a search.
type question struct {
	Query      any       `json:"query"`
	Sort       *ordering `json:"sort,omitempty"`
	Pagination pages     `json:"pagination"`
}

type ordering struct {
	Field string `json:"field"`
	Order string `json:"order"`
}

type pages struct {
	PerPage       int    `json:"per_page"`
	StartingAfter string `json:"starting_after,omitempty"`
}

// daysOff is how far a bound on a date is moved outwards where the service compares days:
// whatever the zones of the workspace and of the comparison are, two days always reach
// past the edge. The surplus is dropped when it arrives.
const daysOff = 2 * 24 * 60 * 60

// atOrAfter is a condition that every row at or after a second meets. Rows before it may
// meet it too: whether ">" includes the second itself differs from search to search.
func atOrAfter(field string, second int64, daily bool) condition {
	second--
	if daily {
		second -= daysOff
	}
	return condition{field, ">", max(second, 0)}
}

// ask writes the query for the rows of a search at or after a second.
func (w search) ask(axis string, from int64, daily bool, filters []condition) any {
	all := []any{}
	if w.role != "" {
		all = append(all, condition{"role", "=", w.role})
	}
	for _, f := range filters {
		all = append(all, f)
	}
	if from > 0 {
		all = append(all, atOrAfter(axis, from, daily))
	}
	switch {
	case len(all) == 1:
		return all[0]
	case len(all) > 1:
		return group{"AND", all}
	case w.daily: // everything there is, without a date that would leave out a day
		return group{"OR", []any{condition{"role", "=", "user"}, condition{"role", "=", "lead"}}}
	}
	return condition{"created_at", ">", 0}
}

// body writes a question. Its parts are plain values and always marshal.
func (q question) body() []byte {
	b, err := json.Marshal(q)
	if err != nil {
		return nil
	}
	return b
}
