package sandbox

import (
	"io"
	"net/http"
	"strings"
	"time"
)

// bodyLimit bounds what a client may send.
const bodyLimit = 1 << 20

// verdict is an answer with how it is to be sent.
type verdict struct {
	answer
	fault *Fault
	delay time.Duration
}

// ServeHTTP answers one request.
func (w *Workspace) ServeHTTP(rw http.ResponseWriter, hr *http.Request) {
	body, err := io.ReadAll(io.LimitReader(hr.Body, bodyLimit+1))
	if err != nil {
		return // the client is gone: there is nobody to answer
	}
	if strings.HasPrefix(hr.URL.Path, "/_sandbox/") {
		w.control(rw, hr, body)
		return
	}
	w.mu.Lock()
	w.stats.begin()
	w.advance()
	v := w.decide(hr, body)
	header := w.headers(v.answer)
	w.mu.Unlock()
	wait(hr, v.delay)
	w.send(rw, hr, v, header)
	w.mu.Lock()
	w.stats.end(v.status)
	w.mu.Unlock()
}

// wait passes time, unless the client gives up.
func wait(hr *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-hr.Context().Done():
	}
}

// decide finds the answer of a request and what spoils it.
func (w *Workspace) decide(hr *http.Request, body []byte) verdict {
	v := verdict{delay: w.options.Latency}
	b := &w.behaviour
	if b.SpikeEvery > 0 && w.stats.total%b.SpikeEvery == 0 {
		v.delay += time.Duration(b.Spike)
	}
	v.fault = w.strike(hr.Method, hr.URL.Path)
	rt, id := w.find(hr.Method, hr.URL.Path)
	if rt != nil {
		w.stats.calls[rt.name()]++
	} else {
		w.stats.calls["other"]++
	}
	v.answer = w.admit(hr, rt, id, body)
	if f := v.fault; f != nil {
		v.answer = w.spoiled(v.answer, f)
	}
	return v
}

// admit checks what comes before the route: credentials, rate, version, scope.
func (w *Workspace) admit(hr *http.Request, rt *route, id string, body []byte) answer {
	if rt != nil && rt.open() {
		return rt.serve(w, w.request(hr, id, body, defaultMinor))
	}
	if hr.Header.Get("Authorization") != "Bearer "+w.options.Token {
		a := w.refuse(http.StatusUnauthorized, "unauthorized", "Access Token Invalid")
		a.bare = true
		return a
	}
	if a, refused := w.throttle(); refused {
		return a
	}
	if !acceptable(hr.Header.Get("Accept")) {
		return w.refuse(http.StatusNotAcceptable, "not_acceptable", "The Accept header should allow application/json")
	}
	minor, known := w.version(hr.Header.Get("Intercom-Version"))
	if !known {
		return w.refuse(http.StatusBadRequest, "intercom_version_invalid", "The requested version could not be found")
	}
	if rt == nil {
		return w.notFound("The requested resource could not be found")
	}
	if minor < rt.since {
		return w.refuse(http.StatusBadRequest, "intercom_version_invalid", "Requested resource is not available in current API version")
	}
	if a, refused := w.forbid(rt); refused {
		return a
	}
	if len(body) > 0 && hr.Method == http.MethodPost && !strings.HasPrefix(hr.Header.Get("Content-Type"), "application/json") {
		return w.refuse(http.StatusBadRequest, "bad_request", "Content-Type should be application/json")
	}
	if len(body) > bodyLimit {
		return w.refuse(http.StatusBadRequest, "bad_request", "The request is too large")
	}
	return rt.serve(w, w.request(hr, id, body, minor))
}

// open routes need no token: the two of signing in.
func (r route) open() bool { return len(r.streams) == 0 }

func (w *Workspace) request(hr *http.Request, id string, body []byte, minor int) *request {
	scheme := "http://"
	if hr.TLS != nil {
		scheme = "https://"
	}
	return &request{method: hr.Method, path: hr.URL.Path, query: hr.URL.Query(), body: body, origin: scheme + hr.Host, minor: minor, id: id}
}

func acceptable(accept string) bool {
	return accept == "" || strings.Contains(accept, "application/json") || strings.Contains(accept, "*/*") || strings.Contains(accept, "application/*")
}

// forbid refuses what the token's scopes or the workspace's plan leave out.
func (w *Workspace) forbid(rt *route) (answer, bool) {
	b := &w.behaviour
	if s, hit := names(b.MissingScope, rt.streams); hit {
		if b.ScopeStatus == http.StatusUnauthorized {
			return w.refuse(http.StatusUnauthorized, "unauthorized", "Permission scope error: read_%s", s), true
		}
		return w.refuse(http.StatusForbidden, "forbidden", "You do not have the required scope (read_%s) to access this resource", s), true
	}
	if _, hit := names(b.PlanRestricted, rt.streams); hit {
		return w.refuse(http.StatusForbidden, "api_plan_restricted", "Active subscription needed."), true
	}
	return answer{}, false
}
