package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// The exit codes. They are documented in every command's help and never change meaning.
const (
	exitDone        = 0
	exitFailed      = 1
	exitChanges     = 2
	exitCheck       = 3
	exitLocked      = 4
	exitStale       = 5
	exitSome        = 6
	exitCredentials = 7
	exitRemote      = 8
	exitDamaged     = 9
	exitInternal    = 11
	exitInterrupted = 130
)

var codeWords = map[int]string{
	exitDone:        "done",
	exitFailed:      "failed",
	exitChanges:     "with -detailed-exitcode: there are changes, or damage",
	exitCheck:       "a check did not hold: fmt -check, -fail-on, or an expectation on rows",
	exitLocked:      "another command holds the lock",
	exitStale:       "the saved plan is stale, edited or used",
	exitSome:        "some imports failed; the same command goes on from here",
	exitCredentials: "credentials, of the service or an object store, are missing, wrong or lack a permission",
	exitRemote:      "the service or an object store is unavailable, or a rate limit is reached",
	exitDamaged:     "the state or a table is damaged",
	exitInternal:    "a mistake of inlay itself",
	exitInterrupted: "interrupted, after a clean stop",
}

// coded is an exit code that was decided on the way, for something already said.
type coded int

func (c coded) Error() string { return "exit " + strconv.Itoa(int(c)) }

func isSaid(err error) bool {
	var c coded
	return errors.As(err, &c)
}

// usageError is a command line that cannot be followed.
type usageError struct{ command, problem string }

func (e *usageError) Error() string { return e.problem }

// Explain says the problem and where to read more.
func (e *usageError) Explain() (summary, detail string) {
	if strings.HasPrefix(e.command, "-") { // a flag that several commands have
		return "Command not understood", fmt.Sprintf("%s: %s. `-h` behind the command explains its flags.", e.command, e.problem)
	}
	end := "."
	if strings.HasSuffix(e.problem, "?") {
		end = ""
	}
	return "Command not understood", fmt.Sprintf("%s: %s%s `%s -h` explains the command.", e.command, e.problem, end, e.command)
}

func usage(path []string, format string, args ...any) error {
	return &usageError{strings.Join(path, " "), fmt.Sprintf(format, args...)}
}

// exitCode decides the exit code of every command.
func exitCode(err error) int {
	var said coded
	var own *project.Error
	var problems *project.ProblemsError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &said):
		return int(said)
	case errors.As(err, &own):
		return projectCode(own)
	case errors.As(err, &problems):
		return exitFailed
	}
	for _, room := range []func(error) int{serviceCode, stateCode, tableCode, objectsCode} {
		if code := room(err); code != exitFailed {
			return code
		}
	}
	return exitFailed
}

func stateCode(err error) int {
	var locked *state.LockedError
	var file *state.FileError
	switch {
	case errors.As(err, &locked):
		return exitLocked
	case errors.Is(err, state.ErrChanged):
		return exitStale
	case errors.As(err, &file):
		return exitDamaged
	}
	return exitFailed
}

func projectCode(err *project.Error) int {
	switch err.Kind {
	case project.Stale, project.Used, project.Edited:
		return exitStale
	case project.Credentials:
		return exitCredentials
	case project.Damaged:
		return exitDamaged
	}
	return exitFailed
}

func serviceCode(err error) int {
	var e *providers.Error
	if !errors.As(err, &e) {
		if errors.Is(err, context.Canceled) {
			return exitInterrupted
		}
		return exitFailed
	}
	switch e.Kind {
	case providers.Unauthorized, providers.Forbidden:
		return exitCredentials
	case providers.RateLimited, providers.Unavailable:
		return exitRemote
	case providers.Incomplete, providers.Exhausted:
		return exitSome
	case providers.Interrupted:
		return exitInterrupted
	}
	return exitFailed
}

func tableCode(err error) int {
	var (
		busy       *table.ErrBusy
		expect     *table.ErrExpect
		damaged    *table.ErrDamaged
		incomplete *table.ErrIncomplete
		shrink     *table.ErrShrink
		superseded *table.ErrSuperseded
		hidden     *table.ErrUnpublished
	)
	switch {
	case errors.As(err, &busy):
		return exitLocked
	case errors.As(err, &expect):
		return exitCheck
	case errors.As(err, &damaged):
		return exitDamaged
	case errors.As(err, &incomplete), errors.As(err, &shrink), errors.As(err, &superseded), errors.As(err, &hidden):
		return exitSome
	}
	return exitFailed
}

func objectsCode(err error) int {
	var e *objects.Error
	if !errors.As(err, &e) {
		return exitFailed
	}
	switch e.Kind {
	case objects.Credentials:
		return exitCredentials
	case objects.Unreachable:
		return exitRemote
	}
	return exitFailed
}

// outcomeCode decides the exit code of an apply: one cause for every failure is its own
// code; several causes, or some imports done, is exitSome.
func outcomeCode(failures []error, succeeded, interrupted bool) int {
	if interrupted {
		return exitInterrupted
	}
	if len(failures) == 0 {
		return exitDone
	}
	code := exitCode(failures[0])
	for _, f := range failures[1:] {
		if exitCode(f) != code {
			return exitSome
		}
	}
	if succeeded {
		return exitSome
	}
	return code
}

// findingsOf says an error as findings: several where it carries several.
func findingsOf(err error) []report.Finding {
	var diags *project.DiagnosticsError
	var problems *project.ProblemsError
	var own *project.Error
	switch {
	case errors.As(err, &diags):
		return report.FromDiagnostics(diags.Diagnostics)
	case errors.As(err, &problems):
		return report.FromProblems(problems.Problems)
	case errors.As(err, &own) && len(own.Diagnostics) > 0:
		return report.FromDiagnostics(own.Diagnostics)
	}
	f := report.FromError(err)
	if errors.As(err, &own) && !own.Address.IsZero() {
		f.Address = own.Address.String()
	}
	return []report.Finding{f}
}
