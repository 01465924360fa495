package sandbox

import "net/http"

var conversationListing = listing{kind: "conversation.list", key: conversations, perPage: 20, max: 150, of: conversations, badStart: http.StatusBadRequest}

func serveConversationList(w *Workspace, r *request) answer {
	return w.cursorList(r, conversationListing, "updated_at", nil, "")
}

func serveConversationSearch(w *Workspace, r *request) answer {
	return w.search(r, conversationListing, conversationFields)
}

// serveConversation adds the newest parts to what lists show.
func serveConversation(w *Workspace, r *request) answer {
	switch as := r.query.Get("display_as"); as {
	case "", "plaintext", "html":
	default:
		return w.badParameter("display_as cannot be %q", as)
	}
	return w.one(r, conversations, "Resource Not Found", func(b []byte, rw row) []byte {
		rw.plain = r.query.Get("display_as") == "plaintext"
		return appendWhole(w, b, rw)
	})
}

func appendWhole(w *Workspace, b []byte, rw row) []byte {
	b = w.collections[conversations].append(b, rw)
	b = append(b[:len(b)-1], `,"conversation_parts":{"type":"conversation_part.list","conversation_parts":[`...)
	all := partsOf(w, rw)
	for k, p := range all[max(0, len(all)-partsShown):] {
		if k > 0 {
			b = append(b, ',')
		}
		b = append(b, p.text...)
	}
	return append(number(b, `],"total_count":`, int64(len(all))), `}}`...)
}
