package sandbox

import "strings"

const contacts = "contacts"

func contactKind() kind {
	return kind{name: contacts, ids: idForm{hex: true}, write: writeContact}
}

// contactRole is "user" or "lead", about four to one.
func contactRole(w *Workspace, r row) string {
	if r.edit != nil {
		for _, f := range r.edit.over {
			if f.name == "role" {
				return strings.Trim(string(f.value), `"`)
			}
		}
	}
	if mix(w.collections[contacts].salt^uint64(r.index)*3)%5 == 0 {
		return "lead"
	}
	return "user"
}

// contactTags are the identifiers of a contact's tags, all of them.
func contactTags(w *Workspace, r row) []string {
	n := 0
	if g := randomAt(w.collections[contacts].salt+1, r.index); g.one(3) {
		n = 1 + g.below(3)
	}
	if k := w.behaviour.ManyTags; k > 0 && int(r.index)%k == 0 {
		n = 14
	}
	return belongs(w, tags, "tag_ids", r, n)
}

func contactSegments(w *Workspace, r row) []string {
	g := randomAt(w.collections[contacts].salt+2, r.index)
	return belongs(w, segments, "segment_ids", r, g.below(3))
}

func contactCompanies(w *Workspace, r row) []string {
	n := 0
	if g := randomAt(w.collections[contacts].salt+3, r.index); !g.one(4) {
		n = 1 + g.below(2)*g.below(2)
	}
	return belongs(w, companies, "company_ids", r, n)
}

// belongs picks n objects of another kind for a contact, unless an edit lists
// them. Those deleted since are left out.
func belongs(w *Workspace, kind, member string, r row, n int) []string {
	if r.edit != nil {
		if ids, given := r.edit.belongs[member]; given {
			return ids
		}
	}
	c := w.collections[kind]
	if n = min(n, int(c.initial)); n == 0 {
		return nil
	}
	first := mix(c.salt^uint64(r.index)) % uint64(c.initial)
	var out []string
	for k := range n {
		i := int32((first + uint64(k)) % uint64(c.initial))
		if i < c.size && c.alive(i) {
			out = append(out, c.row(i).id)
		}
	}
	return out
}

func writeContact(w *Workspace, b []byte, r row) []byte {
	g := randomAt(w.collections[contacts].salt, r.index)
	role := contactRole(w, r)
	first, last, domain := g.pick(firstNames), g.pick(lastNames), g.pick(domains)
	b = text(b, `{"type":"contact","id":`, r.id)
	b = text(b, `,"workspace_id":`, w.options.Workspace)
	b = contactAddress(b, &g, r, role, domain)
	if g.one(3) {
		b = number(b, `,"phone":"+1415555`, int64(1000+g.below(9000)))
		b = append(b, '"')
	} else {
		b = append(b, `,"phone":null`...)
	}
	b = append(b, `,"name":`...)
	if g.one(9) {
		b = escaped(b, first+" "+last)
	} else {
		b = quoted(b, first+" "+last)
	}
	b = append(b, `,"avatar":null`...)
	b = contactOwner(b, &g, r.minor)
	b = append(b, `,"social_profiles":{"type":"list","data":[]}`...)
	b = truth(b, `,"has_hard_bounced":`, g.one(50))
	b = truth(b, `,"marked_email_as_spam":`, g.one(90))
	b = truth(b, `,"unsubscribed_from_emails":`, g.one(8))
	b = contactTimes(b, &g, r, role)
	b = contactDevice(b, &g)
	b = contactAttributes(b, &g, r)
	b = contactLists(w, b, &g, r)
	if g.one(6) {
		b = text(b, `,"utm_campaign":`, "launch-"+g.pick(topics))
		b = append(b, `,"utm_content":null,"utm_medium":"email","utm_source":"newsletter","utm_term":null,"referrer":"https://www.example.org/?q=a%20b&x=1"`...)
	} else {
		b = append(b, `,"utm_campaign":null,"utm_content":null,"utm_medium":null,"utm_source":null,"utm_term":null,"referrer":null`...)
	}
	return append(b, `,"sms_consent":false,"unsubscribed_from_sms":false,"enabled_push_messaging":null}`...)
}

// contactAddress: a user has the number its app gave it, a lead a random one and
// not always an address.
func contactAddress(b []byte, g *random, r row, role, domain string) []byte {
	if role == "user" {
		b = append(number(b, `,"external_id":"`, int64(r.index)+70), '"')
	} else {
		b = append(uuid(append(b, `,"external_id":"`...), g), '"')
	}
	b = text(b, `,"role":`, role)
	if role == "lead" && g.one(3) {
		return append(b, `,"email":null,"email_domain":null`...)
	}
	b = number(b, `,"email":"person`, int64(r.index))
	b = append(append(append(b, '@'), domain...), '"')
	return text(b, `,"email_domain":`, domain)
}

// contactOwner: the owner's id was a number before 2.16 and is a string since.
func contactOwner(b []byte, g *random, minor int) []byte {
	switch n := int64(adminBase + g.below(adminCount)); {
	case !g.one(5):
		return append(b, `,"owner_id":null`...)
	case minor < 16:
		return number(b, `,"owner_id":`, n)
	default:
		return append(number(b, `,"owner_id":"`, n), '"')
	}
}

