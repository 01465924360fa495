package plan

import (
	"time"

	"github.com/inlay-sync/inlay/addr"
)

// Pause is what a person said of a target or a schedule beside the configuration: that what
// is due waits, or that it goes on. What is asked for by name is imported all the same.
type Pause struct {
	Paused bool      `json:"paused"`
	Since  time.Time `json:"since"` // slots before it went on never count
}

// Pauses are the pauses by target and by schedule; a target waits when either is paused.
type Pauses map[addr.Address]Pause

// Of says what holds back the due imports of a target with this schedule, "" for nothing,
// and since when its slots count.
func (p Pauses) Of(target addr.Address, schedule *addr.Address) (note string, since time.Time) {
	own := p[target]
	since = own.Since
	if schedule != nil {
		whole := p[*schedule]
		if whole.Since.After(since) {
			since = whole.Since
		}
		if whole.Paused {
			note = noteHeldAll
		}
	}
	if own.Paused {
		note = noteHeld
	}
	return note, since
}
