package project

import (
	"fmt"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// Runs says which runs of the diary are wanted; the zero value wants all.
type Runs struct {
	Of     addr.Address // about this target, source or schedule
	Status state.Status
	Since  time.Time // begun at or after it
	Limit  int       // at most so many
}

func (w Runs) want(r state.Run) bool {
	return about(r, w.Of) && (w.Status == "" || r.Status == w.Status) && !r.Started.Before(w.Since)
}

// History lists runs, the one begun last first.
func (p *Project) History(w Runs) ([]state.Run, error) {
	var out []state.Run
	skipped := map[string]bool{} // their beginning is a line of its own
	for r, err := range p.runs() {
		if err != nil {
			return nil, err
		}
		if r.Status == state.Skipped {
			skipped[r.ID] = true
		} else if r.Status == state.Unfinished && skipped[r.ID] {
			continue
		}
		if !w.want(r) {
			continue
		}
		out = append(out, r)
		if w.Limit > 0 && len(out) == w.Limit {
			break
		}
	}
	return out, nil
}

// Known is an *Error of kind NotFound for an address that is neither declared nor applied.
func (p *Project) Known(a addr.Address) error {
	st, err := p.State()
	if err != nil || st != nil && st.Has(a) || slices.Contains(p.addresses(), a) {
		return err
	}
	return p.unknown(a)
}

// Run returns the latest attempt of one run.
func (p *Project) Run(id string) (state.Run, error) {
	for r, err := range p.runs() {
		if err != nil {
			return state.Run{}, err
		}
		if r.ID == id {
			return r, nil
		}
	}
	return state.Run{}, &Error{Kind: NotFound, Summary: "Unknown run", Detail: fmt.Sprintf("There is no file and no run called %s; `inlay history` lists the runs.", id)}
}

// SavedOf returns what a run that is not over has on disk; false when there is nothing of it.
func (p *Project) SavedOf(r state.Run) (table.Staged, bool, error) {
	s, err := p.situation()
	if err != nil {
		return table.Staged{}, false, err
	}
	for _, t := range s.seen.Tables {
		for _, staged := range t.Staged {
			if t.ID == r.Table && staged.Run == r.ID {
				return staged, true, nil
			}
		}
	}
	return table.Staged{}, false, nil
}
