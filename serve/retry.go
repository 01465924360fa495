package serve

import (
	"errors"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/table"
)

// The waits between tries of one slot: a minute, then twice as long each time.
const (
	firstRetry = time.Minute
	lastRetry  = 30 * time.Minute
)

// retries remembers which slots failed and when each is tried again.
type retries map[addr.Address]retry

type retry struct {
	slot     string
	failures int
	at       time.Time // not before
	person   bool      // only a person can mend it: it waits for the next slot or another configuration
}

// failed notes that a slot failed now.
func (r retries) failed(a addr.Address, slot string, now time.Time, err error) retry {
	last := r[a]
	if last.slot != slot {
		last = retry{slot: slot}
	}
	last.failures++
	last.at = now.Add(min(lastRetry, firstRetry<<min(last.failures-1, 10)))
	last.person = Hopeless(err)
	r[a] = last
	return last
}

// overlapped notes that another run was on the table: it is looked at again soon.
func (r retries) overlapped(a addr.Address, slot string, now time.Time) {
	last := r[a]
	if last.slot != slot {
		last = retry{slot: slot}
	}
	last.at = now.Add(firstRetry)
	r[a] = last
}

// held reports whether a slot must not be tried now, and when it is; the zero time means
// not before the next slot.
func (r retries) held(a addr.Address, slot string, now time.Time) (time.Time, bool) {
	last, ok := r[a]
	switch {
	case !ok || last.slot != slot:
		return time.Time{}, false
	case last.person:
		return time.Time{}, true
	case last.at.Sub(now) > lastRetry: // the clock went back
		return time.Time{}, false
	}
	return last.at, now.Before(last.at)
}

// Hopeless reports whether trying again would read everything once more to end the same
// way, until a person changes something.
func Hopeless(err error) bool {
	var (
		expect    *table.ErrExpect
		shrink    *table.ErrShrink
		workspace *table.ErrOtherWorkspace
		damaged   *table.ErrDamaged
		own       *project.Error
		service   *providers.Error
	)
	switch {
	case errors.As(err, &expect), errors.As(err, &shrink), errors.As(err, &workspace), errors.As(err, &damaged):
		return true
	case errors.As(err, &own):
		return own.Kind == project.Credentials || own.Kind == project.NoProvider
	case errors.As(err, &service):
		return service.Kind == providers.Incomplete
	}
	return false
}
