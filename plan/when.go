package plan

import (
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/schedule"
)

// slots returns the slot that is due, if any, and the instant at which the next one is.
func (k clock) slots(c candidate) (*schedule.Slot, time.Time) {
	if c.schedule == nil || c.off {
		return nil, time.Time{}
	}
	held, since := k.counts(c)
	if held != "" {
		return nil, time.Time{}
	}
	head := headOf(c)
	last := schedule.Last{Slot: head.Slot, Started: head.Started}
	due, _, at, ok := c.schedule.Due(k.now, since, last, c.address.String())
	if !ok {
		at = time.Time{}
	}
	return due, at
}

// after is when the target is next once an import that begins now has succeeded.
func (k clock) after(c candidate, slot string) time.Time {
	if c.schedule == nil || c.off {
		return time.Time{}
	}
	held, since := k.counts(c)
	_, _, at, ok := c.schedule.Due(k.now, since, schedule.Last{Slot: slot, Started: k.now}, c.address.String())
	if !ok || held != "" {
		return time.Time{}
	}
	return at
}

// counts says what holds a target back, and since when its slots count.
func (k clock) counts(c candidate) (held string, since time.Time) {
	held, since = k.pauses.Of(c.address, c.entry.Schedule)
	if c.entry.ScheduledAt.After(since) {
		since = c.entry.ScheduledAt
	}
	return held, since
}

func (k clock) waiting(c candidate, next time.Time, note string) *Waiting {
	w := &Waiting{Address: c.address, Next: next, NextText: inZone(next, c.schedule), Note: note}
	held, _ := k.counts(c)
	switch {
	case note != "":
	case c.table != nil && running(c):
		w.Note = NoteRunning
	case c.entry.Schedule == nil:
		w.Note = noteNone
	case c.off || c.schedule != nil && c.schedule.Spec().Paused:
		w.Note = notePaused
	case held != "":
		w.Note = held
	case next.IsZero():
		w.Note = noteNever
	case c.table == nil || never(c.table):
		w.Note = noteFirst
	}
	return w
}

// inZone writes an instant for people, in the zone of a schedule or else in UTC.
func inZone(at time.Time, s *schedule.Schedule) string {
	if at.IsZero() {
		return ""
	}
	zone := time.UTC
	if s != nil {
		zone = s.Zone()
	}
	return at.In(zone).Format("2006-01-02 15:04 MST")
}

// driven gives an import the slot that an outside scheduler runs it for.
func (k clock) driven(c candidate, imp *Import) Problems {
	name := k.options.Slot
	at, err := schedule.TimeOf(name)
	if err == nil && c.schedule != nil {
		_, err = c.schedule.ParseSlot(name)
	}
	if err != nil {
		return Problems{{c.address, sumNotASlot, fmt.Sprintf("%v", err), ""}}
	}
	imp.Slot, imp.SlotTime = name, inZone(at, c.schedule)
	return nil
}
