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
	people := []string{contacts, "users", "leads"}
	return []route{
		{http.MethodGet, "/me", []string{"me"}, 0, serveMe},
		{http.MethodGet, "/contacts", people, 0, serveContactList},
		{http.MethodPost, "/contacts/search", people, 0, serveContactSearch},
		{http.MethodGet, "/contacts/{id}", people, 0, serveContact},
		{http.MethodGet, "/conversations", []string{conversations}, 0, serveConversationList},
		{http.MethodPost, "/conversations/search", []string{conversations}, 0, serveConversationSearch},
		{http.MethodGet, "/conversations/{id}", []string{conversations, "conversation_parts"}, 0, serveConversation},
		{http.MethodGet, "/tags", []string{tags}, 0, serveTags},
		{http.MethodGet, "/segments", []string{segments}, 0, serveSegments},
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
