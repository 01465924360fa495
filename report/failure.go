package report

import (
	"context"
	"errors"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/providers"
)

// Explained is an error that says itself in two parts: a few constant words, and full
// sentences with what to do.
type Explained interface {
	error
	Explain() (summary, detail string)
}

// FromError says an error in a summary that never changes and a detail in sentences.
func FromError(err error) Finding {
	f := Finding{Severity: Error, Summary: "Failed"}
	if err == nil {
		return f
	}
	f.Detail = Clean(err.Error())
	var explained Explained
	var service *providers.Error
	var unsaved *apply.StateError
	switch {
	case errors.As(err, &explained):
		f.Summary, f.Detail = explained.Explain()
	case errors.As(err, &service):
		f.Summary, f.Detail = service.Summary, service.Detail
		if service.RequestID != "" {
			f.Detail += " (request id " + service.RequestID + ")"
		}
	case errors.As(err, &unsaved):
		f.Summary = "State not written"
	case errors.Is(err, context.Canceled):
		f.Summary = "Stopped"
	case errors.Is(err, context.DeadlineExceeded):
		f.Summary = "Out of time"
	}
	f.Detail = Clean(f.Detail)
	return f
}
