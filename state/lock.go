package state

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Holder is who holds the lock of a state. The caller of Lock fills it in, but for Until.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"` // "inlay apply"
	Since   time.Time `json:"since"`

	// Until is when a lease runs out unless it is renewed; zero for a lock on disk, which
	// lasts as long as its process.
	Until time.Time `json:"-"`
}

// Ends says, in a sentence, when the lock will be free.
func (h Holder) Ends() string {
	if h.Until.IsZero() {
		return "The lock ends with that process."
	}
	return fmt.Sprintf("The lock ends with that command, and at the latest at %s unless it is renewed.", h.Until.UTC().Format("15:04:05 UTC"))
}

// String names the holder for people.
func (h Holder) String() string {
	if h.PID == 0 {
		return "Another process"
	}
	return fmt.Sprintf("`%s` (process %d on %s, since %s)", h.Command, h.PID, h.Host, h.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// Held is the lock of a state while it is held. Only its holder writes the state.
type Held struct {
	store *Store
	hold  hold
}

const lockName = "lock"

// Lock takes the lock of the state, waiting up to wait for whoever has it, and is a
// *LockedError that names the holder when it cannot, or when ctx ends. On disk a lock ends
// with the process that holds it, so that of a dead process is free, and that of a living
// one is never taken away. On an object store it is a lease: a holder on this machine is
// known to have ended as on disk, and one on another loses it when it runs out.
func (s *Store) Lock(ctx context.Context, holder Holder, wait time.Duration) (*Held, error) {
	held, err := s.place.lock(ctx, s.beside(lockName), holder, wait)
	if err != nil {
		return nil, err
	}
	return &Held{store: s, hold: held}, nil
}

// Release lets go of the lock.
func (h *Held) Release() error { return h.hold.release() }

// Holder reports who holds the lock of the state, if anyone does. It writes nothing.
func (s *Store) Holder() (Holder, bool, error) { return s.place.held(s.beside(lockName)) }

// holderOf reads what a holder wrote of itself; zero when that is unreadable, as in the
// moment between taking a lock and writing.
func holderOf(text string, until time.Time) Holder {
	var h Holder
	if json.Unmarshal([]byte(text), &h) != nil {
		h = Holder{}
	}
	h.Until = until
	return h
}
