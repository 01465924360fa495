package intercom

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream/decode"
)

// samplePages is how many pages of objects are looked at to tell what reading below them costs.
const samplePages = 20

// searchExtent counts a search, and looks at its first pages when what stands in or under
// the objects is wanted.
func (s *session) searchExtent(ctx context.Context, g *shared, w search) (*extent, error) {
	reading := s.searched(s.client, g, w, nil)
	total, oldest, err := reading.look(ctx, reading.from)
	if err != nil {
		return nil, err
	}
	x := &extent{objects: total, calls: max(1, (total+largestPage-1)/largestPage), about: reading.daily && reading.from > 0}
	if total < 0 {
		return &extent{objects: -1, calls: -1}, nil
	}
	x.calls += reading.legCalls(total, oldest, s.world.Now().Unix())
	if !needObjects(g) {
		return x, nil
	}
	reading.consumers = nil
	c, err := reading.chain(entire())
	if err != nil {
		return nil, err
	}
	for range samplePages {
		f, more := c.next(ctx)
		if f.err != nil {
			return nil, f.err
		}
		for _, o := range f.items {
			o.text = append([]byte(nil), o.text...)
			x.sample = append(x.sample, o)
		}
		if !more {
			x.whole, x.about, x.objects = true, false, int64(len(x.sample))
			break
		}
	}
	return x, nil
}

func needObjects(g *shared) bool {
	for _, c := range g.consumers {
		switch c.decl.way.(type) {
		case hydrate, under, within:
			return true
		}
		if len(c.read.Settings.Strings("expand")) > 0 {
			return true
		}
	}
	return false
}

// look asks for one row of a search: how many there are, and the axis of the first.
func (f *finder) look(ctx context.Context, from int64) (total, first int64, err error) {
	body, err := f.post(ctx, from, pages{PerPage: 1}, true)
	if err != nil {
		return 0, 0, err
	}
	page, elements, err := decode.Envelope(body, f.search.list)
	if err != nil {
		return 0, 0, malformed(f.decl, f.search.path, err)
	}
	total = -1
	if raw, ok := page.Rest["total_count"]; ok && json.Unmarshal(raw, &total) != nil {
		total = -1
	}
	first = always
	if len(elements) > 0 {
		if at, ok := numberAt(elements[0], f.axis); ok {
			first = at
		}
	}
	return total, first, nil
}

// legCalls is what reading side by side takes beside the pages: the counts that divide the
// search, and what the ranges read over their edges.
func (f *finder) legCalls(total, oldest, now int64) int64 {
	n := min(total/largestPage/pagesALeg, mostLegs)
	if f.daily && oldest != always {
		n = min(n, (now-oldest)/shortest)
	}
	if n < 2 || oldest >= now {
		return 0
	}
	surplus := 0.0 // rows that a range reads before its edge
	if f.daily && oldest != always {
		surplus = float64(total) * 2.5 * 24 * 60 * 60 / float64(now-oldest)
	}
	return n - 1 + n/2 + int64(float64(n-1)*surplus/largestPage)
}

// listExtent asks for the first page of a list.
func (s *session) listExtent(ctx context.Context, g *shared, w whole) (*extent, error) {
	if w.slices[0] != "" {
		return s.logExtent(ctx, g, w)
	}
	x, err := s.firstPage(ctx, g.root, w, nil)
	for _, c := range g.consumers {
		if x != nil && w.newest != "" && c.want.from != always { // the read may stop long before the end
			x.about = true
		}
	}
	return x, err
}

// firstPage tells from the first page of a list how long it is.
func (s *session) firstPage(ctx context.Context, d declaration, w whole, bounds map[string]string) (*extent, error) {
	q := url.Values{}
	for name, value := range w.query {
		q.Set(name, value)
	}
	for name, value := range bounds {
		q.Set(name, value)
	}
	if w.perPage > 0 {
		q.Set("per_page", strconv.Itoa(w.perPage))
	}
	if w.paging == numbered {
		q.Set("page", "1")
	}
	a, err := s.ask(ctx, s.client, d, rest.Request{Method: "GET", Path: w.path, Query: q})
	if err != nil {
		return nil, err
	}
	page, elements, err := decode.Envelope(a.Body, w.list)
	if err != nil {
		return nil, malformed(d, w.path, err)
	}
	return listed(page, elements, w), nil
}

