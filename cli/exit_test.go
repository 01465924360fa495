package cli

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

func TestExitCode(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, exitDone},
		{errors.New("any"), exitFailed},
		{coded(exitChanges), exitChanges},
		{usage([]string{"inlay"}, "what?"), exitFailed},
		{&project.DiagnosticsError{}, exitFailed},
		{&project.ProblemsError{}, exitFailed},
		{&state.LockedError{}, exitLocked},
		{&state.FileError{Err: state.ErrChanged}, exitStale},
		{&state.FileError{Err: state.ErrTruncated}, exitDamaged},
		{&project.Error{Kind: project.Stale}, exitStale},
		{&project.Error{Kind: project.Used}, exitStale},
		{&project.Error{Kind: project.Edited}, exitStale},
		{&project.Error{Kind: project.Credentials}, exitCredentials},
		{&project.Error{Kind: project.Damaged}, exitDamaged},
		{&project.Error{Kind: project.NotFound}, exitFailed},
		{fmt.Errorf("import: %w", &providers.Error{Kind: providers.Unauthorized}), exitCredentials},
		{&providers.Error{Kind: providers.Forbidden}, exitCredentials},
		{&providers.Error{Kind: providers.RateLimited}, exitRemote},
		{&providers.Error{Kind: providers.Unavailable}, exitRemote},
		{&providers.Error{Kind: providers.Incomplete}, exitSome},
		{&providers.Error{Kind: providers.Malformed}, exitFailed},
		{&table.ErrBusy{}, exitLocked},
		{&table.ErrExpect{}, exitCheck},
		{&table.ErrDamaged{}, exitDamaged},
		{&table.ErrShrink{}, exitSome},
		{context.Canceled, exitInterrupted},
	} {
		if got := exitCode(c.err); got != c.want {
			t.Errorf("%v: exit %d, not %d", c.err, got, c.want)
		}
	}
}

func TestOutcomeCode(t *testing.T) {
	refused, busy := &providers.Error{Kind: providers.Unauthorized}, &table.ErrBusy{}
	for _, c := range []struct {
		failures               []error
		succeeded, interrupted bool
		want                   int
	}{
		{nil, true, false, exitDone},
		{nil, false, false, exitDone},
		{[]error{refused, refused}, false, false, exitCredentials},
		{[]error{refused, busy}, false, false, exitSome},
		{[]error{refused}, true, false, exitSome},
		{nil, true, true, exitInterrupted},
	} {
		if got := outcomeCode(c.failures, c.succeeded, c.interrupted); got != c.want {
			t.Errorf("%+v: exit %d", c, got)
		}
	}
}

func TestCodesAreExplained(t *testing.T) {
	s := &speech{}
	walk(s.entries(), nil, func(path []string, e *entry) {
		for _, c := range e.codes {
			if codeWords[c] == "" || c == exitDone || c == exitFailed {
				t.Errorf("%v: exit code %d", path, c)
			}
		}
	})
}
