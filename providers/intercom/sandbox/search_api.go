package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"
)

// searchRequest is the body of a search.
type searchRequest struct {
	Query json.RawMessage `json:"query"`
	Sort  *struct {
		Field string `json:"field"`
		Order string `json:"order"`
	} `json:"sort"`
	Pagination *struct {
		PerPage       *int    `json:"per_page"`
		StartingAfter *string `json:"starting_after"`
	} `json:"pagination"`
}

// search answers a search endpoint.
func (w *Workspace) search(r *request, l listing, fields fieldTable) answer {
	var s searchRequest
	if err := json.Unmarshal(r.body, &s); err != nil {
		return w.refuse(http.StatusBadRequest, "bad_request", "The request body is not what a search takes: %v", err)
	}
	if len(s.Query) == 0 || string(s.Query) == "null" {
		return w.refuse(http.StatusBadRequest, "parameter_not_found", "query is missing")
	}
	v, err := decoded(s.Query)
	if err != nil {
		return w.refuse(http.StatusBadRequest, "bad_request", "The query is not JSON: %v", err)
	}
	c := compiler{fields: fields, contacts: l.of == contacts}
	byDay := c.contacts && r.minor <= 16
	if byDay {
		c.zone = w.zone
	}
	q, bad := c.compile(v, 0)
	if bad != nil {
		return w.refuse(http.StatusBadRequest, bad.code, "%s", bad.message)
	}
	res := result{index: w.searched(l.of), perPage: l.perPage, search: true}
	if bad := s.arrange(r, l, &res); bad != nil {
		if bad.code == "server_error" {
			return w.refuse(http.StatusInternalServerError, bad.code, "%s", bad.message)
		}
		return w.refuse(http.StatusBadRequest, bad.code, "%s", bad.message)
	}
	canonical, err := json.Marshal(v)
	if err != nil {
		return w.refuse(http.StatusBadRequest, "bad_request", "The query is not JSON: %v", err)
	}
	key := string(canonical)
	if byDay {
		key += " by day"
	}
	res.list = res.index.matching(q, key, res.field, res.descending)
	return w.cursorPage(r, l, res)
}

// arrange reads the order and the page of a search.
func (s searchRequest) arrange(r *request, l listing, res *result) *refusal {
	res.field, res.descending = "updated_at", true
	if l.of == contacts {
		res.field = "created_at"
	}
	if s.Sort != nil {
		switch order := s.Sort.Order; {
		case order == "" || order == "descending":
		case order == "ascending":
			res.descending = false
		case r.minor < 16 && (order == "asc" || order == "desc"):
			res.descending = order == "desc"
		default:
			return refusef("invalid_sort_order", "Invalid sort order '%s'. Must be one of: ascending, descending", order)
		}
		if s.Sort.Field != "" {
			res.field = s.Sort.Field
		}
		if !slices.Contains(sortable, res.field) {
			return refusef("invalid_field", "%q is not a field to sort by", res.field)
		}
	}
	if s.Pagination == nil {
		return nil
	}
	if n := s.Pagination.PerPage; n != nil {
		if res.perPage = *n; *n < 1 || *n > l.max {
			return refusef("parameter_invalid", "per_page must be a number between 1 and %d", l.max)
		}
	}
	if cursor := s.Pagination.StartingAfter; cursor != nil && *cursor != "" {
		p, valid := parsePosition(*cursor)
		if !valid && l.badStart == http.StatusInternalServerError {
			return refusef("server_error", "An unexpected error occurred")
		}
		if !valid {
			return refusef("parameter_invalid", "starting_after is not a cursor")
		}
		res.from = p
	}
	return nil
}
