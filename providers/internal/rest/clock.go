package rest

import "time"

// skew is how far the local clock is ahead of the service's. The Date header tells whole
// seconds only, so each answer gives bounds, and the bounds of several answers meet.
type skew struct {
	low, high time.Duration
	known     bool
	since     time.Time // when the bounds were begun
}

// skewMemory is how long bounds are kept before drift makes them doubtful.
const skewMemory = 10 * time.Minute

// learn narrows the bounds by an answer whose Date is the service's second in which it was
// written, at some moment between sent and received.
func (s *skew) learn(date, sent, received time.Time) {
	low, high := sent.Sub(date)-time.Second, received.Sub(date)
	if s.known && received.Sub(s.since) < skewMemory {
		if l, h := max(low, s.low), min(high, s.high); l <= h {
			s.low, s.high = l, h
			return
		}
	}
	*s = skew{low: low, high: high, known: true, since: received}
}

// surely is the local time at which the service's clock has certainly reached a second.
func (s *skew) surely(second int64) time.Time {
	if !s.known {
		return time.Unix(second, 0).Add(time.Second)
	}
	return time.Unix(second, 0).Add(s.high)
}
