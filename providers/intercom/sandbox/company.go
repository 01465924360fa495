package sandbox

const companies = "companies"

func companyKind() kind {
	return kind{name: companies, ids: idForm{hex: true}, write: writeCompany}
}

// companyUsers is how many users a company has; lists leave out those without.
func companyUsers(w *Workspace, r row) int64 {
	if r.index%9 == 8 {
		return 0
	}
	return int64(1 + mix(w.collections[companies].salt^uint64(r.index)*5)%40)
}

// writeCompany leaves out what is unset, as Intercom does.
func writeCompany(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[companies].salt, r.index)
	b = number(b, `{"type":"company","company_id":"remote-`, int64(r.index)+1)
	b = text(b, `","id":`, r.id)
	b = text(b, `,"app_id":`, w.options.Workspace)
	b = text(b, `,"name":`, g.pick(firms)+" "+g.pick(suffixes))
	if g.one(2) {
		b = number(b, `,"remote_created_at":`, r.created-86400)
	}
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	if g.one(2) {
		b = number(b, `,"last_request_at":`, r.updated)
	}
	if g.one(2) {
		b = text(b, `,"website":`, "https://"+g.pick(domains))
		b = number(b, `,"size":`, int64(g.below(5000)))
		b = text(b, `,"industry":`, g.pick(sectors))
	}
	b = number(b, `,"monthly_spend":`, int64(g.below(2000)))
	b = number(b, `,"session_count":`, int64(g.below(500)+r.touches))
	b = number(b, `,"user_count":`, companyUsers(w, r))
	b = append(b, `,"tags":{"type":"tag.list","tags":[]},"segments":{"type":"segment.list","segments":[]}`...)
	if g.one(3) {
		b = append(b, `,"plan":{}`...)
	} else {
		n := g.below(len(plans))
		b = number(b, `,"plan":{"type":"plan","id":"`, int64(n))
		b = append(text(b, `","name":`, plans[n]), '}')
	}
	b = append(b, `,"notes":{"type":"list","data":[],"url":"/companies/`...)
	b = append(append(b, r.id...), `/notes","total_count":0,"has_more":false}`...)
	b = text(b, `,"custom_attributes":{"industry":`, g.pick(sectors))
	b = number(b, `,"renewal":`, r.created+365*86400)
	return append(b, `}}`...)
}
