package sandbox

import (
	"net/http"
	"time"
)

const (
	scrollPage = 100             // companies a page
	scrollIdle = 1 * time.Minute // after which a scroll is gone
)

// scroll is the one scroll over companies that a workspace may have open, and
// what has gone wrong with scrolls so far.
type scroll struct {
	param string // empty when none is open
	list  []int32
	next  int // place in list
	pages int // served
	used  time.Time

	refused         int
	expired, failed bool
}

func (w *Workspace) scrollOpen() bool {
	return w.scroll.param != "" && w.now().Sub(w.scroll.used) < scrollIdle
}

// serveScroll opens a scroll over all companies, or goes on with it.
func serveScroll(w *Workspace, r *request) answer {
	s, b := &w.scroll, &w.behaviour
	if param := r.query.Get("scroll_param"); param != "" {
		if param != s.param || !w.scrollOpen() {
			return w.notFound("scroll parameter not found")
		}
	} else {
		if s.refused < b.ScrollBusy || w.scrollOpen() {
			s.refused++
			return w.refuse(http.StatusBadRequest, "scroll_exists", "scroll already exists for this workspace")
		}
		list := w.collections[companies].all()
		if b.CompaniesWithout {
			list = nil
		}
		*s = scroll{param: string(uuid(nil, &w.requests)), list: list, refused: s.refused, expired: s.expired, failed: s.failed}
	}
	if a, broke := w.scrollBreaks(); broke {
		return a
	}
	return w.scrollOn(r)
}

// scrollBreaks ends the scroll where Behaviour says, once each.
func (w *Workspace) scrollBreaks() (answer, bool) {
	s, b := &w.scroll, &w.behaviour
	switch page := s.pages + 1; {
	case b.ScrollExpires == page && !s.expired:
		s.expired, s.param = true, ""
		return w.notFound("scroll parameter not found"), true
	case b.ScrollFails == page && !s.failed:
		s.failed, s.param = true, ""
		return w.refuse(http.StatusInternalServerError, "server_error",
			"Request failed due to an internal network error. Please restart the scroll operation."), true
	}
	return answer{}, false
}

// scrollOn serves the next page. An empty one ends the scroll.
func (w *Workspace) scrollOn(r *request) answer {
	s := &w.scroll
	if s.next >= len(s.list) && w.behaviour.EndlessScroll {
		s.next = 0
	}
	end := min(s.next+scrollPage, len(s.list))
	body := w.objects([]byte(`{"type":"list","data":[`), w.collections[companies], s.list[s.next:end], -1, r.minor)
	body = text(body, `],"pages":null,"total_count":null,"scroll_param":`, s.param)
	if s.next == end {
		s.param = ""
	}
	s.next, s.used = end, w.now()
	s.pages++
	return ok(append(body, '}'))
}
