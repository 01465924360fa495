package deployment

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"

	"github.com/inlay-sync/inlay/providers"
)

// Error is a Temporal that does not do what it is asked.
type Error struct{ Err error }

func (e *Error) Error() string { return "Temporal: " + e.Err.Error() }

// Unwrap returns the cause, and what kind of failure of a service it is.
func (e *Error) Unwrap() []error {
	kind := providers.Unavailable
	var denied *serviceerror.PermissionDenied
	if errors.As(e.Err, &denied) {
		kind = providers.Forbidden
	}
	return []error{e.Err, &providers.Error{Kind: kind}}
}

// Explain says what is wrong and what to do.
func (e *Error) Explain() (summary, detail string) {
	var namespace *serviceerror.NamespaceNotFound
	var denied *serviceerror.PermissionDenied
	switch {
	case errors.As(e.Err, &namespace):
		return "Unknown namespace", fmt.Sprintf("Temporal has no namespace %q. Create it there, or name another one with -namespace or TEMPORAL_NAMESPACE.", namespace.Namespace)
	case errors.As(e.Err, &denied):
		return "Not permitted by Temporal", fmt.Sprintf("Temporal refuses: %v. Give a key or certificate that may manage schedules of the namespace: TEMPORAL_API_KEY, or TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.", e.Err)
	}
	return "Temporal failed", fmt.Sprintf("What was asked of Temporal was not done: %v. Look whether it runs and can be reached at the address given by -address or TEMPORAL_ADDRESS, then run the command again; what was done already stays.", e.Err)
}

func unreachable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return &Error{err}
}
