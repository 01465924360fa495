package sandbox

import "net/http"

var companyListing = listing{kind: "list", key: "data", perPage: 15, max: 150, of: companies}

// companyCeiling is how far lists of companies reach; only a scroll goes on.
const companyCeiling = 10_000

// serveCompanies lists companies that have users, the last active first. With
// name or company_id it serves that one company.
func serveCompanies(w *Workspace, r *request) answer {
	for _, member := range []string{"name", "company_id"} {
		if wanted := r.query.Get(member); wanted != "" {
			return w.companyBy(r, member, wanted)
		}
	}
	per, fits := r.whole("per_page", companyListing.perPage, 1, companyListing.max)
	page, fitsToo := r.whole("page", 1, 1, 1<<30)
	if fits && fitsToo && page*per > companyCeiling {
		return w.refuse(http.StatusBadRequest, "parameter_invalid", "page limit reached, please use scroll API")
	}
	inUse := &query{leaf: func(s *subject) bool { return companyUsers(w, s.full()) > 0 }}
	return w.numberList(r, companyListing, "updated_at", inUse, "in use", true)
}

func (w *Workspace) companyBy(r *request, member, wanted string) answer {
	c := w.collections[companies]
	for _, i := range c.all() {
		s := subject{c: c, index: i}
		if anyEqual(s.values(member), []any{wanted}) {
			return ok(c.append(nil, s.full()))
		}
	}
	return w.refuse(http.StatusNotFound, "company_not_found", "Company Not Found")
}

func (w *Workspace) company(r *request) (row, answer, bool) {
	c := w.collections[companies]
	i, known := c.find(r.id)
	if k := w.behaviour.CompanyGone; known && k > 0 && int(i)%k == k-1 {
		return row{}, webServer(http.StatusNotFound), false
	}
	if !known || !c.alive(i) {
		return row{}, w.refuse(http.StatusNotFound, "company_not_found", "Company Not Found"), false
	}
	rw := c.row(i)
	rw.minor = r.minor
	return rw, answer{}, true
}

func serveCompany(w *Workspace, r *request) answer {
	rw, a, found := w.company(r)
	if !found {
		return a
	}
	return ok(w.collections[companies].append(nil, rw))
}

func serveCompanySegments(w *Workspace, r *request) answer {
	rw, a, found := w.company(r)
	if !found {
		return a
	}
	return w.listed(segments, companySegments(w, rw))
}

func companySegments(w *Workspace, r row) []string {
	g := randomAt(w.collections[companies].salt+2, r.index)
	return belongs(w, segments, "segment_ids", r, g.below(3))
}

// listed serves the objects of these identifiers, whole, in one list.
func (w *Workspace) listed(of string, ids []string) answer {
	c := w.collections[of]
	var list []int32
	for _, id := range ids {
		if i, known := c.find(id); known && c.alive(i) {
			list = append(list, i)
		}
	}
	return ok(append(w.objects([]byte(`{"type":"list","data":[`), c, list, -1, newestMinor), `]}`...))
}
