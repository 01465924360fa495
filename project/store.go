package project

import (
	"context"
	"errors"
	"iter"
	"os"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
)

// State reads what was applied; nil when nothing ever was. It takes no lock.
func (p *Project) State() (*state.State, error) {
	files, err := p.states()
	if err != nil {
		return nil, err
	}
	return files.Load()
}

// Holder says who holds the lock of the state, if anyone does.
func (p *Project) Holder() (state.Holder, bool, error) {
	files, err := p.states()
	if err != nil {
		return state.Holder{}, false, err
	}
	return files.Holder()
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
func (p *Project) store(ctx context.Context, wait time.Duration) (*store, error) {
	files, err := p.states()
	if err != nil {
		return nil, err
	}
	return &store{files: files, ctx: ctx, wait: wait, open: map[string]state.Run{}, holder: p.holder()}, nil
}

// holder is this process, as whoever meets a lock of its own is told.
func (p *Project) holder() state.Holder {
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	return state.Holder{PID: os.Getpid(), Host: host, Command: p.world.Command, Since: p.world.Now()}
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

// runs yields the runs of the diary, the one begun last first.
func (p *Project) runs() iter.Seq2[state.Run, error] {
	files, err := p.states()
	if err != nil {
		return func(yield func(state.Run, error) bool) { yield(state.Run{}, err) }
	}
	return files.Runs()
}

// about reports whether a run concerns an address: its target, source or schedule.
func about(r state.Run, a addr.Address) bool {
	return a.IsZero() || r.Address == a || r.Source == a || r.Schedule == a
}
