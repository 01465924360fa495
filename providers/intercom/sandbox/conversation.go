package sandbox

import "strconv"

const conversations = "conversations"

func conversationKind() kind {
	// The numbers cross from five digits to six, so that comparing them as
	// texts goes wrong as it would on a real workspace.
	return kind{name: conversations, ids: idForm{base: 99_700}, write: writeConversation}
}

// conversationAbout is what a conversation's list form and its parts share.
type conversationAbout struct {
	contact, external  string
	contactName, email string
	admin, team        int32
	state              string
	subject            string
	first              bool // the contact wrote first
	rest               random
}

func aboutConversation(w *Workspace, r row) conversationAbout {
	g := randomAt(w.collections[conversations].salt, r.index)
	a := conversationAbout{state: "closed", admin: int32(g.below(adminCount)), team: int32(g.below(teamCount))}
	a.contact, a.external, a.contactName, a.email = someone(w, &g)
	switch {
	case r.touches > 0 || g.one(6):
		a.state = "open"
	case g.one(15):
		a.state = "snoozed"
	}
	a.subject = g.pick(topics)
	a.first = !g.one(4)
	a.rest = g
	return a
}

// someone picks a contact: its identifiers, name and address. A workspace
// without contacts has nobody.
func someone(w *Workspace, g *random) (id, external, name, email string) {
	people := w.collections[contacts]
	if people.initial == 0 {
		return "", "", "", ""
	}
	i := int32(g.next() % uint64(people.initial))
	n := strconv.Itoa(int(i))
	return people.ids.of(people.salt, i, people.createdAt(i)), strconv.Itoa(int(i) + 70),
		firstNames[int(i)%len(firstNames)], "person" + n + "@example.com"
}

func writeConversation(w *Workspace, b []byte, r row) []byte {
	a := aboutConversation(w, r)
	g := a.rest
	b = text(b, `{"type":"conversation","id":`, r.id)
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	waiting, snoozed := int64(0), int64(0)
	switch a.state {
	case "open":
		waiting = r.updated
	case "snoozed":
		snoozed = r.updated + 86400
	}
	b = moment(b, `,"waiting_since":`, waiting)
	b = moment(b, `,"snoozed_until":`, snoozed)
	b = conversationSource(b, a, r, &g)
	b = participants(b, a)
	if a.first {
		b = number(b, `,"first_contact_reply":{"created_at":`, r.created)
		b = append(b, `,"type":"conversation","url":null}`...)
	} else {
		b = append(b, `,"first_contact_reply":null`...)
	}
	b = assignees(b, a, r, g.one(5))
	b = truth(b, `,"open":`, a.state == "open")
	b = text(b, `,"state":`, a.state)
	b = truth(b, `,"read":`, !g.one(5))
	b = conversationTags(w, b, r, &g)
	b = conversationPriority(b, r.minor, &g)
	if g.one(12) {
		b = append(b, `,"sla_applied":{"type":"conversation_sla_summary","sla_name":"Tier 1","sla_status":"hit"}`...)
	} else {
		b = append(b, `,"sla_applied":null`...)
	}
	b = conversationStatistics(w, b, a, r)
	b = conversationRating(b, a, r, &g)
	return conversationRest(b, a, &g)
}

// conversationRest writes what comes last: who took part, what it is called and
// what the workspace notes about it.
func conversationRest(b []byte, a conversationAbout, g *random) []byte {
	b = number(b, `,"teammates":{"type":"admin.list","admins":[{"type":"admin","id":"`, int64(adminBase+a.admin))
	b = append(b, `"}]}`...)
	if g.one(3) {
		b = text(b, `,"title":`, "About the "+a.subject)
	} else {
		b = append(b, `,"title":null`...)
	}
	if g.one(3) {
		b = text(b, `,"custom_attributes":{"Product area":`, a.subject)
		b = number(b, `,"effort":`, int64(g.below(9)))
		b = append(b, `,"resolved by bot":false}`...)
	} else {
		b = append(b, `,"custom_attributes":{}`...)
	}
	return append(b, `,"topics":{},"ticket":null,"linked_objects":{"type":"list","data":[],"total_count":0,"has_more":false},"ai_agent":null,"ai_agent_participated":false}`...)
}

// participants lists the contact, if there is one.
func participants(b []byte, a conversationAbout) []byte {
	b = append(b, `,"contacts":{"type":"contact.list","contacts":[`...)
	if a.contact != "" {
		b = text(b, `{"type":"contact","id":`, a.contact)
		b = append(text(b, `,"external_id":`, a.external), '}')
	}
	return append(b, `]}`...)
}

func conversationSource(b []byte, a conversationAbout, r row, g *random) []byte {
	b = append(b, `,"source":{"type":`...)
	b = quoted(b, []string{"conversation", "email", "push", "conversation"}[g.below(4)])
	b = number(b, `,"id":"`, 403918000+int64(r.index))
	if a.first {
		b = append(b, `","delivered_as":"customer_initiated"`...)
	} else {
		b = append(b, `","delivered_as":"admin_initiated"`...)
	}
	b = text(b, `,"subject":`, a.subject)
	b = r.body(b, `,"body":`, "<p>"+g.pick(sentences)+"</p>")
	b = append(b, `,"author":`...)
	b = author(b, a, a.first)
	return append(b, `,"attachments":[],"url":null,"redacted":false}`...)
}

