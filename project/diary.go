package project

import (
	"errors"
	"fmt"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// note writes the beginning and the end of a run to the diary.
func (s *store) note(made *plan.Plan, e apply.Event) error {
	if e.Run == "" {
		return nil
	}
	switch e.Kind {
	case apply.ImportStart:
		run := begun(made, e, s.holder)
		s.open[e.Run] = run
		return s.files.Note(run)
	case apply.Checkpointed:
		run := s.open[e.Run]
		run.Saved++
		s.open[e.Run] = run
	case apply.ImportDone, apply.Failed, apply.Skipped:
		run, ok := s.open[e.Run]
		if !ok && e.Kind == apply.Skipped {
			return nil // never begun
		}
		delete(s.open, e.Run)
		run = ended(run, e)
		run.Audit = audited(made.State.Targets[e.Address], e)
		return s.files.Note(run)
	}
	return nil
}

func begun(made *plan.Plan, e apply.Event, h state.Holder) state.Run {
	r := state.Run{ID: e.Run, Address: e.Address, Host: h.Host, PID: h.PID, Started: e.At, Status: state.Unfinished}
	if e.Import != nil {
		r.Why, r.Slot = string(e.Import.Why), e.Import.Slot
	}
	if t, ok := made.State.Targets[e.Address]; ok {
		r.Source, r.Table = t.Source, t.Table
		if t.Schedule != nil {
			r.Schedule = *t.Schedule
		}
	}
	return r
}

// ended is a run with what became of it. What it asked of the service it asked, however it
// ended.
func ended(r state.Run, e apply.Event) state.Run {
	r.Ended, r.Rows, r.Pages = e.At, e.Rows, e.Pages
	r.Calls, r.Retries, r.Waited = e.Calls.Requests, e.Calls.Retries, e.Calls.Waited.Seconds()
	switch e.Kind {
	case apply.Skipped:
		r.Status, r.Error = state.Skipped, e.Message
	case apply.Failed:
		r.Status = state.Failed
		var service *providers.Error
		if errors.As(e.Err, &service) && service.Kind == providers.Interrupted {
			r.Status = state.Interrupted
		}
		if e.Err != nil {
			r.Error = e.Err.Error()
		}
	case apply.ImportDone:
		r.Status = state.Done
		if e.Result != nil {
			r = withResult(r, e.Result)
		}
	}
	return r
}

func withResult(r state.Run, res *apply.Result) state.Run {
	if res.Nothing {
		r.Status = state.Nothing
	}
	m := res.Manifest
	r.Rows, r.Inserted, r.Updated, r.Deleted = m.Counts.Received, m.Counts.Inserted, m.Counts.Updated, m.Counts.Deleted
	r.Pages, r.Parts, r.Written = res.Pages, len(m.Parts), res.Written
	r.Table, r.Commit, r.Position, r.Warnings = m.Table, m.Number, m.Position, res.Warnings
	return r
}

// audited says what each expectation of a target found, where a run came far enough to ask.
func audited(t state.Target, e apply.Event) []string {
	var broken []table.ExpectResult
	var failed *table.ErrExpect
	switch {
	case e.Kind == apply.ImportDone && e.Result != nil:
		broken = e.Result.Manifest.Expect
	case errors.As(e.Err, &failed):
		broken = failed.Failed
	default:
		return nil
	}
	var out []string
	for _, b := range t.Spec.Target.Blocks("expect") {
		name, holds := b.String("name"), true
		for _, r := range broken {
			if r.Name == name {
				out, holds = append(out, fmt.Sprintf("%s: %s: %s (%s)", name, r.Check, r.Detail, r.Severity)), false
			}
		}
		if failed != nil && b.String("severity") == table.SeverityWarn {
			continue // an error tells of the expectations that held the rows back
		}
		if holds {
			out = append(out, name+": holds")
		}
	}
	return out
}
