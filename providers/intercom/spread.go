package intercom

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"
)

// step says how many rows of a search lie at or after a second.
type step struct{ at, after int64 }

// mostRounds is how many times a search is counted, one round after the other, to find out
// how its rows lie in time. Five find the hours of an import among twenty years.
const mostRounds = 5

// spread tells how the total rows of a search lie in [first, now), closely enough to
// divide them into n legs. The counts of a round are asked for side by side, n-1 at most.
// Where rows lie evenly one round does; a stretch that still holds two legs or more, as
// after many rows came at once, is looked into again.
func (f *finder) spread(ctx context.Context, first, now, total, n int64) ([]step, error) {
	steps := []step{{first, total}, {now, 0}}
	for range mostRounds {
		inside := f.dense(steps, total/n)
		if len(inside) == 0 {
			break
		}
		if err := f.counts(ctx, inside); err != nil {
			return nil, err
		}
		steps = append(steps, inside...)
		slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
		for i := len(steps) - 2; i > 0; i-- { // also where a count was not told
			steps[i].after = min(max(steps[i].after, steps[i+1].after), total)
		}
	}
	return steps, nil
}

// dense lists seconds that divide each stretch between two steps into as many equal pieces
// as it holds shares.
func (f *finder) dense(steps []step, share int64) (inside []step) {
	for i := 1; i < len(steps); i++ {
		a, b := steps[i-1], steps[i]
		pieces := min((a.after-b.after)/share, (b.at-a.at)/f.finest())
		for k := int64(1); k < pieces; k++ {
			inside = append(inside, step{at: a.at + (b.at-a.at)*k/pieces})
		}
	}
	return inside
}

// counts asks how many rows lie at or after each step.
func (f *finder) counts(ctx context.Context, steps []step) error {
	g, ctx := errgroup.WithContext(ctx)
	for i := range steps {
		g.Go(func() (err error) {
			steps[i].after, err = f.count(ctx, steps[i].at)
			return err
		})
	}
	return g.Wait()
}

// edge is the second after which about rest rows lie. It never parts a stretch that the
// service cannot tell apart: every leg that began there would read all of it.
func (f *finder) edge(steps []step, rest int64) int64 {
	for i := 1; i < len(steps); i++ {
		a, b := steps[i-1], steps[i]
		switch {
		case b.after > rest || a.after == b.after:
		case b.at-a.at < 2*f.finest():
			return b.at
		default:
			return a.at + int64(float64(b.at-a.at)*float64(a.after-rest)/float64(a.after-b.after))
		}
	}
	return steps[len(steps)-1].at
}

// finest is the least number of seconds that the service tells apart.
func (f *finder) finest() int64 {
	if f.daily {
		return day
	}
	return 1
}
