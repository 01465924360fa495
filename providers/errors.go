package providers

import "fmt"

// ErrorKind is the closed set of ways in which a service can fail us.
type ErrorKind string

const (
	Unauthorized ErrorKind = "unauthorized" // credentials missing, wrong or revoked
	Forbidden    ErrorKind = "forbidden"    // a scope is missing
	PlanLimit    ErrorKind = "plan"         // the account's plan does not include it
	NotFound     ErrorKind = "not_found"
	Version      ErrorKind = "version"     // the API version does not have it
	Invalid      ErrorKind = "invalid"     // the service refuses the request itself
	RateLimited  ErrorKind = "rate_limit"  // still too many requests after waiting
	Unavailable  ErrorKind = "unavailable" // unreachable, or failing after retries
	Malformed    ErrorKind = "malformed"   // an answer that is not what it should be
	Untrusted    ErrorKind = "untrusted"   // an answer that tries to lead elsewhere, or has no end
	Incomplete   ErrorKind = "incomplete"  // fewer rows than announced
	Exhausted    ErrorKind = "exhausted"   // the bound set by timeout or max_calls was reached
	Interrupted  ErrorKind = "interrupted" // the context ended
	Setting      ErrorKind = "setting"     // a setting cannot work
)

// Error is every error a provider returns.
type Error struct {
	Kind      ErrorKind
	Read      int    // which read of the request it ended; -1 when it is not about one
	Stream    string // "" when it is not about one
	Summary   string // a few constant words
	Detail    string // full sentences: what happened, why, what to do
	RequestID string // as the service gave it; "" if it did not
	Status    int    // HTTP status; 0 if there was none
	Err       error  // the cause, if any
}

// Error writes summary, detail and request id on one line.
func (e *Error) Error() string {
	s := e.Summary
	if e.Stream != "" {
		s = e.Stream + ": " + s
	}
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	if e.RequestID != "" {
		s += fmt.Sprintf(" (request id %s)", e.RequestID)
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
