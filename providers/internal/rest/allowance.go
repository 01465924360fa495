package rest

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/inlay-sync/inlay/providers"
)

// Allowance bounds one import: how many requests it may make, and until when. It may be
// shared by several goroutines; nil allows everything.
type Allowance struct {
	calls atomic.Int64 // left
	most  int64        // 0: no bound
	until time.Time    // zero: no bound
	long  time.Duration
}

// NewAllowance bounds an import that begins now; zero values bound nothing.
func NewAllowance(calls int64, d time.Duration, now time.Time) *Allowance {
	a := &Allowance{most: calls, long: d}
	a.calls.Store(calls)
	if d > 0 {
		a.until = now.Add(d)
	}
	return a
}

// left is how much of the time is left, at most d; all of d where time has no bound.
func (a *Allowance) left(d time.Duration, now time.Time) time.Duration {
	if a == nil || a.until.IsZero() {
		return d
	}
	return min(d, a.until.Sub(now))
}

// over is the error of an import whose time is up.
func (a *Allowance) over() error {
	return &providers.Error{Kind: providers.Exhausted, Read: -1, Summary: "The import took too long",
		Detail: fmt.Sprintf("The connection's timeout of %s is over. What was staged is kept: run the import again to go on from there, or raise timeout.", a.long)}
}

// spend uses up one request.
func (a *Allowance) spend(now time.Time) error {
	if a == nil {
		return nil
	}
	if !a.until.IsZero() && !now.Before(a.until) {
		return a.over()
	}
	if a.most > 0 && a.calls.Add(-1) < 0 {
		return &providers.Error{Kind: providers.Exhausted, Read: -1, Summary: "The import made too many requests",
			Detail: fmt.Sprintf("The connection's max_calls of %d is used up. What was staged is kept: run the import again to go on from there, or raise max_calls.", a.most)}
	}
	return nil
}
