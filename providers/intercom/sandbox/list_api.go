package sandbox

// serveMe tells whose token it is and of which workspace.
func serveMe(w *Workspace, _ *request) answer {
	o := w.options
	b := number(nil, `{"type":"admin","id":"`, adminBase)
	b = text(b, `","email":"admin0@example.com","name":`, adminName(0))
	b = append(b, `,"job_title":"Support engineer","away_mode_enabled":false,"away_mode_reassign":false,"team_ids":[],"email_verified":true`...)
	b = text(b, `,"app":{"type":"app","id_code":`, o.Workspace)
	b = text(b, `,"name":`, "Sandbox "+o.Workspace)
	b = number(b, `,"created_at":`, o.Epoch.Add(-history).Unix())
	b = text(b, `,"secure":false,"identity_verification":false,"timezone":`, o.Timezone)
	b = text(b, `,"region":`, o.Region)
	return ok(append(b, `},"avatar":{"type":"avatar","image_url":null},"has_inbox_seat":true}`...))
}

func serveTags(w *Workspace, _ *request) answer { return w.whole("list", "data", tags) }

// serveSegments counts members only when asked.
func serveSegments(w *Workspace, r *request) answer {
	if r.query.Get("include_count") != "true" {
		return w.whole("segment.list", segments, segments)
	}
	counts := map[string]int64{}
	people := w.collections[contacts]
	for _, i := range people.all() {
		for _, id := range contactSegments(w, people.row(i)) {
			counts[id]++
		}
	}
	c := w.collections[segments]
	b := append([]byte(nil), `{"type":"segment.list","segments":[`...)
	for k, i := range c.all() {
		if k > 0 {
			b = append(b, ',')
		}
		rw := c.row(i)
		b = c.append(b, rw)
		b = append(number(b[:len(b)-1], `,"count":`, counts[rw.id]), '}')
		w.stats.rows++
	}
	return ok(append(b, `]}`...))
}
