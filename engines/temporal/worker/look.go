package worker

import (
	"context"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/state"
)

// Finding is how things stand with one target.
type Finding struct {
	Lineage string `json:"lineage"`
	Address string `json:"address"`
	Due     bool   `json:"due,omitempty"`
	Slot    string `json:"slot,omitempty"`
	Group   int    `json:"group,omitempty"` // targets of one group share a read
	// Next is when to look again at one that is not due: its slot has come and waits for its
	// delay, or somebody imports it now. The zero time leaves it to the next trigger.
	Next time.Time `json:"next,omitzero"`
}

// look says of each target whether it is due. A target that is gone is not.
func (w *worker) look(ctx context.Context, k Knock) ([]Finding, error) {
	p, err := w.folders.open(k.Lineage)
	if err != nil {
		return nil, err
	}
	st, err := p.State()
	if err != nil {
		return nil, err
	}
	made, err := p.PlanRuns(ctx, project.RunOptions{Due: true})
	if err != nil {
		return nil, err
	}
	due, waiting := map[string]plan.Import{}, map[string]plan.Waiting{}
	for _, i := range made.Imports {
		due[i.Address.String()] = i
	}
	for _, i := range made.Waiting {
		waiting[i.Address.String()] = i
	}
	var out []Finding
	for _, address := range k.Targets {
		f := Finding{Lineage: k.Lineage, Address: address}
		if i, ok := due[address]; ok {
			f.Due, f.Slot, f.Group = true, i.Slot, i.Group
		} else if i, ok := waiting[address]; ok {
			f.Next = again(st, i, w.World.Now())
		}
		out = append(out, f)
	}
	return out, nil
}

// again is when to look again at a target that waits; the zero time when its next slot is
// still to come, which a trigger will tell.
func again(st *state.State, i plan.Waiting, now time.Time) time.Time {
	if i.Note == plan.NoteRunning {
		return now.Add(firstRetry) // perhaps that import fails
	}
	if i.Next.IsZero() || i.Next.After(now.Add(longest(st, i.Address))) {
		return time.Time{}
	}
	return i.Next
}

// longest is how long after its slot an import of the target starts.
func longest(st *state.State, a addr.Address) time.Duration {
	t := st.Targets[a]
	if t.Schedule == nil {
		return 0
	}
	s, err := schedule.FromSettings(st.Schedules[*t.Schedule].Settings)
	if err != nil {
		return 0 // one that cannot be read has no slots
	}
	return s.DueAt(schedule.Slot{}, a.String()).Sub(schedule.Slot{}.Time)
}
