package report

import (
	"errors"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
)

// Status is how far one import or change came.
type Status string

// The statuses.
const (
	Done       Status = "done"
	Nothing    Status = "nothing new"
	Stopped    Status = "stopped" // begun, and neither done nor failed
	FailedHere Status = "failed"
	SkippedOne Status = "skipped"
	NotStarted Status = "not started"
)

// Outcome is what became of one import or one change.
type Outcome struct {
	Address addr.Address
	Status  Status
	Import  bool // false: a change
	Run     string
	Result  *apply.Result
	Err     error
	Message string // why it was skipped
	Rows    int64  // received so far
	Staged  int64  // of them, safe from a crash
}

// Tally follows the events of one apply and knows at any time what is done, what failed
// and what was not started.
type Tally struct {
	Plan     *plan.Plan
	Started  time.Time // of the first event
	Ended    time.Time // of the latest event
	imports  map[addr.Address]*Outcome
	changes  []*Outcome
	failures []error
	made     int64 // changes made
	alone    int64 // of them, those at addresses that import nothing
	stateAt  int64 // serial of the state, when it was written
}

// NewTally expects what the plan says.
func NewTally(p *plan.Plan) *Tally {
	t := &Tally{Plan: p, imports: map[addr.Address]*Outcome{}}
	for _, i := range p.Imports {
		t.imports[i.Address] = &Outcome{Address: i.Address, Status: NotStarted, Import: true}
	}
	return t
}

// Add takes the next event.
func (t *Tally) Add(e apply.Event) {
	if t.Started.IsZero() {
		t.Started = e.At
	}
	t.Ended = e.At
	switch e.Kind {
	case apply.ChangeDone:
		t.made++
		if t.imports[e.Address] == nil {
			t.alone++
		}
	case apply.StateWritten:
		t.stateAt = e.Serial
	case apply.Failed:
		t.fail(e)
	default:
		t.advance(t.outcome(e), e)
	}
}

// outcome is where an import's event is kept.
func (t *Tally) outcome(e apply.Event) *Outcome {
	o := t.imports[e.Address]
	if o == nil && !e.Address.IsZero() && e.Run != "" {
		o = &Outcome{Address: e.Address, Status: NotStarted, Import: true}
		t.imports[e.Address] = o
	}
	return o
}

func (t *Tally) advance(o *Outcome, e apply.Event) {
	if o == nil {
		return
	}
	if e.Run != "" {
		o.Run = e.Run
	}
	switch e.Kind {
	case apply.ImportStart:
		o.Status = Stopped
	case apply.Progress:
		o.Rows = e.Rows
	case apply.Checkpointed:
		o.Rows, o.Staged = max(o.Rows, e.Rows), e.Rows
	case apply.Skipped:
		o.Status, o.Message = SkippedOne, e.Message
	case apply.NotStarted:
		o.Status, o.Message = NotStarted, e.Message
	case apply.ImportDone:
		o.Status, o.Result = Done, e.Result
		if e.Result != nil && e.Result.Nothing {
			o.Status = Nothing
		}
	}
}

func (t *Tally) fail(e apply.Event) {
	var service *providers.Error
	if o := t.outcome(e); o != nil && errors.As(e.Err, &service) && service.Kind == providers.Interrupted {
		o.Status, o.Message = Stopped, service.Detail
		return
	}
	if e.Err != nil {
		t.failures = append(t.failures, e.Err)
	}
	if o := t.outcome(e); o != nil && e.Run != "" {
		o.Status, o.Err, o.Run = FailedHere, e.Err, e.Run
		return
	}
	t.changes = append(t.changes, &Outcome{Address: e.Address, Status: FailedHere, Err: e.Err})
	if o := t.imports[e.Address]; o != nil && o.Status == NotStarted {
		o.Message = "its change failed"
	}
}

// Failures are the errors of everything that failed, in the order it failed.
func (t *Tally) Failures() []error { return t.failures }

// Outcomes lists the failed changes and then every import, in address order.
func (t *Tally) Outcomes() []Outcome {
	var out []Outcome
	for _, o := range t.changes {
		out = append(out, *o)
	}
	at := len(out)
	for _, o := range t.imports {
		out = append(out, *o)
	}
	slices.SortFunc(out[at:], func(a, b Outcome) int { return a.Address.Compare(b.Address) })
	return out
}

// Count is how many imports have one of these statuses.
func (t *Tally) Count(statuses ...Status) int {
	n := 0
	for _, o := range t.imports {
		if slices.Contains(statuses, o.Status) {
			n++
		}
	}
	return n
}

// Changed is how many changes were made.
func (t *Tally) Changed() int64 { return t.made }

// Succeeded reports whether anything came to its end: an import, or a change at an address
// that imports nothing.
func (t *Tally) Succeeded() bool { return t.alone > 0 || t.Count(Done, Nothing) > 0 }
