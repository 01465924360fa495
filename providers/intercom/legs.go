package intercom

import (
	"context"

	"golang.org/x/sync/errgroup"
)

const (
	mostLegs   = 16
	pagesALeg  = 8                 // a leg is not worth its own chain for less
	shortest   = 16 * 24 * 60 * 60 // seconds; where dates are compared by day, a leg overlaps the one before by days
	cellsALeg  = 2
	tailBefore = 5 * 60
)

// split divides a search of total rows into legs of about equal size, so that they can be
// read side by side. Its rows begin at first; those up to last were received, and stay with
// the first leg.
//
// Along created_at rows do not move. Along updated_at a row that changes while it is read
// moves to the end, so the last leg, which is read after all others, begins at the present.
func (f *finder) split(ctx context.Context, first, last, now, total int64) ([]leg, error) {
	all := []leg{entire()}
	n := min(total/largestPage/pagesALeg, mostLegs)
	if f.daily {
		n = min(n, (now-first)/shortest)
	}
	if n < 2 || first >= now {
		return all, nil
	}
	cells := n * cellsALeg
	after, err := f.counts(ctx, first, now, cells, total)
	if err != nil {
		return nil, err
	}
	var legs []leg
	for k := int64(1); k < n; k++ {
		edge := quantile(after, first, now, total*(n-k)/n)
		if before := all[0]; edge > last && edge < now && (len(legs) == 0 || edge > legs[len(legs)-1].To) {
			if len(legs) > 0 {
				before.From, before.At = legs[len(legs)-1].To, legs[len(legs)-1].To
			}
			before.To = edge
			legs = append(legs, before)
		}
	}
	if len(legs) == 0 {
		return all, nil
	}
	end := leg{From: legs[len(legs)-1].To, To: never, Created: always, Updated: always}
	end.At = end.From
	if f.axis == "updated_at" && now-tailBefore > end.From {
		end.To = now - tailBefore
		legs = append(legs, end)
		end.From, end.At, end.To = end.To, end.To, never
	}
	return append(legs, end), nil
}

// entire is the one leg that covers a whole search.
func entire() leg { return leg{From: always, To: never, At: always, Created: always, Updated: always} }

// counts asks how many rows lie at or after each edge of equal cells of [first, now).
func (f *finder) counts(ctx context.Context, first, now, cells, total int64) ([]int64, error) {
	after := make([]int64, cells+1)
	after[0] = total
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(mostLegs)
	for i := int64(1); i < cells; i++ {
		g.Go(func() (err error) {
			after[i], err = f.count(ctx, first+(now-first)/cells*i)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i := len(after) - 2; i >= 0; i-- {
		after[i] = max(after[i], after[i+1]) // also where a count was not told
	}
	return after, nil
}

// quantile is the second after which about rest rows lie.
func quantile(after []int64, first, now, rest int64) int64 {
	cells := int64(len(after) - 1)
	width := (now - first) / cells
	for i := int64(0); i < cells; i++ {
		if after[i+1] <= rest && after[i] > after[i+1] {
			return first + i*width + width*(after[i]-rest)/(after[i]-after[i+1])
		}
	}
	return now
}
