package trigger

import (
	"time"

	"go.temporal.io/sdk/client"

	"github.com/inlay-sync/inlay/schedule"
)

// years is for how many calendar years, the present one included, the changes of a zone's
// clock are looked at.
const years = 5

// Times are the times at which Temporal wakes for the slots of s: those that the clock of
// its zone shows, and, around each change of that clock in the years looked at, every slot
// as the instant that it is.
//
// Temporal finds a time that the clock shows twice at one of the two, and one that the clock
// skips not at all; which one, and what else it misses then, differs between zones. So what
// it is told there does not rest on a clock.
func Times(s *schedule.Schedule, year int) client.ScheduleSpec {
	out := client.ScheduleSpec{Calendars: expression(s.Fields()), TimeZoneName: s.Spec().Timezone}
	for _, at := range around(s, year) {
		out.Intervals = append(out.Intervals, once(at))
	}
	return out
}

// once is an interval that comes at one instant and next at twice its distance from the
// beginning of 1970, when nobody needs it and it does no harm.
func once(at time.Time) client.ScheduleIntervalSpec {
	return client.ScheduleIntervalSpec{Every: time.Duration(at.Unix()) * time.Second}
}

// expression writes the fields of cron. In Temporal a day must always satisfy both fields of
// days; where in cron either will do, there are two calendars.
func expression(f schedule.Fields) []client.ScheduleCalendarSpec {
	c := client.ScheduleCalendarSpec{
		Second: one(0), Minute: ranges(f.Minutes), Hour: ranges(f.Hours), Month: ranges(f.Months),
		DayOfMonth: ranges(span(1, 31)), DayOfWeek: ranges(span(0, 6)),
	}
	byDate, byWeekday := c, c
	byDate.DayOfMonth, byWeekday.DayOfWeek = ranges(f.Days), ranges(f.Weekdays)
	switch {
	case f.Both:
		byDate.DayOfWeek = byWeekday.DayOfWeek
		return []client.ScheduleCalendarSpec{byDate}
	case f.AnyDay:
		return []client.ScheduleCalendarSpec{byWeekday}
	case f.AnyWeekday:
		return []client.ScheduleCalendarSpec{byDate}
	}
	return []client.ScheduleCalendarSpec{byDate, byWeekday}
}

// around are the slots as near to a change of the zone's clock as the clock is moved by it,
// before and after.
func around(s *schedule.Schedule, year int) []time.Time {
	var out []time.Time
	for _, c := range changes(s.Zone(), year) {
		until := c.at.Add(c.by)
		slot, ok := s.Next(c.at.Add(-c.by - time.Second))
		for ; ok && !slot.Time.After(until); slot, ok = s.Next(slot.Time) {
			out = append(out, slot.Time)
		}
	}
	return out
}

// change is an instant at which a clock is set, forward or back.
type change struct {
	at time.Time
	by time.Duration
}

func changes(zone *time.Location, year int) []change {
	var out []change
	at, end := time.Date(year, 1, 1, 0, 0, 0, 0, zone), time.Date(year+years, 1, 1, 0, 0, 0, 0, zone)
	for {
		_, next := at.ZoneBounds()
		if next.IsZero() || !next.After(at) || !next.Before(end) {
			return out
		}
		_, before := next.Add(-time.Second).Zone()
		_, after := next.Zone()
		if before != after { // otherwise only its name changes
			out = append(out, change{next, time.Duration(max(after-before, before-after)) * time.Second})
		}
		at = next
	}
}

func one(value int) []client.ScheduleRange { return ranges([]int{value}) }

func span(from, to int) []int {
	var out []int
	for v := from; v <= to; v++ {
		out = append(out, v)
	}
	return out
}

// ranges writes ascending values as few ranges.
func ranges(values []int) []client.ScheduleRange {
	var out []client.ScheduleRange
	for _, v := range values {
		if n := len(out); n > 0 && out[n-1].End == v-1 {
			out[n-1].End = v
			continue
		}
		out = append(out, client.ScheduleRange{Start: v, End: v, Step: 1})
	}
	return out
}
