package intercom

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/stream"
)

// mostTogether is how many groups of reads run at the same time; the rate limit they share
// makes more of them no faster.
const mostTogether = 6

// handed is a batch on its way to the receiver, and where the answer is awaited.
type handed struct {
	batch stream.Batch
	err   error
	more  chan bool
}

// together runs n readers side by side and yields what they hand over from the caller's own
// goroutine, one batch at a time. Each reader goes on when the receiver is done with its
// batch. It returns when all of them have ended, which they do early when the receiver wants
// no more.
func together(ctx context.Context, yield func(stream.Batch, error) bool, n int, read func(context.Context, int, func(stream.Batch, error) bool) bool) {
	if n < 2 {
		if n == 1 {
			read(ctx, 0, yield)
		}
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	turns, stopped, ended := make(chan handed), make(chan struct{}), make(chan struct{})
	defer func() { cancel(); close(stopped); <-ended }()
	hand := func(b stream.Batch, err error) bool {
		h := handed{b, err, make(chan bool, 1)}
		select {
		case turns <- h:
		case <-stopped:
			return false
		}
		select {
		case more := <-h.more:
			return more
		case <-stopped:
			return false
		}
	}
	go func() {
		defer close(ended)
		defer close(turns)
		var g errgroup.Group
		g.SetLimit(mostTogether)
		for i := range n {
			g.Go(func() error { read(ctx, i, hand); return nil })
		}
		_ = g.Wait() // what goes wrong is handed over
	}()
	for h := range turns {
		more := yield(h.batch, h.err)
		h.more <- more
		if !more {
			return
		}
	}
}
