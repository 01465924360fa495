package schedule

import (
	"crypto/sha256"
	"encoding/binary"
	"time"
)

// Last is the last successful run at a target; the zero Last is none.
type Last struct {
	Slot    string    // the latest slot it satisfied; "" when it was not scheduled
	Started time.Time // when its first attempt began
}

// A record of a run that lies further ahead than this was made by a clock that was wrong.
const clockSkew = 24 * time.Hour

// DueAt returns when a slot's run starts: the slot, the delay, and the jitter of the
// target's address, which is the same every time and less than the schedule's jitter.
func (s *Schedule) DueAt(slot Slot, address string) time.Time {
	return slot.Time.Add(s.wait(address))
}

func (s *Schedule) wait(address string) time.Duration {
	if s.spec.Jitter < time.Second {
		return s.spec.Delay
	}
	sum := sha256.Sum256([]byte(address))
	seconds := binary.BigEndian.Uint64(sum[:8]) % uint64(s.spec.Jitter/time.Second)
	return s.spec.Delay + time.Duration(seconds)*time.Second
}

// Due returns the slot that should run now at the target with this address, nil if there
// is none, and the next one with the instant at which it becomes due, which is after now.
// ok is false when no further slot will become due: the schedule is paused, or has none.
//
// Slots before since, when the schedule was applied or unpaused, never count. A success
// satisfies its own slot and all earlier ones, and, begun at or after a slot and its delay,
// that one too. Of several missed slots only the latest is due.
func (s *Schedule) Due(now, since time.Time, last Last, address string) (due *Slot, next Slot, nextAt time.Time, ok bool) {
	if s.spec.Paused {
		return nil, Slot{}, time.Time{}, false
	}
	done := s.satisfied(now, last)
	after := since.Add(-time.Nanosecond)
	if done.After(after) {
		after = done
	}
	latest, found := s.Prev(now.Add(-s.wait(address)))
	if found && latest.Time.After(after) && latest.Name != last.Slot && !s.lapsed(latest, now, address) {
		due = &latest
	}
	if found && latest.Time.After(after) {
		after = latest.Time
	}
	next, ok = s.Next(after)
	if ok && next.Name == last.Slot {
		next, ok = s.Next(next.Time)
	}
	if !ok {
		return due, Slot{}, time.Time{}, false
	}
	return due, next, s.DueAt(next, address), true
}

// satisfied returns the instant up to which a success satisfies every slot; the zero time
// when there was none.
func (s *Schedule) satisfied(now time.Time, last Last) time.Time {
	var upTo time.Time
	if !last.Started.IsZero() && !last.Started.After(now.Add(clockSkew)) {
		upTo = last.Started.Add(-s.spec.Delay)
	}
	if last.Slot == "" {
		return upTo
	}
	if at, err := timeOf(last.Slot, s.zoneNamed); err == nil && at.After(upTo) && !at.After(now.Add(clockSkew)) {
		upTo = at
	}
	return upTo
}

// lapsed reports whether a slot is too old to be caught up.
func (s *Schedule) lapsed(slot Slot, now time.Time, address string) bool {
	if s.spec.Catchup != None {
		return false
	}
	window := time.Hour
	if next, ok := s.Next(slot.Time); ok {
		window = min(window, next.Time.Sub(slot.Time)/2)
	}
	return !now.Before(s.DueAt(slot, address).Add(window))
}
