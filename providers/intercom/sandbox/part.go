package sandbox

import "strconv"

// partsShown is how many parts a conversation or ticket shows: the newest ones.
const partsShown = 500

// maxParts is how many parts an edit may give an object: their identifiers leave
// room for that many.
const maxParts = 50_000

// part is one part of a conversation.
type part struct {
	id   string
	text []byte
}

// partCount is how many parts a conversation has, shown or not: those it began
// with, five to twenty, and one for every change since.
func partCount(w *Workspace, r row) int { return originalParts(w, r) + r.touches }

func originalParts(w *Workspace, r row) int {
	if r.edit != nil && r.edit.parts != nil {
		return *r.edit.parts
	}
	if k := w.behaviour.ManyParts; k > 0 && int(r.index)%k == 0 {
		return partsShown + 20
	}
	g := randomAt(w.collections[conversations].salt+9, r.index)
	return 5 + g.below(16)
}

// partsOf writes all parts of a conversation, oldest first.
func partsOf(w *Workspace, r row) []part {
	c := w.collections[conversations]
	a := aboutConversation(w, r)
	n := originalParts(w, r)
	end := c.baseUpdatedAt(r.index, r.created)
	if r.index >= firstAdded {
		end = r.created
	}
	changes := changesOf(c, r)
	out := make([]part, 0, n+len(changes))
	g := randomAt(c.salt+10, r.index)
	for k := range n {
		at := r.created
		if n > 1 {
			at += (end - r.created) * int64(k) / int64(n-1)
		}
		out = append(out, writePart(&g, a, r, k, at, nil))
	}
	for k, ch := range changes {
		out = append(out, writePart(&g, a, r, n+k, ch.updated, ch.part))
	}
	return out
}

// changesOf are the later changes of a conversation, each of which came with a
// part: as it was given for a reply, generated for any other change.
func changesOf(c *collection, r row) []change {
	var out []change
	if r.index < firstAdded {
		times, n := c.touches(r.index, c.now)
		for _, t := range times[:n] {
			out = append(out, change{at: t, updated: t})
		}
	}
	if r.edit != nil {
		out = append(out, r.edit.later()...)
	}
	return out
}

func writePart(g *random, a conversationAbout, r row, k int, at int64, over []field) part {
	p := part{id: strconv.FormatInt(20_000_000_000+int64(r.index)*100_000+int64(k), 10)}
	contact := a.first == (k%2 == 0)
	b := text(nil, `{"type":"conversation_part","id":`, p.id)
	kind, body := "comment", "<p>"+g.pick(sentences)+"</p>"
	switch {
	case k%7 == 3:
		kind, body, contact = "assignment", "", false
	case k%7 == 5:
		kind, body, contact = "conversation_attribute_updated_by_admin", "", false
	}
	b = text(b, `,"part_type":`, kind)
	if body == "" {
		b = append(b, `,"body":null`...)
	} else {
		b = r.body(b, `,"body":`, body)
	}
	b = number(b, `,"created_at":`, at)
	b = number(b, `,"updated_at":`, at)
	b = number(b, `,"notified_at":`, at)
	if kind == "assignment" {
		b = append(number(b, `,"assigned_to":{"type":"admin","id":"`, int64(adminBase+a.admin)), `"}`...)
	} else {
		b = append(b, `,"assigned_to":null`...)
	}
	b = author(append(b, `,"author":`...), a, contact)
	b = append(b, `,"attachments":[],"external_id":null,"redacted":false,"email_message_metadata":null,"metadata":{},"state":"open","tags":[]`...)
	if kind == "conversation_attribute_updated_by_admin" {
		b = append(b, `,"event_details":{"attribute":{"name":"jira_issue_key"},"value":{"name":"PROJ-`...)
		b = append(number(b, "", int64(g.below(900))), `"}}`...)
	} else {
		b = append(b, `,"event_details":{}`...)
	}
	p.text = append(b, `,"app_package_code":null}`...)
	if len(over) > 0 {
		p.text = overlaid(nil, p.text, over)
		for _, f := range over {
			if f.name == "id" {
				if id, err := strconv.Unquote(string(f.value)); err == nil {
					p.id = id
				}
			}
		}
	}
	return p
}
