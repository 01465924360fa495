package sandbox

import (
	"net/http"
	"net/url"
	"strconv"
)

// listing is how an endpoint shows a list of objects.
type listing struct {
	kind     string // the envelope's type: "list", "conversation.list", …
	key      string // where the rows are: "data", "conversations", …
	perPage  int    // rows a page when nothing else is asked
	max      int    // rows a page at most
	of       string // the collection
	badStart int    // the status for a cursor that is none
	bare     bool   // without total_count, page and total_pages
}

// result is an ordered answer to a query, of which a page is asked.
type result struct {
	index      index
	list       []int32
	field      string
	descending bool
	perPage    int
	from       position
	search     bool
}

// cursorPage serves one page of a result and the cursor of the next.
func (w *Workspace) cursorPage(r *request, l listing, q result) answer {
	if a, large := w.tooLarge(q.perPage); large {
		return a
	}
	b, c := &w.behaviour, q.index
	page := max(1, q.from.page)
	start := c.after(q.list, q.field, q.descending, q.from)
	end := min(start+q.perPage, len(q.list))
	next, more := w.nextPosition(q, page, start, end)
	body := append([]byte(nil), `{"type":"`...)
	body = append(append(append(body, l.kind...), `","`...), l.key...)
	body = w.objects(append(body, `":[`...), c.collection, q.list[start:end], start, r.minor)
	body = append(body, ']')
	if !l.bare {
		body = number(body, `,"total_count":`, int64(max(0, len(q.list)-(page-1)*b.ShrinkTotal)))
	}
	body = append(body, `,"pages":{"type":"pages"`...)
	switch {
	case more:
		cursor := next.String()
		if b.RepeatCursor {
			cursor = q.repeated(end)
		}
		body = append(body, `,"next":{`...)
		if !l.bare {
			body = append(number(body, `"page":`, int64(next.page)), ',')
		}
		body = append(text(body, `"starting_after":`, cursor), '}')
	case b.NullNext:
		body = append(body, `,"next":null`...)
	}
	body = number(body, `,"per_page":`, int64(q.perPage))
	if !l.bare {
		body = number(body, `,"page":`, int64(page))
		body = number(body, `,"total_pages":`, int64((len(q.list)+q.perPage-1)/q.perPage))
	}
	if b.MoveRows && q.search && end < len(q.list) && q.perPage > 1 {
		w.move(c.collection, q.list[end])
	}
	return ok(append(body, `}}`...))
}

// tooLarge fails for pages of more rows than the service can manage.
func (w *Workspace) tooLarge(perPage int) (answer, bool) {
	if most := w.behaviour.MaxPerPage; most == 0 || perPage <= most {
		return answer{}, false
	}
	if w.behaviour.MaxPerPageStatus != 0 {
		return webServer(w.behaviour.MaxPerPageStatus), true
	}
	return webServer(http.StatusBadGateway), true
}

// nextPosition is where the next page begins, and whether there is one.
func (w *Workspace) nextPosition(q result, page, start, end int) (position, bool) {
	b, c := &w.behaviour, q.index
	if b.DuplicatePages && page%2 == 1 && len(q.list) > 0 {
		again := q.from
		again.page = page + 1
		return again, true
	}
	if end < len(q.list) {
		last := q.list[end-1]
		return position{c.sortValue(q.field, last), c.idOf(last), page + 1}, true
	}
	switch {
	case b.EndlessPages == "rows":
		return position{page: page + 1}, true
	case b.EndlessPages != "" && len(q.list) > 0:
		last := q.list[len(q.list)-1]
		return position{c.sortValue(q.field, last), c.idOf(last), page + 1}, true
	}
	return position{}, false
}

// repeated is the cursor of a service that forgets to move on.
func (q result) repeated(end int) string {
	switch {
	case q.from.page > 1:
		return q.from.String()
	case end == 0:
		return position{page: 2}.String()
	}
	last := q.list[end-1]
	return position{q.index.sortValue(q.field, last), q.index.idOf(last), 2}.String()
}

// move updates an object now, as if somebody had just changed it; each object
// moves once.
func (w *Workspace) move(c *collection, i int32) {
	if c.edits[i] != nil {
		return
	}
	c.edits[i] = &edit{changes: []change{{at: c.now, updated: c.now}}}
	w.forget()
}

