package sandbox

import (
	"encoding/json"
	"net/url"
)

// Rows returns what the API would answer now for every object of a stream,
// oldest first, with numbers as json.Number. Misbehaviour that spoils answers,
// pages or rows is left out; edits and what objects hold are in.
//
// Rows of child streams carry their parent's identifier as well, as
// conversation_id, contact_id, company_id or ticket_id; parts are those that are
// shown, the newest 500. An unknown stream has no rows.
func (w *Workspace) Rows(stream string) []map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	behaviour, stats := w.behaviour, w.stats.rows
	defer func() { w.behaviour, w.stats.rows = behaviour, stats }()
	w.behaviour = Behaviour{Ties: behaviour.Ties, ManyTags: behaviour.ManyTags, ManyParts: behaviour.ManyParts}
	return w.rowsOf(stream)
}

func (w *Workspace) rowsOf(stream string) []map[string]any {
	switch stream {
	case "users", "leads":
		var out []map[string]any
		for _, o := range w.rowsOf(contacts) {
			if o["role"] == stream[:len(stream)-1] {
				out = append(out, o)
			}
		}
		return out
	}
	if children, parent := childrenOf[stream], parentOf[stream]; children != nil {
		return w.childRows(parent.kind, parent.column, children)
	}
	c, known := w.collections[stream]
	if !known {
		return nil
	}
	var out []map[string]any
	for _, i := range c.all() {
		r := c.row(i)
		r.minor = defaultMinor
		out = appendObject(out, c.append(nil, r))
	}
	return out
}

// parentOf says whose objects the rows of a child stream hang on, and under
// which name a row carries the parent's identifier.
var parentOf = map[string]struct{ kind, column string }{
	"conversation_parts": {conversations, "conversation_id"},
	"conversation_tags":  {conversations, "conversation_id"},
	"ticket_parts":       {tickets, "ticket_id"},
	"contact_tags":       {contacts, "contact_id"},
	"contact_segments":   {contacts, "contact_id"},
	"contact_companies":  {contacts, "contact_id"},
	"contact_notes":      {contacts, "contact_id"},
	"company_segments":   {companies, "company_id"},
}

// childrenOf writes a parent's children as its list endpoint shows them.
var childrenOf = map[string]func(w *Workspace, r row) []json.RawMessage{
	"conversation_parts": func(w *Workspace, r row) []json.RawMessage { return shown(partsOf(w, r)) },
	"ticket_parts":       func(w *Workspace, r row) []json.RawMessage { return shown(ticketParts(w, r)) },
	"conversation_tags": func(w *Workspace, r row) []json.RawMessage {
		var doc struct {
			Tags struct{ Tags []json.RawMessage }
		}
		if json.Unmarshal(w.collections[conversations].append(nil, r), &doc) != nil {
			return nil
		}
		return doc.Tags.Tags
	},
	"contact_tags":      served(serveContactTags),
	"contact_segments":  served(serveContactSegments),
	"contact_companies": served(serveContactCompanies),
	"contact_notes":     served(serveContactNotes),
	"company_segments":  served(serveCompanySegments),
}

func shown(parts []part) []json.RawMessage {
	var out []json.RawMessage
	for _, p := range parts[max(0, len(parts)-partsShown):] {
		out = append(out, p.text)
	}
	return out
}

// served reads children off an endpoint, asked for all in one page.
func served(serve func(w *Workspace, r *request) answer) func(w *Workspace, r row) []json.RawMessage {
	return func(w *Workspace, r row) []json.RawMessage {
		var doc struct{ Data []json.RawMessage }
		a := serve(w, &request{id: r.id, minor: defaultMinor, query: url.Values{"per_page": {"150"}}})
		if json.Unmarshal(a.body, &doc) != nil {
			return nil
		}
		return doc.Data
	}
}

func (w *Workspace) childRows(kind, column string, children func(*Workspace, row) []json.RawMessage) []map[string]any {
	c := w.collections[kind]
	var out []map[string]any
	for _, i := range c.all() {
		r := c.row(i)
		r.minor = defaultMinor
		for _, text := range children(w, r) {
			out = appendObject(out, text)
			out[len(out)-1][column] = r.id
		}
	}
	return out
}

func appendObject(out []map[string]any, text []byte) []map[string]any {
	v, err := decoded(text)
	if o, isObject := v.(map[string]any); err == nil && isObject {
		return append(out, o)
	}
	return append(out, map[string]any{"unreadable": json.RawMessage(text)})
}