// author writes who wrote the source or a part: the contact or the admin.
func author(b []byte, a conversationAbout, contact bool) []byte {
	if contact && a.contact != "" {
		b = text(b, `{"type":"user","id":`, a.contact)
		b = text(b, `,"name":`, a.contactName)
		return append(text(b, `,"email":`, a.email), '}')
	}
	b = number(b, `{"type":"admin","id":"`, int64(adminBase+a.admin))
	b = text(b, `","name":`, adminName(a.admin))
	return append(number(b, `,"email":"admin`, int64(a.admin)), `@example.com"}`...)
}

// assignees: nobody is null up to 2.15 and 0 since 2.16.
func assignees(b []byte, a conversationAbout, r row, nobody bool) []byte {
	switch {
	case !nobody:
		b = number(b, `,"admin_assignee_id":`, int64(adminBase+a.admin))
		return number(b, `,"team_assignee_id":`, int64(teamBase+a.team))
	case r.minor < 16:
		return append(b, `,"admin_assignee_id":null,"team_assignee_id":null`...)
	default:
		return append(b, `,"admin_assignee_id":0,"team_assignee_id":0`...)
	}
}

// conversationPriority has other words since 2.16.
func conversationPriority(b []byte, minor int, g *random) []byte {
	words := []string{"none", "none", "none", "low", "medium", "high", "urgent"}
	if minor < 16 {
		words = []string{"not_priority", "not_priority", "priority"}
	}
	return text(b, `,"priority":`, g.pick(words))
}

func conversationTags(w *Workspace, b []byte, r row, g *random) []byte {
	b = append(b, `,"tags":{"type":"tag.list","tags":[`...)
	n := 0
	if g.one(3) {
		n = 1 + g.below(2)
	}
	for k, id := range belongs(w, tags, "tag_ids", r, n) {
		if k > 0 {
			b = append(b, ',')
		}
		b = appliedTag(w, b, id, r.updated)
	}
	return append(b, `]}`...)
}

// appliedTag writes a tag as it stands on a contact or a conversation.
func appliedTag(w *Workspace, b []byte, id string, at int64) []byte {
	c := w.collections[tags]
	name := id
	if i, ok := c.find(id); ok {
		if m, err := members(c.append(nil, c.row(i))); err == nil {
			for _, f := range m {
				if f.name == "name" {
					name = string(f.value)
				}
			}
		}
	} else {
		name = strconv.Quote(id)
	}
	b = text(b, `{"type":"tag","id":`, id)
	b = append(append(b, `,"name":`...), name...)
	b = number(b, `,"applied_at":`, at)
	return append(number(b, `,"applied_by":{"type":"admin","id":"`, adminBase), `"}}`...)
}

func conversationStatistics(w *Workspace, b []byte, a conversationAbout, r row) []byte {
	n := partCount(w, r)
	reply, closed := r.created+600, int64(0)
	if a.state == "closed" {
		closed = r.updated
	}
	b = append(b, `,"statistics":{"type":"conversation_statistics","time_to_assignment":60,"time_to_admin_reply":600`...)
	if closed != 0 {
		b = number(b, `,"time_to_first_close":`, closed-r.created)
		b = number(b, `,"time_to_last_close":`, closed-r.created)
	} else {
		b = append(b, `,"time_to_first_close":null,"time_to_last_close":null`...)
	}
	b = append(b, `,"median_time_to_reply":300`...)
	b = number(b, `,"first_contact_reply_at":`, r.created)
	b = number(b, `,"first_assignment_at":`, r.created+60)
	b = number(b, `,"first_admin_reply_at":`, reply)
	b = moment(b, `,"first_close_at":`, closed)
	b = number(b, `,"last_assignment_at":`, r.created+60)
	b = number(b, `,"last_assignment_admin_reply_at":`, reply)
	b = number(b, `,"last_contact_reply_at":`, r.created)
	b = number(b, `,"last_admin_reply_at":`, max(reply, r.updated))
	b = moment(b, `,"last_close_at":`, closed)
	if closed != 0 {
		b = append(number(b, `,"last_closed_by_id":"`, int64(adminBase+a.admin)), '"')
	} else {
		b = append(b, `,"last_closed_by_id":null`...)
	}
	b = number(b, `,"count_reopens":`, int64(r.touches))
	b = number(b, `,"count_assignments":1,"count_conversation_parts":`, int64(n))
	b = append(b, `,"handling_time":300,"adjusted_handling_time":null`...)
	b = number(b, `,"assigned_team_first_response_time":[{"team_id":`, int64(teamBase+a.team))
	b = append(b, `,"team_name":"Support","response_time":540}],"assigned_team_first_response_time_in_office_hours":[]}`...)
	return b
}

func conversationRating(b []byte, a conversationAbout, r row, g *random) []byte {
	if !g.one(7) || a.contact == "" {
		return append(b, `,"conversation_rating":null`...)
	}
	b = number(b, `,"conversation_rating":{"rating":`, int64(1+g.below(5)))
	b = text(b, `,"remark":`, g.pick(sentences))
	b = number(b, `,"created_at":`, r.updated)
	b = number(b, `,"updated_at":`, r.updated)
	b = text(b, `,"contact":{"type":"contact","id":`, a.contact)
	b = text(b, `,"external_id":`, a.external)
	b = number(b, `},"teammate":{"type":"admin","id":"`, int64(adminBase+a.admin))
	return append(b, `"}}`...)
}
