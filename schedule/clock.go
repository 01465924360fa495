package schedule

import "time"

// A zone's clock, instant by instant: which civil time it shows, and when it first shows
// one. Instants are seconds since 1970.

const (
	// No offset is as large as this, so a clock cannot show a civil time further away.
	farthest = 18 * 60 * 60
	// No clock was ever set back by more than this.
	longestSetback = 30 * 60 * 60
)

// stretch is a stretch of time, from start to before end, in which the offset is constant.
// Two that touch may have the same offset.
type stretch struct{ start, end, offset int64 }

func stretchAt(zone *time.Location, t int64) stretch {
	at := time.Unix(t, 0).In(zone)
	_, offset := at.Zone()
	start, end := at.ZoneBounds()
	s := stretch{start: -1 << 62, end: 1 << 62, offset: int64(offset)}
	if !start.IsZero() {
		s.start = start.Unix()
	}
	if !end.IsZero() {
		s.end = end.Unix()
	}
	if s.end <= t {
		// On 31 December of a leap year, package time puts the end of the year, where its
		// rule for far years stops, a day too early. The offset stays until midnight.
		s.end = int64(startOf(civil(t).day() + 1))
	}
	return s
}

// shows is the civil time at t, which must lie within the stretch.
func (s stretch) shows(t int64) civil { return civil(t + s.offset) }

// instant is when the clock shows c, if that is within the stretch.
func (s stretch) instant(c civil) int64 { return int64(c) - s.offset }

// first returns the first instant at which the clock shows c or a later time.
func first(zone *time.Location, c civil) int64 {
	t := int64(c) - farthest
	for {
		s := stretchAt(zone, t)
		if s.instant(c) < s.end {
			return max(s.start, s.instant(c))
		}
		t = s.end
	}
}

// reached returns the latest civil time the clock has shown up to t. It is the counterpart
// of first: first(c) <= t exactly when c <= reached(t).
func reached(zone *time.Location, t int64) civil {
	s := stretchAt(zone, t)
	latest := s.shows(t)
	for s.start > t-longestSetback {
		last := s.start - 1
		s = stretchAt(zone, last)
		latest = max(latest, s.shows(last))
	}
	return latest
}