// logExtent looks at the two latest spans of a log that is asked for span by span. The
// earlier ones are taken for a page each, as those of a log that grows are.
func (s *session) logExtent(ctx context.Context, g *shared, w whole) (*extent, error) {
	reading := s.listed(s.client, g, w, nil)
	before := s.client.Calls().Requests
	from, to, err := reading.span(ctx)
	if err != nil {
		return nil, err
	}
	spans := (to - from + slice - 1) / slice
	x := &extent{objects: -1, calls: spans + s.client.Calls().Requests - before, about: true}
	for k := max(0, spans-2); k < spans; k++ {
		at := from + k*slice
		page, err := s.firstPage(ctx, g.root, w, map[string]string{
			w.slices[0]: strconv.FormatInt(at-1, 10), w.slices[1]: strconv.FormatInt(min(at+slice, to)+1, 10)})
		if err != nil {
			return nil, err
		}
		x.calls += max(1, page.calls) - 1
	}
	return x, nil
}

// listed tells from the first page of a list how long it is.
func listed(page decode.Page, elements [][]byte, w whole) *extent {
	x := &extent{objects: int64(len(elements)), calls: 1}
	var next struct {
		Next  json.RawMessage `json:"next"`
		Total int64           `json:"total_pages"`
	}
	more := w.paging != onePage && json.Unmarshal(page.Rest["pages"], &next) == nil && len(next.Next) > 0 && string(next.Next) != "null"
	total, counted := int64(-1), false
	if raw, ok := page.Rest["total_count"]; ok {
		counted = json.Unmarshal(raw, &total) == nil
	}
	switch {
	case !more:
		for _, e := range elements {
			x.sample = append(x.sample, item{id: textAt(e, "id"), created: always, updated: always, text: e})
		}
		x.whole = true
	case counted:
		x.objects, x.calls = total, max(next.Total, (total+int64(len(elements))-1)/max(1, int64(len(elements))))
	case next.Total > 1:
		x.objects, x.calls, x.about = next.Total*int64(len(elements)), next.Total, true
	default:
		x.objects, x.calls = -1, -1
	}
	return x
}

// scrollPage is how many companies a page of the scroll has.
const scrollPage = 100

// scrollExtent drains the scroll where it is short. Of a long one only whoever drains it
// learns the length; the companies' list is nearly as long, but leaves out companies without
// users.
func (s *session) scrollExtent(ctx context.Context, g *shared, w scroll) (*extent, error) {
	a, err := s.ask(ctx, s.client, g.root, rest.Request{Method: "POST", Path: "/companies/list", Query: url.Values{"page": {"1"}, "per_page": {"1"}}})
	if err != nil {
		return nil, err
	}
	total, ok := numberAt(a.Body, "total_count")
	if !ok {
		return &extent{objects: -1, calls: -1}, nil
	}
	x := &extent{objects: total, calls: (total+scrollPage-1)/scrollPage + 1, about: true}
	if total > samplePages*scrollPage {
		for _, e := range listAt(a.Body, "data") {
			x.sample = append(x.sample, item{id: textAt(e, "id"), created: always, updated: always, text: e})
		}
		return x, nil
	}
	reading := s.scrolled(s.client, g, w, nil)
	if reading.feed, err = newFeed(s, g, nil); err != nil {
		return nil, err
	}
	drained, err := reading.drain(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range drained {
		x.sample = append(x.sample, t.items...)
	}
	x.objects, x.calls, x.about, x.whole = int64(len(x.sample)), int64(len(drained))+1, false, true
	return x, nil
}

// tryObject asks for what stands under one object, to learn whether it may be read.
func (s *session) tryObject(ctx context.Context, d declaration, path string, sample []item) error {
	if len(sample) == 0 {
		return nil
	}
	_, err := s.ask(ctx, s.client, d, rest.Request{Method: "GET", Path: pathOf(path, sample[0].id)})
	if status, _ := refusedWith(err); status == 404 || status == 410 {
		return nil
	}
	return err
}

// valueAt is what stands at a path of names in an object; nil if nothing does.
func valueAt(text []byte, path string) json.RawMessage {
	for name := range strings.SplitSeq(path, ".") {
		var object map[string]json.RawMessage
		if name == "" || json.Unmarshal(text, &object) != nil {
			return nil
		}
		text = object[name]
	}
	return text
}

func numberAt(text []byte, path string) (n int64, ok bool) {
	raw := valueAt(text, path)
	return n, len(raw) > 0 && string(raw) != "null" && json.Unmarshal(raw, &n) == nil
}

func textAt(text []byte, path string) (s string) {
	if json.Unmarshal(valueAt(text, path), &s) != nil {
		return ""
	}
	return s
}

func listAt(text []byte, path string) [][]byte {
	var list []json.RawMessage
	if json.Unmarshal(valueAt(text, path), &list) != nil {
		return nil
	}
	out := make([][]byte, len(list))
	for i, e := range list {
		out[i] = e
	}
	return out
}
