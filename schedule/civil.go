package schedule

import (
	"math/bits"
	"time"
)

// civil is what a zone's clock shows: the seconds since 1970 if it were UTC.
type civil int64

const (
	day = 24 * 60 * 60
	// The first and the last day that have slots: the years 1 to 9999, with a margin so
	// that every offset stays within them.
	firstDay = -719162 + 2
	lastDay  = 2932896 - 2
)

func (c civil) day() int64 {
	d := int64(c) / day
	if int64(c)%day < 0 {
		d--
	}
	return d
}

func (c civil) time() time.Time { return time.Unix(int64(c), 0).UTC() }

func startOf(d int64) civil { return civil(d * day) }

// next returns the first matching minute at or after from.
func (c *cron) next(from civil) (civil, bool) {
	from = max(from, startOf(firstDay))
	d := from.day()
	minute := (int(from-startOf(d)) + 59) / 60
	for {
		match, ok := c.nextDay(d, lastDay)
		if !ok {
			return 0, false
		}
		if match != d {
			d, minute = match, 0
		}
		if m, ok := c.nextMinute(minute); ok {
			return startOf(d) + civil(m*60), true
		}
		d, minute = d+1, 0
	}
}

// prev returns the last matching minute at or before from.
func (c *cron) prev(from civil) (civil, bool) {
	from = min(from, startOf(lastDay+1)-1)
	d := from.day()
	minute := int(from-startOf(d)) / 60
	for {
		match, ok := c.prevDay(d, firstDay)
		if !ok {
			return 0, false
		}
		if match != d {
			d, minute = match, 24*60-1
		}
		if m, ok := c.prevMinute(minute); ok {
			return startOf(d) + civil(m*60), true
		}
		d, minute = d-1, 24*60-1
	}
}

// nextDay returns the first matching date from one day to another, both included.
func (c *cron) nextDay(from, to int64) (int64, bool) {
	for d := from; d <= to; {
		t := startOf(d).time()
		year, month, dom := t.Date()
		if c.onDay(int(month), dom, int(t.Weekday())) {
			return d, true
		}
		if c.month>>int(month)&1 == 0 {
			d = time.Date(year, month+1, 1, 0, 0, 0, 0, time.UTC).Unix() / day
			continue
		}
		d++
	}
	return 0, false
}

// prevDay returns the last matching date from one day back to another, both included.
func (c *cron) prevDay(from, to int64) (int64, bool) {
	for d := from; d >= to; {
		t := startOf(d).time()
		_, month, dom := t.Date()
		if c.onDay(int(month), dom, int(t.Weekday())) {
			return d, true
		}
		if c.month>>int(month)&1 == 0 {
			d -= int64(dom)
			continue
		}
		d--
	}
	return 0, false
}

// nextMinute returns the first matching minute of a day at or after m.
func (c *cron) nextMinute(m int) (int, bool) {
	hour, minute := m/60, m%60
	if c.hour>>hour&1 == 1 {
		if rest := c.minute >> minute; rest != 0 {
			return m + bits.TrailingZeros64(rest), true
		}
	}
	rest := c.hour >> (hour + 1)
	if rest == 0 {
		return 0, false
	}
	hour += 1 + bits.TrailingZeros64(rest)
	return hour*60 + bits.TrailingZeros64(c.minute), true
}

// prevMinute returns the last matching minute of a day at or before m.
func (c *cron) prevMinute(m int) (int, bool) {
	hour, minute := m/60, m%60
	if c.hour>>hour&1 == 1 {
		if rest := c.minute & (1<<(minute+1) - 1); rest != 0 {
			return hour*60 + bits.Len64(rest) - 1, true
		}
	}
	rest := c.hour & (1<<hour - 1)
	if rest == 0 {
		return 0, false
	}
	return (bits.Len64(rest)-1)*60 + bits.Len64(c.minute) - 1, true
}
