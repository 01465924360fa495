package intercom

import "context"

const (
	mostLegs   = 16
	pagesALeg  = 8                 // a leg is not worth its own chain for less
	shortest   = 16 * 24 * 60 * 60 // seconds; where dates are compared by day, a leg overlaps the one before by days
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
	steps, err := f.spread(ctx, first, now, total, n)
	if err != nil {
		return nil, err
	}
	var legs []leg
	for k := int64(1); k < n; k++ {
		edge := f.edge(steps, max(0, total-largestPage)*(n-k)/n) // the first leg has a page already
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
