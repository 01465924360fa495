package intercom

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/inlay-sync/inlay/stream"
)

// received is how many distinct rows the search gave.
func (s *searching) received() int64 {
	n := s.apart
	for _, l := range s.legs {
		n += l.Seen
	}
	return n
}

// reconcile compares what was received with what was announced. On a shortfall it counts
// again, since rows may have left meanwhile, and reads the part that is short once more,
// since the index may have been late; what is missing then is missing.
func (s *searching) reconcile(ctx context.Context) error {
	announced, err := s.short(ctx)
	if err != nil {
		return err
	}
	if announced > s.received() {
		if announced, err = s.mend(ctx, announced); err != nil {
			return err
		}
	}
	deletions := map[int64]told{}
	for _, c := range s.consumers {
		if c.failed {
			continue
		}
		s.close(c, announced)
		gone, err := s.session.tellDeletions(ctx, s.client, c, deletions)
		if err != nil {
			if err := s.fail(c, err); err != nil {
				return err
			}
			continue
		}
		if !s.yield(stream.Batch{Read: c.index, Deleted: gone, Next: c.bookmark(), Final: &c.final}, nil) {
			return errStopped
		}
	}
	return nil
}

// short returns what is announced: what was when the read began if all that came, else
// what is now.
func (s *searching) short(ctx context.Context) (int64, error) {
	if s.total >= 0 && s.received() >= s.total {
		return s.total, nil
	}
	if s.total < 0 {
		return -1, nil
	}
	return s.count(ctx, s.from)
}

// mend reads what is short once more, and returns what is announced after that.
func (s *searching) mend(ctx context.Context, announced int64) (int64, error) {
	parts, err := s.shortParts(ctx, announced)
	if err != nil {
		return 0, err
	}
	s.session.world.Log("warn", "fewer rows than announced; reading once more", "stream", s.decl.Name,
		"received", s.received(), "announced", announced, "parts", len(parts))
	s.mending, s.apart = true, 0
	for at, n := range s.days {
		if !slices.ContainsFunc(parts, func(l leg) bool { return l.From <= at && at < l.To }) {
			s.apart += n
		}
	}
	if s.legs = parts; len(parts) == 0 {
		s.legs, s.apart = []leg{entire()}, 0
	}
	if err := s.readLegs(ctx); err != nil {
		return 0, err
	}
	return s.short(ctx)
}

// days are how many rows came, by the second in which their day began; rows without a time
// are under always, and those that may have come before are under none.
type days map[int64]int64

const day = 24 * 60 * 60

func (d *days) count(axis string, items []item) {
	if *d == nil {
		*d = days{}
	}
	for _, o := range items {
		if o.doubtful {
			continue
		}
		at := o.created
		if axis == "updated_at" {
			at = o.updated
		}
		if at != always {
			at = dayOf(at)
		}
		(*d)[at]++
	}
}

func dayOf(second int64) int64 {
	if second < 0 {
		second -= day - 1
	}
	return second / day * day
}

// within is how many rows came whose day lies in [from, to).
func (d days) within(from, to int64) (n int64) {
	for at, rows := range d {
		if at >= from && at < to {
			n += rows
		}
	}
	return n
}

// A search is counted so many times at most to find where it is short, and never more often
// than half its pages; what is not narrowed down by then is read as it is. A search that
// would be counted less often than fewestCounts is read once more as a whole.
const mostCounts, fewestCounts = 48, 6

// shortParts finds the days in which the search holds more rows than came, by halving the
// time and counting again. It returns none where that cannot be told: dates are compared by
// day in a zone of the service's choosing, or some of the rows came in an earlier attempt.
func (s *searching) shortParts(ctx context.Context, announced int64) ([]leg, error) {
	if s.daily || s.resumed || len(s.days) == 0 {
		return nil, nil
	}
	known := slices.Sorted(maps.Keys(s.days))
	first := known[0]
	if first == always && len(known) > 1 {
		first = known[1]
	}
	b := &bisection{searching: s, left: min(mostCounts, announced/largestPage/2)}
	last := max(known[len(known)-1], dayOf(s.session.world.Now().Unix())) + day
	if first <= 0 || b.left < fewestCounts {
		return nil, nil
	}
	rest := announced
	if first > s.from {
		var err error
		if rest, err = b.tail(ctx, first); err != nil {
			return nil, err
		}
	}
	if announced-rest > s.days.within(always, first) {
		b.add(always, first)
	}
	if err := b.halve(ctx, first, last, rest, 0); err != nil {
		return nil, err
	}
	if n := len(b.parts); n > 0 && b.parts[n-1].To == last {
		b.parts[n-1].To = never
	}
	return b.parts, nil
}

// bisection looks for the days that are short.
type bisection struct {
	*searching
	left  int64 // counts that may still be asked for
	parts []leg
}

func (b *bisection) tail(ctx context.Context, from int64) (int64, error) {
	b.left--
	return b.count(ctx, from)
}

// halve looks into [from, to), after whose ends the service counts so many rows.
func (b *bisection) halve(ctx context.Context, from, to, afterFrom, afterTo int64) error {
	if afterFrom-afterTo <= b.days.within(from, to) {
		return nil
	}
	if to-from <= day || b.left <= 0 {
		b.add(from, to)
		return nil
	}
	middle := from + (to-from)/day/2*day
	after, err := b.tail(ctx, middle)
	if err != nil {
		return err
	}
	if err := b.halve(ctx, from, middle, afterFrom, after); err != nil {
		return err
	}
	return b.halve(ctx, middle, to, after, afterTo)
}

// add appends a part, or lengthens the one that ends where it begins.
func (b *bisection) add(from, to int64) {
	if n := len(b.parts); n > 0 && b.parts[n-1].To == from {
		b.parts[n-1].To = to
		return
	}
	b.parts = append(b.parts, leg{From: from, To: to, At: from, Created: always, Updated: always})
}

// close writes a consumer's reconciliation.
func (s *searching) close(c *consumer, announced int64) {
	f := &c.final
	f.Whole = c.want.whole
	if c.child == nil {
		f.Received, f.Announced = s.received(), announced
	} else if short := announced - s.received(); announced >= 0 && short > 0 {
		f.Announced += short // objects whose rows are missing altogether
	}
	switch {
	case announced < 0:
		f.Announced, f.Proof = -1, "Intercom announced no number; its pages were read to the end"
	case s.mending:
		f.Proof = "what was short was read once more"
	case len(s.legs) > 1:
		f.Proof = fmt.Sprintf("%d ranges of %s side by side, in verified order", len(s.legs), s.axis)
	case s.resumed:
		f.Proof = "resumed where an earlier attempt left off"
	}
}
