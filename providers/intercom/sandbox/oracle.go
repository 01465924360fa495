package sandbox

import "encoding/json"

// Rows returns what the API would answer now for every object of a stream,
// oldest first, with numbers as json.Number. Misbehaviour that spoils answers,
// pages or rows is left out; edits and what objects hold are in.
//
// Rows of conversation_parts carry the conversation_id as well, and are those
// that are shown: the newest 500 of a conversation. An unknown stream has no
// rows.
func (w *Workspace) Rows(stream string) []map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
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
	case "conversation_parts":
		return w.partRows()
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

func (w *Workspace) partRows() []map[string]any {
	c := w.collections[conversations]
	var out []map[string]any
	for _, i := range c.all() {
		r := c.row(i)
		parts := partsOf(w, r)
		for _, p := range parts[max(0, len(parts)-partsShown):] {
			out = appendObject(out, p.text)
			out[len(out)-1]["conversation_id"] = r.id
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
