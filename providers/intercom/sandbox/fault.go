package sandbox

import "strings"

// Fault spoils chosen requests. Of the requests whose path begins with Path
// (all, when empty) it chooses the Nth, or every Every-th, or all when neither
// is given; Times bounds how many it spoils, zero being no bound.
type Fault struct {
	Path   string `json:"path,omitzero"`
	Method string `json:"method,omitzero"`
	Nth    int    `json:"nth,omitzero"`
	Every  int    `json:"every,omitzero"`
	Times  int    `json:"times,omitzero"`
	// Kind is what happens; see the Fault constants. Empty is FaultStatus.
	Kind string `json:"kind,omitzero"`
	// Status of FaultStatus (default 500), and of FaultRedirect (default 302).
	Status int `json:"status,omitzero"`
	// Body of FaultStatus: "json" (default), "html" or "empty".
	Body string `json:"body,omitzero"`
	// Code and Message of the JSON body of FaultStatus.
	Code    string `json:"code,omitzero"`
	Message string `json:"message,omitzero"`
	// To is where FaultRedirect leads.
	To string `json:"to,omitzero"`
	// RetryAfter, when given, is the Retry-After header of FaultStatus.
	RetryAfter string `json:"retry_after,omitzero"`
}

// Kinds of faults.
const (
	FaultStatus      = "status"       // an error status
	FaultEmpty       = "empty"        // 200 without a body
	FaultHTML        = "html"         // 200 with a web page
	FaultRedirect    = "redirect"     // a redirect to To
	FaultResetBefore = "reset_before" // the connection breaks before an answer
	FaultResetBody   = "reset_body"   // the connection breaks in the middle of the body
	FaultResetAfter  = "reset_after"  // the connection breaks after the body, which is whole
	FaultShort       = "short"        // the body is shorter than Content-Length says
	FaultCutGzip     = "cut_gzip"     // the gzip stream ends early, in a whole answer
	FaultBadGzip     = "bad_gzip"     // bytes that are no gzip, announced as gzip
	FaultBomb        = "gzip_bomb"    // a small gzip stream that inflates to a gigabyte
	FaultCutJSON     = "cut_json"     // the JSON ends early
	FaultBadJSON     = "bad_json"     // the JSON has a syntax error in its middle
	FaultHang        = "hang"         // no answer until the client gives up
	FaultStall       = "stall"        // half an answer, and no more until the client gives up
)

// FaultKinds lists every kind of fault.
func FaultKinds() []string {
	return []string{FaultStatus, FaultEmpty, FaultHTML, FaultRedirect, FaultResetBefore, FaultResetBody, FaultResetAfter,
		FaultShort, FaultCutGzip, FaultBadGzip, FaultBomb, FaultCutJSON, FaultBadJSON, FaultHang, FaultStall}
}

// faultCount is how often a fault was considered and how often it struck.
type faultCount struct{ seen, struck int }

// strike finds the fault that spoils a request, if any. Every fault counts the
// requests it matches, struck by another or not.
func (w *Workspace) strike(method, path string) *Fault {
	var hit *Fault
	for i := range w.behaviour.Faults {
		f, n := &w.behaviour.Faults[i], &w.faults[i]
		if !strings.HasPrefix(path, f.Path) || f.Method != "" && f.Method != method {
			continue
		}
		n.seen++
		chosen := f.Nth == 0 && f.Every == 0 || f.Nth == n.seen || f.Every > 0 && n.seen%f.Every == 0
		if chosen && (f.Times == 0 || n.struck < f.Times) && hit == nil {
			n.struck++
			w.stats.spoiled++
			hit = f
		}
	}
	return hit
}
