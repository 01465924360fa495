package project

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/state"
)

// states is where the state of this configuration is kept.
func (p *Project) states() *state.Store {
	return state.Open(p.inside(p.config.Inlay.State), p.world.faults())
}

// State reads what was applied; nil when nothing ever was. It takes no lock.
func (p *Project) State() (*state.State, error) {
	return p.states().Load()
}

// Holder says who holds the lock of the state, if anyone does.
func (p *Project) Holder() (string, bool, error) {
	h, held, err := p.states().Holder()
	return h.String(), held, err
}

// store writes the state for apply. It holds the lock when it must and no longer: what
// comes after a long import takes it again.
type store struct {
	files  *state.Store
	holder state.Holder
	ctx    context.Context
	wait   time.Duration
	held   *state.Held // nil: not locked
	saved  *state.State
	open   map[string]state.Run // runs begun, by id
}

// store prepares the writing of the state; it takes no lock yet.
func (p *Project) store(ctx context.Context, wait time.Duration) *store {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return &store{
		files: p.states(), ctx: ctx, wait: wait, open: map[string]state.Run{},
		holder: state.Holder{PID: os.Getpid(), Host: host, Command: p.world.Command, Since: p.world.Now()},
	}
}

// lock takes the lock of the state, or is a *state.LockedError that names its holder.
func (s *store) lock() error {
	if s.held != nil {
		return nil
	}
	held, err := s.files.Lock(s.ctx, s.holder, s.wait)
	s.held = held
	return err
}

// unlock lets go of the lock, if it is held.
func (s *store) unlock() error {
	if s.held == nil {
		return nil
	}
	err := s.held.Release()
	s.held = nil
	return err
}

// again is how long the end of an apply waits for the lock it let go of before its
// imports: what it has to write then is short, and so is what others write.
const again = time.Minute

// Save writes the state. When the lock was let go of since the last write, it takes it
// again, and takes only deletions over into what others wrote meanwhile.
func (s *store) Save(st *state.State) (*state.State, error) {
	if s.held == nil {
		s.wait = max(s.wait, again)
		s.ctx = context.WithoutCancel(s.ctx) // the files are gone already
		if err := s.lock(); err != nil {
			return nil, err
		}
	}
	saved, err := s.held.Save(st)
	if errors.Is(err, state.ErrChanged) && s.saved != nil {
		var now *state.State
		if now, err = s.files.Load(); err == nil && now != nil {
			saved, err = s.held.Save(without(now, s.saved, st))
		}
	}
	if err == nil {
		s.saved = saved
	}
	return saved, err
}

// without is now less the entries that were being deleted before and are gone after.
func without(now, before, after *state.State) *state.State {
	out := now.Clone()
	for a, t := range before.Targets {
		if _, still := after.Targets[a]; !still && t.Deleting && out.Targets[a].Table == t.Table {
			delete(out.Targets, a)
		}
	}
	return out
}

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
	case apply.ImportDone, apply.Failed, apply.Skipped:
		run, ok := s.open[e.Run]
		if !ok && e.Kind == apply.Skipped {
			return nil // never begun
		}
		delete(s.open, e.Run)
		return s.files.Note(ended(run, e))
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

// ended is a run with what became of it.
func ended(r state.Run, e apply.Event) state.Run {
	r.Ended, r.Rows, r.Pages = e.At, e.Rows, e.Pages
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
	r.Pages, r.Calls, r.Retries, r.Waited = res.Pages, res.Calls.Requests, res.Calls.Retries, res.Calls.Waited.Seconds()
	r.Table, r.Commit, r.Position, r.Warnings = m.Table, m.Number, m.Position, res.Warnings
	return r
}

// folder opens the folder of the state, making it if need be.
func (p *Project) folder() (*durable.Dir, error) {
	return durable.Make(filepath.Dir(p.inside(p.config.Inlay.State)), 0o755, p.world.faults())
}

// about reports whether a run concerns an address: its target, source or schedule.
func about(r state.Run, a addr.Address) bool {
	return a.IsZero() || r.Address == a || r.Source == a || r.Schedule == a
}
