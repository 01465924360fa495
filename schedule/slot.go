package schedule

import (
	"fmt"
	"strings"
	"time"
)

// Slot is one instant of a schedule, before its delay.
type Slot struct {
	Time time.Time // in UTC
	// Name identifies the slot: "2026-11-23T00:10@Asia/Tokyo" for a fixed time, or
	// "2026-11-23T00:10:00Z" where the hour field repeats.
	Name string
}

const civilForm = "2006-01-02T15:04"

// Next returns the first slot strictly after an instant; false when there is none before
// the year 9999 ends.
func (s *Schedule) Next(after time.Time) (Slot, bool) {
	if s.cron.repeats {
		return s.nextRepeat(clamp(after) + 1)
	}
	c, ok := s.nextFixed(reached(s.zone, clamp(after)) + 1)
	if !ok {
		return Slot{}, false
	}
	return s.fixedAt(first(s.zone, c))
}

// Prev returns the last slot at or before an instant; false when there is none since the
// year 1.
func (s *Schedule) Prev(before time.Time) (Slot, bool) {
	if s.cron.repeats {
		return s.prevRepeat(clamp(before))
	}
	return s.fixedAt(clamp(before))
}

// clamp keeps an instant within reach of the years that have slots.
func clamp(t time.Time) int64 {
	return min(max(t.Unix(), (firstDay-2)*day), (lastDay+2)*day)
}

// fixedAt returns the last fixed-time slot at or before t.
func (s *Schedule) fixedAt(t int64) (Slot, bool) {
	c, ok := s.prevFixed(reached(s.zone, t))
	if !ok {
		return Slot{}, false
	}
	at := time.Unix(first(s.zone, c), 0).UTC()
	return Slot{Time: at, Name: c.time().Format(civilForm) + "@" + s.spec.Timezone}, true
}

// nextFixed is cron.next without the dates that the zone never had.
func (s *Schedule) nextFixed(from civil) (civil, bool) {
	for {
		c, ok := s.cron.next(from)
		if !ok || s.hasDate(c.day()) {
			return c, ok
		}
		from = startOf(c.day() + 1)
	}
}

// prevFixed is cron.prev without the dates that the zone never had.
func (s *Schedule) prevFixed(from civil) (civil, bool) {
	for {
		c, ok := s.cron.prev(from)
		if !ok || s.hasDate(c.day()) {
			return c, ok
		}
		from = startOf(c.day()) - 1
	}
}

// hasDate reports whether the zone's clock ever shows the date. Samoa went from 29 to 31
// December in 2011.
func (s *Schedule) hasDate(d int64) bool {
	t := first(s.zone, startOf(d))
	return stretchAt(s.zone, t).shows(t).day() == d
}

// nextRepeat returns the first slot at or after t, stretch by stretch.
func (s *Schedule) nextRepeat(t int64) (Slot, bool) {
	t = max(t, (firstDay-2)*day)
	for {
		at := stretchAt(s.zone, t)
		c, ok := s.cron.next(at.shows(t))
		switch {
		case !ok:
			return Slot{}, false
		case at.instant(c) < at.end:
			return repeatSlot(at.instant(c)), true
		}
		t = at.end // where the clock may be set back, to before c
	}
}

// prevRepeat returns the last slot at or before t, stretch by stretch.
func (s *Schedule) prevRepeat(t int64) (Slot, bool) {
	for {
		at := stretchAt(s.zone, t)
		c, ok := s.cron.prev(at.shows(t))
		switch {
		case !ok:
			return Slot{}, false
		case at.instant(c) >= at.start:
			return repeatSlot(at.instant(c)), true
		}
		t = at.start - 1
	}
}

func repeatSlot(t int64) Slot {
	at := time.Unix(t, 0).UTC()
	return Slot{Time: at, Name: at.Format(time.RFC3339)}
}

// ParseSlot returns the slot with this name. The error, an *Error of the field slot, says
// why a name is none of this schedule's and which one is near.
func (s *Schedule) ParseSlot(name string) (Slot, error) {
	at, err := timeOf(name, s.zoneNamed)
	if err != nil {
		return Slot{}, err
	}
	if slot, ok := s.Prev(at); ok && slot.Name == name {
		return slot, nil
	}
	e := &Error{Field: "slot", Problem: fmt.Sprintf("%q is not a slot of the schedule %q in %s.", name, s.spec.Cron, s.spec.Timezone)}
	if near, ok := s.Next(at.Add(-time.Second)); ok {
		e.Suggestion = fmt.Sprintf("The first one from there on is %q.", near.Name)
	}
	return Slot{}, e
}

// TimeOf returns the instant that the name of a slot stands for, of whatever schedule. It
// does not ask whether that schedule fires then.
func TimeOf(name string) (time.Time, error) { return timeOf(name, ParseZone) }

// zoneNamed is ParseZone without a second look at the schedule's own zone.
func (s *Schedule) zoneNamed(name string) (*time.Location, error) {
	if name == s.spec.Timezone {
		return s.zone, nil
	}
	return ParseZone(name)
}

func timeOf(name string, zoneNamed func(string) (*time.Location, error)) (time.Time, error) {
	text, zoneName, fixed := strings.Cut(name, "@")
	form := "2006-01-02T15:04:05Z"
	if fixed {
		form = civilForm
	}
	shown, err := time.Parse(form, text)
	if err != nil || shown.Format(form) != text {
		return time.Time{}, &Error{
			Field:      "slot",
			Problem:    fmt.Sprintf("%q is not the name of a slot.", name),
			Suggestion: `A slot is named like "2026-11-23T00:10@Asia/Tokyo", or "2026-11-23T00:10:00Z" where the hour field repeats.`,
		}
	}
	if !fixed {
		return shown, nil
	}
	zone, err := zoneNamed(zoneName)
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(first(zone, civil(shown.Unix())), 0).UTC(), nil
}
