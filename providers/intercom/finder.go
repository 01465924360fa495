package intercom

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
)

const (
	largestPage  = 150 // what Intercom allows
	smallestPage = 9   // what is asked for where larger pages keep failing
)

// finder asks one search for rows along its axis.
type finder struct {
	session   *session
	client    *rest.Client
	decl      declaration
	search    search
	axis      string
	filters   []condition
	daily     bool
	expansion *expansion // nil for lists as they come
}

// post asks for a page. Page sizes that the service cannot bear are left to the caller.
func (f *finder) post(ctx context.Context, from int64, p pages, patient bool) ([]byte, error) {
	q := question{Query: f.search.ask(f.axis, from, f.daily, f.filters), Sort: &ordering{f.axis, "ascending"}, Pagination: p}
	r := rest.Request{Method: "POST", Path: f.search.path, Body: q.body()}
	if !patient {
		r.Once = tooLarge
	}
	a, err := f.session.ask(ctx, f.client, f.decl, r)
	return a.Body, err
}

func tooLarge(status int) bool { return status == 502 || status == 504 }

// count asks how many rows a search finds at or after a second; where dates are compared
// by day it may say a few days' rows too many.
func (f *finder) count(ctx context.Context, from int64) (int64, error) {
	body, err := f.post(ctx, from, pages{PerPage: 1}, true)
	if err != nil {
		return 0, err
	}
	var page struct {
		Total *int64 `json:"total_count"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return 0, malformed(f.decl, f.search.path, err)
	}
	if page.Total == nil || *page.Total < 0 {
		return -1, nil
	}
	return *page.Total, nil
}

func malformed(d declaration, path string, err error) *providers.Error {
	return &providers.Error{Kind: providers.Malformed, Read: -1, Stream: d.Name, Summary: "The answer is not what it should be",
		Detail: fmt.Sprintf("%s cannot be read (%v). Nothing was taken from it; try again later.", path, err), Err: err}
}

func endless(d declaration, path, how string) *providers.Error {
	return &providers.Error{Kind: providers.Untrusted, Read: -1, Stream: d.Name, Summary: "The pages have no end",
		Detail: fmt.Sprintf("%s: %s. Reading on would never finish, so the import stopped; nothing was published.", path, how)}
}