func contactTimes(b []byte, g *random, r row, role string) []byte {
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	signedUp := int64(0)
	if role == "user" {
		signedUp = r.created
	}
	b = moment(b, `,"signed_up_at":`, signedUp)
	seen := func(oneIn int) int64 {
		if g.one(oneIn) {
			return r.created + int64(g.below(int(max(1, r.updated-r.created+1))))
		}
		return 0
	}
	if r.touches > 0 {
		b = number(b, `,"last_seen_at":`, r.updated)
	} else {
		b = moment(b, `,"last_seen_at":`, seen(2))
	}
	b = moment(b, `,"last_replied_at":`, seen(5))
	b = moment(b, `,"last_contacted_at":`, seen(3))
	b = moment(b, `,"last_email_opened_at":`, seen(4))
	return moment(b, `,"last_email_clicked_at":`, seen(9))
}

func contactDevice(b []byte, g *random) []byte {
	if g.one(3) {
		b = append(b, `,"language_override":null,"browser":null,"browser_version":null,"browser_language":null,"os":null`...)
	} else {
		b = append(b, `,"language_override":null`...)
		b = text(b, `,"browser":`, g.pick(browsers))
		b = number(b, `,"browser_version":"`, int64(100+g.below(40)))
		b = text(b, `.0","browser_language":`, g.pick(languages))
		b = text(b, `,"os":`, g.pick(systems))
	}
	b = append(b, `,"location":{"type":"location",`...)
	b = append(append(b, g.pick(places)...), '}')
	if g.one(7) {
		b = number(b, `,"android_app_name":"Sandbox App","android_app_version":"4.`, int64(g.below(30)))
		b = append(b, `","android_device":"Pixel 9","android_os_version":"16","android_sdk_version":"15.1.2","android_last_seen_at":null`...)
	} else {
		b = append(b, `,"android_app_name":null,"android_app_version":null,"android_device":null,"android_os_version":null,"android_sdk_version":null,"android_last_seen_at":null`...)
	}
	return append(b, `,"ios_app_name":null,"ios_app_version":null,"ios_device":null,"ios_os_version":null,"ios_sdk_version":null,"ios_last_seen_at":null`...)
}

// contactAttributes are free-form: names that differ by case, mixed types, an
// integer that a float cannot hold, a list of instances.
func contactAttributes(b []byte, g *random, r row) []byte {
	if g.one(6) {
		return append(b, `,"custom_attributes":{}`...)
	}
	b = text(b, `,"custom_attributes":{"plan":`, g.pick(plans))
	b = number(b, `,"seats":`, int64(1+g.below(400)))
	b = number(b, `,"visits":`, int64(g.below(90)+r.touches))
	b = truth(b, `,"beta":`, g.one(4))
	if g.one(3) {
		b = number(b, `,"mrr":`, int64(g.below(900)))
		b = number(b, `.`, int64(1+g.below(9)))
	}
	if g.one(5) {
		b = number(b, `,"account_number":`, 9007199254740993+int64(g.below(1000)))
	}
	if g.one(5) {
		b = text(b, `,"Plan":`, g.pick(plans))
		b = number(b, `,"trial_ends_at":`, r.created+14*86400)
	}
	if g.one(11) {
		b = number(b, `,"order":{"type":"Order.list","instances":[{"id":"`, int64(g.below(100000)))
		b = append(b, `","external_id":"o-1","external_created_at":null}]},"note":`...)
		b = append(quoted(b, g.pick(sentences)), `,"nothing":null`...)
	}
	return append(b, '}')
}

func contactLists(w *Workspace, b []byte, g *random, r row) []byte {
	b = sublist(b, "tags", "tag", "/tags/", "tags", r.id, contactTags(w, r))
	b = sublist(b, "notes", "note", "/notes/", "notes", r.id, contactNotes(w, r))
	b = sublist(b, "companies", "company", "/companies/", "companies", r.id, contactCompanies(w, r))
	var out []string
	if g.one(8) {
		out = []string{subscriptionID(0)}
	}
	b = sublist(b, "opted_out_subscription_types", "subscription", "/subscription_types/", "subscriptions", r.id, out)
	return sublist(b, "opted_in_subscription_types", "subscription", "/subscription_types/", "subscriptions", r.id, nil)
}

// sublist writes one of a contact's lists of references, which shows ten at
// most and says how many there are.
func sublist(b []byte, name, kind, at, path, contact string, ids []string) []byte {
	b = append(append(append(b, `,"`...), name...), `":{"type":"list","data":[`...)
	for i, id := range ids[:min(len(ids), 10)] {
		if i > 0 {
			b = append(b, ',')
		}
		b = text(b, `{"id":`, id)
		b = append(append(append(b, `,"type":"`...), kind...), `","url":"`...)
		b = append(append(append(b, at...), id...), `"}`...)
	}
	b = append(append(b, `],"url":"/contacts/`...), contact...)
	b = append(append(b, '/'), path...)
	b = number(b, `","total_count":`, int64(len(ids)))
	b = truth(b, `,"has_more":`, len(ids) > 10)
	return append(b, '}')
}

// uuid appends a random identifier in the form of a version 4 UUID.
func uuid(b []byte, g *random) []byte {
	high, low := g.next(), g.next()
	for i := range 32 {
		if i == 8 || i == 12 || i == 16 || i == 20 {
			b = append(b, '-')
		}
		word := high
		if i >= 16 {
			word = low
		}
		digit := hexDigits[word>>(60-4*(i%16))&15]
		switch i {
		case 12:
			digit = '4'
		case 16:
			digit = hexDigits[8+word>>60&3]
		}
		b = append(b, digit)
	}
	return b
}
