package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

func serveTicketSearch(w *Workspace, r *request) answer {
	l := listing{kind: "ticket.list", key: tickets, perPage: 20, max: 150, of: tickets, badStart: http.StatusInternalServerError}
	return w.search(r, l, ticketFields)
}

func serveTicketTypes(w *Workspace, _ *request) answer { return w.whole("list", "data", ticketTypes) }

func serveTicketStates(w *Workspace, _ *request) answer {
	b := []byte(`{"type":"list","data":[`)
	for n := range ticketStates {
		if n > 0 {
			b = append(b, ',')
		}
		b = ticketState(b, n)
		b = append(b[:len(b)-1], `,"archived":false,"ticket_types":{"type":"list","data":[]}}`...)
	}
	return ok(append(b, `]}`...))
}

// serveArticles lists articles by a key that changes: the last changed first.
func serveArticles(w *Workspace, r *request) answer {
	return w.numberList(r, listing{kind: "list", key: "data", perPage: 25, max: 150, of: articles}, "updated_at", nil, "", true)
}

func serveCollections(w *Workspace, r *request) answer {
	return w.numberList(r, listing{kind: "list", key: "data", perPage: 20, max: 150, of: collections}, "updated_at", nil, "", true)
}

func serveHelpCenters(w *Workspace, r *request) answer {
	return w.numberList(r, listing{kind: "list", key: "data", perPage: 20, max: 150, of: helpCenters}, "created_at", nil, "", false)
}

func serveNews(w *Workspace, r *request) answer {
	return w.numberList(r, listing{kind: "list", key: "data", perPage: 10, max: 150, of: newsItems}, "created_at", nil, "", true)
}

func serveCalls(w *Workspace, r *request) answer {
	return w.numberList(r, listing{kind: "list", key: "data", perPage: 25, max: 25, of: calls}, "created_at", nil, "", true)
}

func serveMacros(w *Workspace, r *request) answer {
	since, fits := r.whole("updated_since", 0, 0, 1<<40)
	if !fits {
		return w.badParameter("Invalid updated_since timestamp")
	}
	q := compiler{}.date("updated_at", ">=", int64(since))
	l := listing{kind: "list", key: "data", perPage: 50, max: 150, of: macros, bare: true}
	return w.cursorList(r, l, "updated_at", q, strconv.Itoa(since))
}

// serveActivityLogs takes the range as exclusive at both ends, which the
// description leaves open: a client that joins ranges must overlap them.
func serveActivityLogs(w *Workspace, r *request) answer {
	if !r.query.Has("created_at_after") {
		return w.refuse(http.StatusBadRequest, "parameter_not_found", "created_at_after is required")
	}
	after, fits := r.whole("created_at_after", 0, 0, 1<<40)
	before, fitsToo := r.whole("created_at_before", int(w.now().Unix())+1, 0, 1<<40)
	if !fits || !fitsToo {
		return w.badParameter("created_at_after and created_at_before should be Unix times")
	}
	if days := w.behaviour.ActivityRangeDays; days > 0 && before-after > days*int(24*time.Hour/time.Second) {
		return w.refuse(http.StatusInternalServerError, "server_error", "An unexpected error occurred")
	}
	q := &query{field: "created_at", dated: true, low: int64(after) + 1, high: int64(before) - 1}
	q.leaf = func(s *subject) bool { return q.low <= s.created && s.created <= q.high }
	l := listing{kind: "activity_log.list", key: activityLogs, perPage: 20, max: 150, of: activityLogs}
	return w.numberList(r, l, "created_at", q, strconv.Itoa(after)+"-"+strconv.Itoa(before), true)
}

func serveDeleted(w *Workspace, r *request) answer {
	order := orElse(r.query.Get("order"), "desc")
	if order != "asc" && order != "desc" {
		return w.badParameter("order should be asc or desc")
	}
	l := listing{kind: "conversations.list", key: conversations, perPage: 20, max: 60, of: deletedTalks}
	return w.numberList(r, l, "created_at", nil, "", order == "desc")
}

func serveAdmins(w *Workspace, _ *request) answer { return w.whole("admin.list", admins, admins) }

func serveTeams(w *Workspace, _ *request) answer { return w.whole("team.list", teams, teams) }

func serveSubscriptionTypes(w *Workspace, _ *request) answer {
	return w.whole("list", "data", subscriptionTypes)
}

func serveConversationAttributes(w *Workspace, _ *request) answer {
	return w.whole("list", "data", conversationAttributeKind)
}

// serveDataAttributes: those of conversations moved to a path of their own in 2.16.
func serveDataAttributes(w *Workspace, r *request) answer {
	switch model := r.query.Get("model"); {
	case model == "contact":
		return w.whole("list", "data", contactAttributeKind)
	case model == "company":
		return w.whole("list", "data", companyAttributeKind)
	case model == "conversation" && r.minor < 16:
		return w.whole("list", "data", conversationAttributeKind)
	case model == "conversation":
		return w.refuse(http.StatusUnprocessableEntity, "parameter_invalid",
			"model=conversation is no longer supported. Use GET /conversations/attributes instead")
	case model == "":
		a, b := w.collections[contactAttributeKind], w.collections[companyAttributeKind]
		body := w.objects([]byte(`{"type":"list","data":[`), a, a.all(), -1, r.minor)
		return ok(append(w.objects(append(body, ','), b, b.all(), -1, r.minor), `]}`...))
	}
	return w.badParameter("model should be contact or company")
}
