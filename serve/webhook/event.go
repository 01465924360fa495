package webhook

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

// What can be told.
const (
	Failure  = "failure"  // an import failed; told once for a slot, however often it is tried
	Recovery = "recovery" // an import succeeded, and the one before had failed
	Success  = "success"  // an import succeeded
)

// Event is what became of one import.
type Event struct {
	Event    string    `json:"event"`
	At       time.Time `json:"at"`
	Address  string    `json:"address"` // of the target
	Schedule string    `json:"schedule,omitempty"`
	Run      string    `json:"run"`
	Slot     string    `json:"slot,omitempty"`
	Table    string    `json:"table,omitempty"` // DATABASE/TABLE
	Rows     int64     `json:"rows"`            // received
	Inserted int64     `json:"inserted"`
	Updated  int64     `json:"updated"`
	Deleted  int64     `json:"deleted"`
	// Summary is a few constant words, Detail full sentences; of a failure alone.
	Summary string `json:"summary,omitempty"`
	Detail  string `json:"detail,omitempty"`
	// Text is the event in one line, for services that show a text.
	Text string `json:"text"`
}

// Events are what there is to tell of an apply. runs returns the latest ended runs of a
// target, the latest first, this apply's among them.
func Events(t *report.Tally, at time.Time, runs func(addr.Address) ([]state.Run, error)) ([]Event, error) {
	var out []Event
	for _, o := range t.Outcomes() {
		if !o.Import || o.Status != report.FailedHere && o.Status != report.Done && o.Status != report.Nothing {
			continue
		}
		list, err := runs(o.Address)
		if err != nil {
			return out, err
		}
		var now, before state.Run
		if len(list) > 0 {
			now = list[0]
		}
		if len(list) > 1 {
			before = list[1]
		}
		e := eventOf(t, o, now, at)
		switch {
		case o.Status == report.FailedHere:
			if before.Status == state.Failed && before.Slot == now.Slot && now.Slot != "" {
				continue // told already
			}
			out = append(out, e.as(Failure))
		case before.Status == state.Failed:
			out = append(out, e.as(Recovery), e.as(Success))
		default:
			out = append(out, e.as(Success))
		}
	}
	return out, nil
}

func eventOf(t *report.Tally, o report.Outcome, run state.Run, at time.Time) Event {
	e := Event{At: at.UTC(), Address: o.Address.String(), Run: o.Run, Slot: run.Slot, Rows: o.Rows}
	if !run.Schedule.IsZero() {
		e.Schedule = run.Schedule.String()
	}
	if target, ok := t.Plan.State.Targets[o.Address]; ok {
		e.Table = target.Path
	}
	if o.Result != nil {
		c := o.Result.Manifest.Counts
		e.Rows, e.Inserted, e.Updated, e.Deleted = c.Received, c.Inserted, c.Updated, c.Deleted
	}
	if o.Err != nil {
		f := report.FromError(o.Err)
		e.Summary, e.Detail = f.Summary, f.Detail
	}
	return e
}

// as is the event told as one of the three.
func (e Event) as(what string) Event {
	e.Event = what
	switch what {
	case Failure:
		e.Text = "inlay: the import of " + e.Address + " failed: " + e.Summary + ". " + e.Detail
	case Recovery:
		e.Text = "inlay: " + e.Address + " is imported again, " + report.Plural(e.Rows, "row") + " received."
	default:
		e.Text = "inlay: " + e.Address + " is imported, " + report.Plural(e.Rows, "row") + " received."
	}
	return e
}
