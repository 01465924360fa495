package state

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/inlay-sync/inlay/addr"
)

const diaryName = "runs.jsonl"

// Status is how a run ended.
type Status string

// The closed set of states a run can be in.
const (
	Unfinished  Status = "unfinished"  // begun, and its end was never written: it runs, or was killed
	Done        Status = "done"        // committed
	Nothing     Status = "nothing"     // committed, and there was nothing new
	Failed      Status = "failed"      // Error says why
	Skipped     Status = "skipped"     // nothing read: another run was on the table, or its slot was done
	Interrupted Status = "interrupted" // stopped at a checkpoint when asked to
)

// Statuses are all of them.
func Statuses() []Status { return []Status{Unfinished, Done, Nothing, Failed, Skipped, Interrupted} }

// Run is one attempt at an import, as the diary tells it. A later attempt that resumes or
// repeats it has the same ID. It holds no secret: whoever writes Error sees to that.
type Run struct {
	ID       string       `json:"run"`
	Address  addr.Address `json:"address"` // of the target
	Source   addr.Address `json:"source,omitzero"`
	Schedule addr.Address `json:"schedule,omitzero"`
	Table    string       `json:"table,omitempty"` // its id
	Slot     string       `json:"slot,omitempty"`
	Why      string       `json:"why,omitempty"` // new, changed, due, asked, resumes, damaged
	Host     string       `json:"host,omitempty"`
	PID      int          `json:"pid,omitempty"`
	Started  time.Time    `json:"started"`
	Ended    time.Time    `json:"ended,omitzero"` // zero: unfinished
	Status   Status       `json:"status"`
	Rows     int64        `json:"rows,omitempty"` // received
	Inserted int64        `json:"inserted,omitempty"`
	Updated  int64        `json:"updated,omitempty"`
	Deleted  int64        `json:"deleted,omitempty"`
	Pages    int64        `json:"pages,omitempty"`
	Calls    int64        `json:"calls,omitempty"`
	Retries  int64        `json:"retries,omitempty"`
	Waited   float64      `json:"waited_seconds,omitempty"` // for the service's rate limit
	Saved    int64        `json:"checkpoints,omitempty"`    // how often it was saved on its way
	Commit   int64        `json:"commit,omitempty"`         // the manifest's number
	Parts    int          `json:"parts,omitempty"`          // of the table after it
	Written  int          `json:"parts_written,omitempty"`  // of them, by this commit
	Audit    []string     `json:"audit,omitempty"`          // each expectation, and what was found
	Position string       `json:"position,omitempty"`       // the bookmark in words
	Warnings []string     `json:"warnings,omitempty"`
	Error    string       `json:"error,omitempty"`
}

// Note writes down, durably, a run that begins, with Status Unfinished, or one that ended,
// whole, with the ID, Address and Started of its beginning. A skipped run needs no beginning.
// Any number of processes may write at once.
func (s *Store) Note(r Run) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("the run cannot be written as JSON: %w", err)
	}
	if err := s.place.note(s.beside(diaryName), r, line); err != nil {
		return fmt.Errorf("the diary of runs cannot be written: %w", err)
	}
	return nil
}

// Runs yields the runs of the diary, the one begun last first, reading only as far back as
// the caller goes on. A run whose end was not written is Unfinished. What is torn or strange
// is passed over; an error, which comes last, means that the diary cannot be read.
func (s *Store) Runs() iter.Seq2[Run, error] {
	return func(yield func(Run, error) bool) {
		for r, err := range s.place.runs(s.beside(diaryName)) {
			if err != nil {
				err = fmt.Errorf("the diary of runs cannot be read: %w", err)
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// attempt is what a run's two lines have in common.
type attempt struct {
	id      string
	address addr.Address
	started int64 // in nanoseconds
}

// fold joins the lines of each run, the last line first.
func fold(lines iter.Seq2[[]byte, error], yield func(Run, error) bool) {
	ended := map[attempt]Run{}
	told := map[attempt]bool{} // skipped: perhaps begun, perhaps not
	for line, err := range lines {
		if err != nil {
			yield(Run{}, err)
			return
		}
		var r Run
		if json.Unmarshal(line, &r) != nil || r.ID == "" || r.Status == "" {
			continue
		}
		key := attempt{r.ID, r.Address, r.Started.UnixNano()}
		switch {
		case r.Status == Skipped:
			told[key] = true
		case r.Status != Unfinished:
			ended[key] = r
			continue
		case told[key]:
			delete(told, key)
			continue
		}
		if whole, ok := ended[key]; ok {
			delete(ended, key)
			r = whole
		}
		if !yield(r, nil) {
			return
		}
	}
	for _, r := range ended { // their first lines are lost
		if !yield(r, nil) {
			return
		}
	}
}