// objects writes rows, separated by commas. from is the place of the first one
// in the whole result; it is negative in a list that announces no total, of which
// no row is hidden.
func (w *Workspace) objects(b []byte, c *collection, list []int32, from, minor int) []byte {
	hidden := w.behaviour.HiddenRows
	if from < 0 {
		hidden = 0
	}
	first := true
	for k, i := range list {
		if hidden > 0 && (from+k)%hidden == hidden-1 {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		r := c.row(i)
		r.minor = minor
		start := len(b)
		b = w.disfigured(c.append(b, r), start, r, first)
		first = false
		w.stats.rows++
	}
	return b
}

// paging reads per_page and starting_after from a query string.
func (w *Workspace) paging(r *request, l listing) (perPage int, from position, bad *answer) {
	perPage, fits := r.whole("per_page", l.perPage, 1, l.max)
	if !fits {
		a := w.badParameter("per_page must be a number between 1 and %d", l.max)
		return 0, from, &a
	}
	if cursor := r.query.Get("starting_after"); cursor != "" {
		p, valid := parsePosition(cursor)
		if !valid {
			a := w.badParameter("starting_after is not a cursor")
			return 0, from, &a
		}
		from = p
	}
	return perPage, from, nil
}

// cursorList serves a list whose pages are asked by a cursor in the URL.
func (w *Workspace) cursorList(r *request, l listing, field string, q *query, text string) answer {
	perPage, from, bad := w.paging(r, l)
	if bad != nil {
		return *bad
	}
	c := index{collection: w.collections[l.of]}
	list := c.matching(q, text, field, true)
	return w.cursorPage(r, l, result{index: c, list: list, field: field, descending: true, perPage: perPage, from: from})
}

// numberList serves a list of objects by page number, the newest by field first.
func (w *Workspace) numberList(r *request, l listing, field string, q *query, text string, descending bool) answer {
	c := index{collection: w.collections[l.of]}
	list := c.matching(q, text, field, descending)
	return w.numberPage(r, l, len(list), func(b []byte, from, to int) []byte {
		return w.objects(b, c.collection, list[from:to], from, r.minor)
	})
}

// numberPage serves a page of ready objects by its number; the next page is an
// absolute URL.
func (w *Workspace) numberPage(r *request, l listing, total int, write func(b []byte, from, to int) []byte) answer {
	perPage, fits := r.whole("per_page", l.perPage, 1, l.max)
	page, fitsToo := r.whole("page", 1, 1, 1<<30)
	if !fits || !fitsToo {
		return w.badParameter("page must be a positive number and per_page a number between 1 and %d", l.max)
	}
	if a, large := w.tooLarge(perPage); large {
		return a
	}
	v := &w.behaviour
	from := min((page-1)*perPage, total)
	if v.EndlessPages == "rows" && total > 0 {
		from = (page - 1) * perPage % total
	}
	to := min(from+perPage, total)
	b := append([]byte(nil), `{"type":"`...)
	b = append(append(append(b, l.kind...), `","`...), l.key...)
	b = write(append(b, `":[`...), from, to)
	b = number(b, `],"total_count":`, int64(max(0, total-(page-1)*v.ShrinkTotal)))
	b = append(b, `,"pages":{"type":"pages","next":`...)
	switch {
	case v.RepeatCursor && to < total:
		b = quoted(b, w.pageURL(r, max(2, page), perPage))
	case to < total || v.EndlessPages != "":
		b = quoted(b, w.pageURL(r, page+1, perPage))
	default:
		b = append(b, "null"...)
	}
	b = number(b, `,"page":`, int64(page))
	b = number(b, `,"per_page":`, int64(perPage))
	b = number(b, `,"total_pages":`, int64((total+perPage-1)/perPage))
	return ok(append(b, `}}`...))
}

func (w *Workspace) pageURL(r *request, page, perPage int) string {
	v := url.Values{}
	for name, values := range r.query {
		v[name] = values
	}
	v.Set("page", strconv.Itoa(page))
	v.Set("per_page", strconv.Itoa(perPage))
	return orElse(w.behaviour.NextHost, r.origin) + r.path + "?" + v.Encode()
}

// whole serves a list that has no pages.
func (w *Workspace) whole(kind, key, of string) answer {
	c := w.collections[of]
	b := append([]byte(nil), `{"type":"`...)
	b = append(append(append(b, kind...), `","`...), key...)
	b = w.objects(append(b, `":[`...), c, c.all(), -1, newestMinor)
	return ok(append(b, `]}`...))
}

// one serves a single object, or says why it cannot be had.
func (w *Workspace) one(r *request, of, missing string, write func(b []byte, rw row) []byte) answer {
	c := w.collections[of]
	i, known := c.find(r.id)
	gone := w.behaviour.HydrateGone
	if !known || c.edits[i] != nil && c.edits[i].deleted || gone > 0 && int(i)%gone == gone-1 {
		return w.notFound(missing)
	}
	rw := c.row(i)
	rw.minor = r.minor
	w.stats.rows++
	return ok(w.disfigured(write(nil, rw), 0, rw, true))
}
