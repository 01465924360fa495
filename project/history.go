package project

import (
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// History lists runs, the one begun last first: those about an address, or all when it is
// zero; at most limit, or all when limit is 0.
func (p *Project) History(of addr.Address, limit int) ([]state.Run, error) {
	var out []state.Run
	skipped := map[string]bool{} // their beginning is a line of its own
	for r, err := range p.states().Runs() {
		if err != nil {
			return nil, err
		}
		if r.Status == state.Skipped {
			skipped[r.ID] = true
		} else if r.Status == state.Unfinished && skipped[r.ID] {
			continue
		}
		if !about(r, of) {
			continue
		}
		out = append(out, r)
		if limit > 0 && len(out) == limit {
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
	for r, err := range p.states().Runs() {
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
