package rest

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/providers"
)

const (
	// windowLength is how long a window lasts when nobody said when the next one ends.
	windowLength = 10 * time.Second
	// longestWait bounds what a header can make anyone wait.
	longestWait = time.Minute
	// beforeKnown is how many requests may be under way while the limit is unknown.
	beforeKnown = 4
)

// Limiter keeps everything that uses one token to a share of the service's rate limit. It
// knows nothing at first and learns limit, remainder and end of the window from answers.
// It is safe for concurrent use.
type Limiter struct {
	world providers.World

	mu       sync.Mutex
	share    float64
	learned  bool // an answer came, with or without headers
	limit    int  // requests in a window; 0 while unknown
	reset    int64
	granted  int // of this window, those under way when it began included
	others   int // of this window, made by somebody else
	underway int
	blocked  time.Time // nothing before it, since the service refused
	refusals int       // in a row
	era      int       // counts blocks, so that refusals of one burst count once
	skew     skew
	changed  chan struct{} // closed when something was learned
}

func newLimiter(w providers.World, share float64) *Limiter {
	return &Limiter{world: w, share: share, changed: make(chan struct{})}
}

// grant is the permission to make one request.
type grant struct {
	at    time.Time
	era   int
	reset int64 // end of the window it was granted in
}

// acquire waits until a request may be made and says how long that took. It does not wait
// beyond what an import is allowed. Every grant must be settled.
func (l *Limiter) acquire(ctx context.Context, allowed *Allowance) (grant, time.Duration, error) {
	began := l.world.Now()
	for {
		g, wait, changed := l.try()
		if wait == 0 && changed == nil {
			return g, g.at.Sub(began), nil
		}
		if wait > 0 && allowed.left(wait, l.world.Now()) < wait {
			return grant{}, l.world.Now().Sub(began), allowed.over()
		}
		if wait > 0 {
			if err := l.world.Sleep(ctx, wait); err != nil {
				return grant{}, 0, err
			}
			continue
		}
		select {
		case <-ctx.Done():
			return grant{}, 0, ctx.Err()
		case <-changed:
		}
	}
}

// try grants a request, or says how long to wait or what to wait for.
func (l *Limiter) try() (grant, time.Duration, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.world.Now()
	if d := l.blocked.Sub(now); d > 0 {
		return grant{}, d, nil
	}
	if !l.learned && l.underway >= beforeKnown {
		return grant{}, 0, l.changed
	}
	if l.limit > 0 {
		if end := l.skew.surely(l.reset); now.Before(end) {
			if l.granted >= l.budget() || l.granted+l.others >= l.limit {
				return grant{}, min(end.Sub(now), longestWait), nil
			}
		} else {
			l.roll(l.reset + int64(now.Sub(end)/windowLength+1)*int64(windowLength/time.Second))
		}
	}
	l.granted++
	l.underway++
	return grant{at: now, era: l.era, reset: l.reset}, 0, nil
}

// budget is our share of a window, at least one request.
func (l *Limiter) budget() int { return max(1, int(l.share*float64(l.limit))) }

// roll begins a window. Requests under way may be counted in it.
func (l *Limiter) roll(reset int64) {
	l.reset, l.granted, l.others = reset, l.underway, 0
}

// settle gives a grant back with what came of it; h is nil when no answer came.
func (l *Limiter) settle(g grant, status int, h http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.world.Now()
	l.underway--
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		l.skew.learn(date, g.at, now)
		if l.skew.surely(l.reset).Sub(now) > longestWait {
			l.limit, l.reset = 0, 0 // the clock jumped, and what was known of the window is void
		}
	}
	if h != nil {
		l.learn(g, h, now)
	}
	switch {
	case status == http.StatusTooManyRequests:
		l.refused(g, h, now)
	case status > 0 && g.era == l.era:
		l.refusals = 0
	}
	close(l.changed)
	l.changed = make(chan struct{})
}

// learn takes over what an answer's headers say, as far as they make sense.
func (l *Limiter) learn(g grant, h http.Header, now time.Time) {
	l.learned = true
	limit, remaining, reset, ok := window(h)
	if !ok || !l.plausible(reset, now) {
		return
	}
	l.limit = limit
	switch {
	case reset > l.reset:
		l.roll(reset)
		l.granted++ // this one
	case reset < l.reset:
		if g.reset < l.reset && l.granted > 0 {
			l.granted-- // it was counted in an earlier window after all
		}
		return
	}
	l.others = max(l.others, limit-remaining-l.granted)
}

// window reads the headers of a rate limit.
func window(h http.Header) (limit, remaining int, reset int64, ok bool) {
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	reset, err3 := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	ok = err1 == nil && err2 == nil && err3 == nil && limit > 0 && remaining >= 0 && remaining <= limit
	return limit, remaining, reset, ok
}

// plausible reports whether a window may end at a second of the service's clock.
func (l *Limiter) plausible(reset int64, now time.Time) bool {
	if reset <= 0 || reset > 1<<40 {
		return false
	}
	d := l.skew.surely(reset).Sub(now)
	return d > -windowLength && d <= longestWait
}

// refused waits for the end of the window, or longer each time where that is unknown or
// was not enough. Refusals of requests granted before the last block tell nothing new.
func (l *Limiter) refused(g grant, h http.Header, now time.Time) {
	if g.era != l.era {
		return
	}
	l.era++
	l.refusals++
	wait := backoff(l.refusals)
	if _, _, reset, ok := window(h); ok && l.plausible(reset, now) {
		if end := l.skew.surely(reset).Sub(now); end > 0 && l.refusals == 1 {
			wait = end + rand.N(50*time.Millisecond)
		} else {
			wait += max(0, end)
		}
	}
	l.blocked = now.Add(min(wait, longestWait))
}

// backoff is how long to wait after the n-th failure in a row: from half a second on,
// doubling up to half a minute, of which up to a half is left to chance.
func backoff(n int) time.Duration {
	d := min(500*time.Millisecond<<min(n-1, 10), 30*time.Second)
	return d/2 + rand.N(d/2)
}

// Budget is what is known now of the service's limit; false while nothing is.
func (l *Limiter) Budget() (providers.Budget, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit == 0 {
		return providers.Budget{}, false
	}
	return providers.Budget{Limit: l.limit, Remaining: max(0, l.limit-l.granted-l.others), Reset: l.skew.surely(l.reset)}, true
}

// setShare changes the share of the limit to use.
func (l *Limiter) setShare(share float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.share = share
}
