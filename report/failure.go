package report

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/table"
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
	f.Detail = sentence(Clean(err.Error()))
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
		f.Summary, f.Detail = "Stopped", "The command was interrupted. What was committed stays, and what was staged is kept: the same command goes on from there."
	case errors.Is(err, context.DeadlineExceeded):
		f.Summary, f.Detail = "Out of time", "The time that was allowed for it is over. Run the command again, or allow more."
	case errors.Is(err, fs.ErrPermission):
		f.Summary = "Not permitted"
		f.Detail += " Give the user that runs inlay the right to it, or name a place where that user may write."
	case errors.Is(err, fs.ErrNotExist):
		f.Summary = "No such file"
		if path := new(fs.PathError); errors.As(err, &path) {
			f.Detail = path.Path + " is not there. Look at how it is written, and from which folder: names are meant from the folder that the command runs in, or that -chdir names."
		}
	default:
		if summary := tableSummary(err); summary != "" {
			f.Summary = summary
		}
	}
	f.Detail = Clean(f.Detail)
	return f
}

// sentence makes one of an error: it begins with a capital and ends with a full stop.
func sentence(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	if word, _, _ := strings.Cut(text, " "); strings.ContainsAny(word, "./_-\\:\"") {
		first = 0 // a name stays as it is written
	}
	if unicode.IsLower(first) {
		text = string(unicode.ToUpper(first)) + text[n:]
	}
	if text != "" && !strings.ContainsAny(text[len(text)-1:], ".?!") {
		text += "."
	}
	return text
}

// tableSummary names a table's refusal in a few constant words; "" for any other error.
func tableSummary(err error) string {
	var (
		busy       *table.ErrBusy
		superseded *table.ErrSuperseded
		shrink     *table.ErrShrink
		incomplete *table.ErrIncomplete
		held       *table.ErrHeld
		expect     *table.ErrExpect
		workspace  *table.ErrOtherWorkspace
		owner      *table.ErrOtherOwner
		taken      *table.ErrPathTaken
		hidden     *table.ErrUnpublished
		unfit      *table.ErrUnfit
		damaged    *table.ErrDamaged
		row        *table.ErrRow
		diverged   *table.ErrDiverged
		back       *table.ErrRollback
	)
	for _, k := range []struct {
		target  any
		summary string
	}{
		{&busy, "Table busy"}, {&superseded, "Superseded by another run"}, {&shrink, "Table would shrink"},
		{&incomplete, "Fewer rows than announced"}, {&held, "Rows kept staged"}, {&expect, "Expectation not met"},
		{&workspace, "Another workspace"}, {&owner, "Another owner"}, {&taken, "Path in use"},
		{&hidden, "Committed and not published"}, {&unfit, "File system not fit for tables"}, {&damaged, "Table damaged"},
		{&row, "Row refused"}, {&back, "Cannot go back"}, {&diverged, "Copy went on by itself"},
	} {
		if errors.As(err, k.target) {
			return k.summary
		}
	}
	return ""
}

// FromProblems turns what stops a plan into findings.
func FromProblems(problems plan.Problems) []Finding {
	var out []Finding
	for _, p := range problems {
		f := Finding{Severity: Error, Summary: p.Summary, Detail: p.Detail}
		if !p.Address.IsZero() {
			f.Address = p.Address.String()
		}
		f.File, f.Start = place(p.Line)
		out = append(out, f)
	}
	return out
}

// place reads "main.hcl:12".
func place(line string) (string, Position) {
	at := strings.LastIndexByte(line, ':')
	if at < 0 {
		return line, Position{}
	}
	n, err := strconv.Atoi(line[at+1:])
	if err != nil {
		return line, Position{}
	}
	return line[:at], Position{Line: n, Column: 1}
}
