package sandbox

import "strconv"

// contact finds the contact whose list is asked for; a merged one has none.
func (w *Workspace) contact(r *request) (row, answer, bool) {
	c := w.collections[contacts]
	i, known := c.find(r.id)
	gone := w.behaviour.HydrateGone
	if !known || !c.alive(i) || gone > 0 && int(i)%gone == gone-1 {
		return row{}, w.notFound("User Not Found"), false
	}
	return c.row(i), answer{}, true
}

func serveContactTags(w *Workspace, r *request) answer {
	rw, a, found := w.contact(r)
	if !found {
		return a
	}
	b := []byte(`{"type":"list","data":[`)
	for k, id := range contactTags(w, rw) {
		if k > 0 {
			b = append(b, ',')
		}
		b = appliedTag(w, b, id, rw.created)
	}
	return ok(append(b, `]}`...))
}

func serveContactSegments(w *Workspace, r *request) answer {
	rw, a, found := w.contact(r)
	if !found {
		return a
	}
	return w.listed(segments, contactSegments(w, rw))
}

func serveContactCompanies(w *Workspace, r *request) answer {
	rw, a, found := w.contact(r)
	if !found {
		return a
	}
	c := w.collections[companies]
	var list []int32
	for _, id := range contactCompanies(w, rw) {
		if i, known := c.find(id); known && c.alive(i) {
			list = append(list, i)
		}
	}
	l := listing{kind: "list", key: "data", perPage: 50, max: 150}
	return w.numberPage(r, l, len(list), func(b []byte, from, to int) []byte {
		return w.objects(b, c, list[from:to], from, r.minor)
	})
}

func serveContactNotes(w *Workspace, r *request) answer {
	rw, a, found := w.contact(r)
	if !found {
		return a
	}
	ids := contactNotes(w, rw)
	l := listing{kind: "list", key: "data", perPage: 50, max: 150}
	return w.numberPage(r, l, len(ids), func(b []byte, from, to int) []byte {
		for k := from; k < to; k++ {
			if k > from {
				b = append(b, ',')
			}
			b = writeNote(w, b, rw, k, ids[k])
		}
		return b
	})
}

// writeNote writes the k-th newest note of a contact.
func writeNote(w *Workspace, b []byte, rw row, k int, id string) []byte {
	g := randomAt(w.collections[contacts].salt+5, rw.index+int32(k))
	b = text(b, `{"type":"note","id":`, id)
	b = number(b, `,"created_at":`, rw.created+3600*int64(9-k))
	b = text(b, `,"contact":{"type":"contact","id":`, rw.id)
	admin := int32(g.below(adminCount))
	b = text(b, `},"author":{"type":"admin","id":`, strconv.Itoa(int(adminBase+admin)))
	b = text(b, `,"name":`, adminName(admin))
	b = number(b, `,"email":"admin`, int64(admin))
	b = append(b, `@example.com","away_mode_enabled":false,"away_mode_reassign":false}`...)
	return append(text(b, `,"body":`, "<p>"+g.pick(sentences)+"</p>"), '}')
}

// serveContactSubscriptions lists what the contact opted out of.
func serveContactSubscriptions(w *Workspace, r *request) answer {
	rw, a, found := w.contact(r)
	if !found {
		return a
	}
	s := subject{c: w.collections[contacts], index: rw.index}
	var ids []string
	for _, m := range s.values("opted_out_subscription_types.data") {
		list, _ := m.([]any)
		for _, o := range list {
			if ref, isObject := o.(map[string]any); isObject {
				ids = append(ids, plain(ref["id"]))
			}
		}
	}
	return w.listed(subscriptionTypes, ids)
}
