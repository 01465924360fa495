package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// request is a call as a route sees it.
type request struct {
	method, path string
	query        url.Values
	body         []byte
	origin       string // scheme and host the client used
	minor        int    // API version 2.minor
	id           string // what {id} of the route's pattern stands for
}

// route is one endpoint.
type route struct {
	method, pattern string
	streams         []string // what a scope or plan may forbid
	since           int      // first API version 2.since that has it
	serve           func(w *Workspace, r *request) answer
}

func (r route) name() string { return r.method + " " + r.pattern }

func routes() []route {
	get, post := http.MethodGet, http.MethodPost
	people := []string{contacts, "users", "leads"}
	of := func(streams ...string) []string { return streams }
	return []route{
		{get, "/oauth", nil, 0, serveAuthorize},
		{post, "/auth/eagle/token", nil, 0, serveToken},
		{get, "/me", of("me"), 0, serveMe},
		{get, "/contacts", people, 0, serveContactList},
		{post, "/contacts/search", people, 0, serveContactSearch},
		{get, "/contacts/{id}", people, 0, serveContact},
		{get, "/contacts/{id}/tags", append(of("contact_tags"), people...), 0, serveContactTags},
		{get, "/contacts/{id}/segments", append(of("contact_segments"), people...), 0, serveContactSegments},
		{get, "/contacts/{id}/companies", append(of("contact_companies"), people...), 0, serveContactCompanies},
		{get, "/contacts/{id}/notes", append(of("contact_notes"), people...), 0, serveContactNotes},
		{get, "/contacts/{id}/subscriptions", people, 0, serveContactSubscriptions},
		{get, "/conversations", of(conversations), 0, serveConversationList},
		{post, "/conversations/search", of(conversations), 0, serveConversationSearch},
		{get, "/conversations/deleted", of(conversations, deletedTalks), 16, serveDeleted},
		{get, "/conversations/attributes", of(conversations, conversationAttributeKind), 16, serveConversationAttributes},
		{get, "/conversations/{id}", of(conversations, "conversation_parts"), 0, serveConversation},
		{get, "/tags", of(tags), 0, serveTags},
		{get, "/segments", of(segments), 0, serveSegments},
		{get, "/companies", of(companies), 0, serveCompanies},
		{get, "/companies/scroll", of(companies), 0, serveScroll},
		{post, "/companies/list", of(companies), 0, serveCompanies},
		{get, "/companies/{id}", of(companies), 0, serveCompany},
		{get, "/companies/{id}/segments", of(companies, "company_segments"), 0, serveCompanySegments},
		{get, "/admins", of(admins), 0, serveAdmins},
		{get, "/admins/activity_logs", of(activityLogs), 0, serveActivityLogs},
		{get, "/teams", of(teams), 0, serveTeams},
		{post, "/tickets/search", of(tickets, "ticket_parts"), 10, serveTicketSearch},
		{get, "/ticket_types", of(ticketTypes), 0, serveTicketTypes},
		{get, "/ticket_states", of(ticketTypes), 12, serveTicketStates},
		{get, "/articles", of(articles), 0, serveArticles},
		{get, "/help_center/collections", of(collections), 0, serveCollections},
		{get, "/help_center/help_centers", of(helpCenters), 0, serveHelpCenters},
		{get, "/subscription_types", of(subscriptionTypes), 0, serveSubscriptionTypes},
		{get, "/macros", of(macros), 16, serveMacros},
		{get, "/calls", of(calls), 14, serveCalls},
		{get, "/news/news_items", of(newsItems), 0, serveNews},
		{get, "/data_attributes", of(contactAttributeKind, companyAttributeKind), 0, serveDataAttributes},
	}
}

// matches reports whether a path fits the route's pattern, and what {id} is.
func (r route) matches(path string) (id string, ok bool) {
	before, after, wild := strings.Cut(r.pattern, "{id}")
	if !wild {
		return "", path == r.pattern
	}
	id, found := strings.CutPrefix(path, before)
	if !found {
		return "", false
	}
	id, found = strings.CutSuffix(id, after)
	if !found || id == "" || strings.Contains(id, "/") {
		return "", false
	}
	id, err := url.PathUnescape(id)
	return id, err == nil
}

// find returns the route of a request; routes without {id} come first.
func (w *Workspace) find(method, path string) (*route, string) {
	var hit *route
	var hitID string
	for i := range w.routes {
		r := &w.routes[i]
		if r.method != method {
			continue
		}
		if id, ok := r.matches(path); ok {
			if id == "" {
				return r, ""
			}
			hit, hitID = r, id
		}
	}
	return hit, hitID
}

// Newest and oldest minor versions of API 2 that a workspace speaks.
const (
	oldestMinor  = 7
	newestMinor  = 18
	defaultMinor = 16
)

// version reads Intercom-Version. Without it the app's own version counts.
func (w *Workspace) version(header string) (int, bool) {
	switch {
	case header == "":
		return defaultMinor, !w.behaviour.NoDefaultVersion
	case slices.Contains(w.behaviour.RefuseVersions, header):
		return 0, false
	case header == "Preview" || header == "Unstable":
		return newestMinor, true
	}
	minor, found := strings.CutPrefix(header, "2.")
	n, err := strconv.Atoi(minor)
	return n, found && err == nil && strconv.Itoa(n) == minor && n >= oldestMinor && n <= newestMinor
}

// whole reads a whole-number parameter within bounds.
func (r *request) whole(name string, otherwise, low, high int) (int, bool) {
	if !r.query.Has(name) {
		return otherwise, true
	}
	n, err := strconv.Atoi(r.query.Get(name))
	return n, err == nil && n >= low && n <= high
}
