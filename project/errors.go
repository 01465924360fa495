package project

import (
	"fmt"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
)

// Kind tells the errors of this room apart.
type Kind string

// The closed set of kinds.
const (
	Stale       Kind = "stale"       // a saved plan no longer holds
	Used        Kind = "used"        // a saved plan is done already
	Edited      Kind = "edited"      // a saved plan is not as it was written
	Credentials Kind = "credentials" // a value a connection needs is not set
	Damaged     Kind = "damaged"     // state or table
	NotFound    Kind = "not_found"   // no such address, run or snapshot
	NoProvider  Kind = "no_provider"
	Refused     Kind = "refused" // what was asked for cannot be done
)

// Error is an error of this room.
type Error struct {
	Kind        Kind
	Address     addr.Address
	Summary     string // "" = that of the kind
	Detail      string // full sentences
	Diagnostics lang.Diagnostics
	Err         error
}

// Explain says the error in a few constant words and in full sentences.
func (e *Error) Explain() (summary, detail string) {
	summary = e.Summary
	if summary == "" {
		summary = map[Kind]string{
			Stale: "Saved plan is stale", Used: "Saved plan is used", Edited: "Saved plan was edited",
			Credentials: "Credentials not set", Damaged: "Damaged", NotFound: "Not found", NoProvider: "Unknown provider", Refused: "Not possible",
		}[e.Kind]
	}
	detail = e.Detail
	if detail == "" && e.Err != nil {
		detail = e.Err.Error()
	}
	return summary, detail
}

// Error writes both parts on one line.
func (e *Error) Error() string {
	summary, detail := e.Explain()
	if !e.Address.IsZero() {
		summary = e.Address.String() + ": " + summary
	}
	return fmt.Sprintf("%s: %s", summary, detail)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// DiagnosticsError carries diagnostics where an error is returned.
type DiagnosticsError struct{ Diagnostics lang.Diagnostics }

func (e *DiagnosticsError) Error() string { return e.Diagnostics.Error() }

// ProblemsError carries what stops a plan.
type ProblemsError struct{ Problems plan.Problems }

func (e *ProblemsError) Error() string {
	text := ""
	for i, p := range e.Problems {
		if i > 0 {
			text += "; "
		}
		if !p.Address.IsZero() {
			text += p.Address.String() + ": "
		}
		text += p.Summary + ": " + p.Detail
	}
	return text
}
