package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/internal/durable"
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

// Note writes one line to the diary, durably: a run that begins, with Status Unfinished, or
// one that ended, whole, with the ID, Address and Started of its beginning. A skipped run
// needs no beginning. Lines are only ever added. Any number of processes may write at once.
func (s *Store) Note(r Run) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("the run cannot be written as JSON: %w", err)
	}
	d, err := durable.Make(s.folder(), folderPerm, s.faults)
	if err != nil {
		return fmt.Errorf("the folder of the state cannot be made: %w", err)
	}
	line = append(line, '\n')
	torn, err := s.torn(d)
	if torn {
		line = append([]byte{'\n'}, line...)
	}
	if err == nil {
		err = d.Append(s.beside(diaryName), line, filePerm)
	}
	if err = errors.Join(err, d.Close()); err != nil {
		return fmt.Errorf("the diary of runs cannot be written: %w", err)
	}
	return nil
}

// torn reports whether the last line of the diary was never finished, so that the next one
// must begin on its own.
func (s *Store) torn(d *durable.Dir) (bool, error) {
	f, err := d.Open(s.beside(diaryName))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close() // only read
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return false, err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], size-1); err != nil {
		return false, err
	}
	return last[0] != '\n', nil
}

// Runs yields the runs of the diary, the one begun last first, reading only as far back as
// the caller goes on. A run whose end was not written is Unfinished. Lines that are torn or
// strange are passed over; an error, which comes last, means that the file cannot be read.
func (s *Store) Runs() iter.Seq2[Run, error] {
	return func(yield func(Run, error) bool) {
		d, err := s.open()
		if d == nil && err == nil {
			return
		}
		if err != nil {
			yield(Run{}, err)
			return
		}
		defer d.Close() // only read
		f, err := d.Open(s.beside(diaryName))
		if errors.Is(err, fs.ErrNotExist) {
			return
		}
		if err != nil {
			yield(Run{}, fmt.Errorf("the diary of runs cannot be read: %w", err))
			return
		}
		defer f.Close() // only read
		fold(backwards(f), yield)
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
			yield(Run{}, fmt.Errorf("the diary of runs cannot be read: %w", err))
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
