package schedule

import "slices"

// Fields is an expression taken apart: the values at which each of its fields matches, in
// ascending order. Sunday is 0.
type Fields struct {
	Minutes, Hours, Days, Months, Weekdays []int
	// AnyDay and AnyWeekday say that a field of days is `*` or `?`.
	AnyDay, AnyWeekday bool
	// Both says that a day must satisfy both fields of days; otherwise either will do, where
	// both are given.
	Both bool
}

// Fields returns what the schedule's expression matches, in the schedule's zone and before
// its delay. The caller owns the result.
func (s *Schedule) Fields() Fields {
	c := s.cron
	f := Fields{
		Minutes: values(c.minute), Hours: values(c.hour), Days: values(c.dom), Months: values(c.month),
		AnyDay: !c.domGiven, AnyWeekday: !c.dowGiven, Both: c.both && c.domGiven && c.dowGiven,
	}
	for _, d := range values(c.dow) {
		if !slices.Contains(f.Weekdays, d%7) {
			f.Weekdays = append(f.Weekdays, d%7)
		}
	}
	slices.Sort(f.Weekdays)
	return f
}

func values(set uint64) []int {
	var out []int
	for i := range 64 {
		if set>>i&1 == 1 {
			out = append(out, i)
		}
	}
	return out
}
