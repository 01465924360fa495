package project

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
)

// ApplyOptions say how to carry out a plan.
type ApplyOptions struct {
	Parallelism int
	LockTimeout time.Duration
	Saved       bool // the plan was read from a file: it is done once, and goes on where it stopped
}

// Apply carries out a plan and yields what happens. Every run is written to the diary as
// it begins and as it ends. The lock of the state is held from the check of the plan to
// the writing of the state, so imports do not keep others waiting. The error is what kept
// it from beginning; the sequence ends when all is done.
func (p *Project) Apply(ctx context.Context, made *plan.Plan, o ApplyOptions) (iter.Seq[apply.Event], error) {
	store, err := p.store(ctx, o.LockTimeout)
	if err != nil {
		return nil, err
	}
	if len(made.Changes) > 0 || len(made.Outputs) > 0 {
		if err := store.lock(); err != nil {
			return nil, err
		}
	}
	job, used, err := p.begin(made, o, store)
	if err != nil {
		return nil, errors.Join(err, store.unlock())
	}
	return func(yield func(apply.Event) bool) {
		defer job.Warehouse.Close()           // only handles
		defer func() { _ = store.unlock() }() // a lock that cannot be released ends with the process
		failed := false
		for e := range apply.Run(ctx, job) {
			failed = failed || e.Kind == apply.Failed || e.Kind == apply.Skipped || e.Kind == apply.NotStarted
			if !yield(p.followed(job.Plan, store, used, e)) {
				return
			}
		}
		if used != nil {
			if err := used.finish(job.Plan, failed); err != nil {
				yield(apply.Event{Kind: apply.Noted, At: p.world.Now(), Message: "the saved plan could not be marked as used: " + err.Error()})
			}
		}
	}, nil
}

// followed does what an event asks for outside of the tables: the diary, the lock, the
// record of a saved plan. What fails of that is told with the event.
func (p *Project) followed(made *plan.Plan, store *store, used *usage, e apply.Event) apply.Event {
	var err error
	if e.Kind == apply.StateWritten {
		err = store.unlock()
	}
	err = errors.Join(err, store.note(made, e))
	if used != nil {
		err = errors.Join(err, used.note(e))
	}
	if err != nil {
		if e.Message != "" {
			e.Message += "; "
		}
		e.Message += "what happened could not be written down: " + err.Error()
	}
	return e
}

// begin puts together what apply needs, after a last look that the plan still holds.
func (p *Project) begin(made *plan.Plan, o ApplyOptions, store *store) (apply.Job, *usage, error) {
	made, used, err := p.held(made, o)
	if err != nil {
		return apply.Job{}, nil, err
	}
	w, err := p.warehouse()
	if err != nil {
		return apply.Job{}, nil, err
	}
	if err := w.Probe(); err != nil {
		return apply.Job{}, nil, errors.Join(err, w.Close())
	}
	p.world.importing()
	return apply.Job{
		Plan: made, Warehouse: w, Store: store, Access: p.access(made.State.Connections),
		HashKey: p.config.Inlay.HashKey, Parallelism: max(o.Parallelism, 1), Now: p.world.Now,
		NewRun: func() string { return runID(p.world.Now()) },
	}, used, nil
}

// held refuses a plan that no longer holds, and takes out of a saved one what is done.
func (p *Project) held(made *plan.Plan, o ApplyOptions) (*plan.Plan, *usage, error) {
	now, err := p.situation()
	if err != nil {
		return nil, nil, err
	}
	if !o.Saved {
		return made.Onto(now.state), nil, p.stale(made, now)
	}
	files, err := p.states()
	if err != nil {
		return nil, nil, err
	}
	used, err := readUsage(files, made.ID)
	if err != nil {
		return nil, nil, err
	}
	if used.Used {
		return nil, nil, &Error{Kind: Used, Detail: "All that this plan says was done. Make a new one with `inlay plan -out FILE`."}
	}
	return left(made, used.Imports).Onto(now.state), used, p.stale(made, now)
}
