package sandbox

import (
	"net/http"
	"net/url"
)

var contactListing = listing{kind: "list", key: "data", perPage: 50, max: 150, of: contacts, badStart: http.StatusBadRequest}

func serveContactList(w *Workspace, r *request) answer {
	return w.cursorList(r, contactListing, "created_at", nil, "")
}

func serveContactSearch(w *Workspace, r *request) answer {
	return w.search(r, contactListing, contactFields)
}

// serveContact: a merged contact is 410 with a link since 2.16, and 404 before.
func serveContact(w *Workspace, r *request) answer {
	if into, merged := w.mergedInto(r.id); merged {
		if r.minor < 16 {
			return w.notFound("User Not Found")
		}
		a := w.refuse(http.StatusGone, "contact_merged", "This contact has been merged. See the 'Link' header for the canonical contact.")
		a.header = map[string]string{"Link": "</contacts/" + url.PathEscape(into) + `>; rel="canonical"`}
		return a
	}
	c := w.collections[contacts]
	return w.one(r, contacts, "User Not Found", func(b []byte, rw row) []byte { return c.append(b, rw) })
}

// mergedInto finds the contact another one was merged into, at most three hops
// away.
func (w *Workspace) mergedInto(id string) (string, bool) {
	c := w.collections[contacts]
	into := ""
	for range 3 {
		i, known := c.find(id)
		if !known {
			break
		}
		if k := w.behaviour.MergedContacts; into == "" && k > 0 && i < firstAdded && int(i)%k == k-1 {
			return c.row((i + 1) % max(1, c.size)).id, true
		}
		e := c.edits[i]
		if e == nil || e.mergedInto == "" {
			break
		}
		into, id = e.mergedInto, e.mergedInto
	}
	return into, into != ""
}

// contactNotes are the identifiers of a contact's notes, newest first.
func contactNotes(w *Workspace, r row) []string {
	g := randomAt(w.collections[contacts].salt+4, r.index)
	n := 0
	if g.one(12) {
		n = 1 + g.below(3)
	}
	var out []string
	for k := range n {
		out = append(out, string(number(nil, "", 700_000_000+int64(r.index)*10+int64(n-k))))
	}
	return out
}
