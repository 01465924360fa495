package apply

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// Job is a plan and what it takes to make it so.
type Job struct {
	Plan      *plan.Plan
	Warehouse *table.Warehouse
	// Store keeps the state; the caller holds its lock for as long as Run runs.
	Store Store
	// Access says how to open each connection that an import needs.
	Access map[addr.Address]Access
	// HashKey keys the hash of hashed columns; zero when the configuration has none.
	HashKey setting.Secret
	// Parallelism is how many read groups run at once; at least 1.
	Parallelism int
	// CheckpointPages is how many pages are read between checkpoints at least, and at first;
	// 0 means 50.
	CheckpointPages int64
	Now             func() time.Time
	// NewRun makes the id of a new run; ids sort by time.
	NewRun func() string
}

// Store is where the state is kept.
type Store interface {
	// Save writes s as the next serial, with a lineage if it has none, and returns it as written.
	Save(s *state.State) (*state.State, error)
}

// Access is a connection's provider and credentials, or the reason there are none.
type Access struct {
	Provider   providers.Provider
	Connection providers.Connection
	// Err is why the connection cannot be used: a credential that is not set. Imports
	// through it fail with it, others go on.
	Err error
}

// Run makes the plan so and yields what happens, as it happens. Imports run side by side,
// so events of different addresses interleave; those of one address are in order. One
// import that fails does not stop the others. When ctx ends, imports stop at a checkpoint
// and those not begun are reported as skipped. Breaking out of the loop is like ending ctx.
func Run(ctx context.Context, job Job) iter.Seq[Event] {
	return func(yield func(Event) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		events := make(chan Event)
		go func() {
			r := &runner{Job: job, events: events, sessions: map[addr.Address]*session{},
				hashKeyID: sync.OnceValue(func() string { return plan.HashKeyID(job.HashKey) })}
			r.run(ctx)
			r.mute.Lock()
			defer r.mute.Unlock()
			r.muted = true
			close(events)
		}()
		listening := true
		for e := range events {
			if listening && !yield(e) {
				listening = false
				stop()
			}
		}
	}
}

// runner is one Run under way.
type runner struct {
	Job
	events chan<- Event
	state  *state.State

	hashKeyID func() string // of HashKey; slow by intent, so worked out once and only when needed

	mute  sync.Mutex // held while a note is given, so that none comes after the end
	muted bool

	mu       sync.Mutex
	sessions map[addr.Address]*session
}

func (r *runner) emit(e Event) {
	e.At = r.Now()
	r.events <- e
}

// note emits what a provider has to say, which may say it when everything is over.
func (r *runner) note(e Event) {
	r.mute.Lock()
	defer r.mute.Unlock()
	if !r.muted {
		r.emit(e)
	}
}

// run does the steps in the order that a crash between any two of them can be told from
// what is on disk: the lineage is on disk before a table is made its own, changes come
// before the state that remembers them, and imports after both.
func (r *runner) run(ctx context.Context) {
	defer r.closeSessions()
	r.state = r.Plan.State
	if !r.begin() {
		return
	}
	failed := r.changes(ctx)
	if !r.remember(failed) {
		return
	}
	r.imports(ctx, failed)
	r.deletions(ctx, failed)
}

// begin gives a new state its lineage before anything is made in its name.
func (r *runner) begin() bool {
	if r.state.Serial > 0 && r.state.Lineage != "" || !r.needsState() {
		return true
	}
	bare := &state.State{Format: state.Format, Lineage: r.state.Lineage, Version: r.Plan.Version}
	saved, err := r.Store.Save(bare)
	if err != nil {
		r.emit(Event{Kind: Failed, Err: &StateError{Err: err}})
		return false
	}
	r.state.Lineage, r.state.Serial = saved.Lineage, saved.Serial
	return true
}

func (r *runner) needsState() bool { return r.Plan.HasChanges() }

// remember writes the state once, when there is something to remember.
func (r *runner) remember(failed map[addr.Address]bool) bool {
	if !r.needsState() {
		return true
	}
	saved, err := r.Store.Save(withoutFailed(r.state, failed))
	if err != nil {
		r.emit(Event{Kind: Failed, Err: &StateError{Err: err}})
		return false
	}
	r.state.Lineage, r.state.Serial = saved.Lineage, saved.Serial
	r.emit(Event{Kind: StateWritten, Serial: saved.Serial})
	return true
}

// StateError is a state that could not be written.
type StateError struct{ Err error }

func (e *StateError) Error() string {
	return "the state could not be written, so nothing further was done: " + e.Err.Error() + "; free the disk or mend the folder's permissions and run the same command again"
}

// Unwrap returns the cause.
func (e *StateError) Unwrap() error { return e.Err }
