package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Holder is who holds the lock of a state. The caller fills it in.
type Holder struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host"`
	Command string    `json:"command"` // "inlay apply"
	Since   time.Time `json:"since"`
}

// String names the holder for people.
func (h Holder) String() string {
	if h.PID == 0 {
		return "Another process"
	}
	return fmt.Sprintf("`%s` (process %d on %s, since %s)", h.Command, h.PID, h.Host, h.Since.UTC().Format("2006-01-02 15:04:05 UTC"))
}

// Held is the lock of a state while it is held. Only its holder can write the state.
type Held struct {
	store *Store
	dir   *durable.Dir
	lock  *durable.Lock
}

const lockName = "lock"

// Lock takes the lock of the state, waiting up to wait for whoever has it, and is a
// *LockedError that names the holder when it cannot, or when ctx ends. A lock ends with the
// process that holds it, so that of a dead process is free, and that of a living one is
// never taken away.
func (s *Store) Lock(ctx context.Context, holder Holder, wait time.Duration) (*Held, error) {
	text, err := json.Marshal(holder)
	if err != nil {
		return nil, err
	}
	d, err := durable.Make(s.folder(), folderPerm, s.faults)
	if err != nil {
		return nil, fmt.Errorf("the folder of the state cannot be made: %w", err)
	}
	lock, err := d.Lock(ctx, s.beside(lockName), string(text), wait)
	if err == nil {
		return &Held{store: s, dir: d, lock: lock}, nil
	}
	var held *durable.HeldError
	if errors.As(err, &held) {
		err = &LockedError{Path: held.Path, Holder: holderOf(held.Holder), Err: err}
	}
	return nil, errors.Join(err, d.Close())
}

// Release lets go of the lock.
func (h *Held) Release() error { return errors.Join(h.lock.Release(), h.dir.Close()) }

// Holder reports who holds the lock of the state, if anyone does. It writes nothing.
func (s *Store) Holder() (Holder, bool, error) {
	d, err := s.open()
	if d == nil || err != nil {
		return Holder{}, false, err
	}
	defer d.Close() // only read
	held, text := d.Held(s.beside(lockName))
	if !held {
		return Holder{}, false, nil
	}
	return holderOf(text), true, nil
}

// holderOf reads what a holder wrote of itself; zero when that is unreadable, as in the
// moment between taking a lock and writing.
func holderOf(text string) Holder {
	var h Holder
	if json.Unmarshal([]byte(text), &h) != nil {
		return Holder{}
	}
	return h
}
