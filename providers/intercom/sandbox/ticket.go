package sandbox

import "strconv"

const (
	tickets     = "tickets"
	ticketTypes = "ticket_types"

	ticketTypeBase  = 64
	ticketTypeCount = 3
)

var (
	ticketStates     = []string{"submitted", "in_progress", "waiting_on_customer", "resolved"}
	ticketLabels     = []string{"Submitted", "In progress", "Waiting on customer", "Resolved"}
	ticketCategories = []string{"Customer", "Back-office", "Tracker"}
)

func ticketKind() kind { return kind{name: tickets, ids: idForm{base: 601}, write: writeTicket} }

func ticketTypeKind() kind {
	return kind{name: ticketTypes, ids: idForm{base: ticketTypeBase}, write: writeTicketType}
}

func ticketState(b []byte, n int) []byte {
	b = number(b, `{"type":"ticket_state","id":"`, 8321+int64(n))
	b = text(b, `","category":`, ticketStates[n])
	b = text(b, `,"internal_label":`, ticketLabels[n])
	return append(text(b, `,"external_label":`, ticketLabels[n]), '}')
}

func writeTicketType(w *Workspace, b []byte, r row) []byte {
	b = text(b, `{"type":"ticket_type","id":`, r.id)
	b = text(b, `,"name":`, []string{"Bug Report", "Refund", "Outage"}[int(r.index)%3])
	b = append(b, `,"description":"What we ask for","icon":"🎟️"`...)
	b = text(b, `,"workspace_id":`, w.options.Workspace)
	b = number(b, `,"archived":false,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	b = append(b, `,"is_internal":false,"ticket_type_attributes":{"type":"list","data":[`...)
	for k, name := range []string{"_default_title_", "_default_description_"} {
		if k > 0 {
			b = append(b, ',')
		}
		b = number(b, `{"type":"ticket_type_attribute","id":"`, 165+int64(r.index)*10+int64(k))
		b = text(b, `","workspace_id":`, w.options.Workspace)
		b = text(b, `,"name":`, name)
		b = truth(b, `,"description":"","data_type":"string","input_options":{"multiline":`, k == 1)
		b = number(b, `},"order":`, int64(k))
		b = append(b, `,"required_to_create":false,"required_to_create_for_contacts":false,"visible_on_create":true,"visible_to_contacts":true,"default":true`...)
		b = text(b, `,"ticket_type_id":`, r.id)
		b = number(b, `,"archived":false,"created_at":`, r.created)
		b = append(number(b, `,"updated_at":`, r.updated), '}')
	}
	b = text(b, `]},"category":`, ticketCategories[int(r.index)%3])
	b = append(b, `,"ticket_states":{"type":"list","data":[`...)
	for n := range ticketStates {
		if n > 0 {
			b = append(b, ',')
		}
		b = ticketState(b, n)
	}
	return append(b, `]}}`...)
}

// ticketAbout is what a ticket and its parts share.
type ticketAbout struct {
	conversationAbout
	state, kind int
}

func aboutTicket(w *Workspace, r row) ticketAbout {
	g := randomAt(w.collections[tickets].salt, r.index)
	a := ticketAbout{state: g.below(4), kind: g.below(ticketTypeCount)}
	a.contact, a.external, a.contactName, a.email = someone(w, &g)
	a.admin, a.team = int32(g.below(adminCount)), int32(g.below(teamCount))
	a.subject = g.pick(topics)
	a.rest = g
	return a
}

// writeTicket: unlike conversations, tickets carry their parts in lists.
func writeTicket(w *Workspace, b []byte, r row) []byte {
	a := aboutTicket(w, r)
	g := a.rest
	b = text(b, `{"type":"ticket","id":`, r.id)
	b = number(b, `,"ticket_id":"`, int64(r.index)+1)
	b = text(b, `","ticket_attributes":{"_default_title_":`, "About the "+a.subject)
	b = text(b, `,"_default_description_":`, g.pick(sentences))
	b = ticketState(append(b, `},"ticket_state":`...), a.state)
	types := w.collections[ticketTypes]
	b = types.write(w, append(b, `,"ticket_type":`...), types.row(int32(a.kind)))
	b = participants(b, a.conversationAbout)
	b = ticketAssignees(b, a, r.minor, g.one(4))
	b = number(b, `,"created_at":`, r.created)
	b = number(b, `,"updated_at":`, r.updated)
	b = append(b, `,"ticket_parts":{"type":"ticket_part.list","ticket_parts":[`...)
	all := ticketParts(w, r)
	for k, p := range all[max(0, len(all)-partsShown):] {
		if k > 0 {
			b = append(b, ',')
		}
		b = append(b, p.text...)
	}
	b = number(b, `],"total_count":`, int64(len(all)))
	b = truth(b, `},"open":`, a.state < 3)
	b = append(b, `,"linked_objects":{"type":"list","data":[],"total_count":0,"has_more":false}`...)
	b = text(b, `,"category":`, ticketCategories[a.kind])
	return append(b, `,"is_shared":true}`...)
}

// ticketAssignees are strings up to 2.15 and numbers since.
func ticketAssignees(b []byte, a ticketAbout, minor int, nobody bool) []byte {
	admin, team := int64(adminBase+a.admin), int64(teamBase+a.team)
	if nobody {
		admin, team = 0, 0
	}
	if minor < 16 {
		b = append(number(b, `,"admin_assignee_id":"`, admin), '"')
		return append(number(b, `,"team_assignee_id":"`, team), '"')
	}
	return number(number(b, `,"admin_assignee_id":`, admin), `,"team_assignee_id":`, team)
}

// ticketParts writes all parts of a ticket, oldest first.
func ticketParts(w *Workspace, r row) []part {
	a := aboutTicket(w, r)
	c := w.collections[tickets]
	g := randomAt(c.salt+1, r.index)
	n := 1 + g.below(5)
	if r.edit != nil && r.edit.parts != nil {
		n = *r.edit.parts
	}
	changes := changesOf(c, r)
	out := make([]part, 0, n+len(changes))
	for k := range n {
		out = append(out, writeTicketPart(&g, a, r, k, r.created+int64(k)*60))
	}
	for k, ch := range changes {
		out = append(out, writeTicketPart(&g, a, r, n+k, ch.updated))
	}
	return out
}

func writeTicketPart(g *random, a ticketAbout, r row, k int, at int64) part {
	p := part{id: strconv.FormatInt(30_000_000_000+int64(r.index)*100_000+int64(k), 10)}
	b := text(nil, `{"type":"ticket_part","id":`, p.id)
	if k == 0 {
		b = append(b, `,"part_type":"ticket_state_updated_by_admin","ticket_state":"submitted","previous_ticket_state":"submitted","body":null`...)
	} else {
		b = text(b, `,"part_type":"comment","body":`, "<p>"+g.pick(sentences)+"</p>")
	}
	b = number(b, `,"created_at":`, at)
	b = number(b, `,"updated_at":`, at)
	b = author(append(b, `,"author":`...), a.conversationAbout, k%2 == 1)
	p.text = append(b, `,"attachments":[],"external_id":null,"redacted":false}`...)
	return p
}
