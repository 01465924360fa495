package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// interruptible ends the context at the first interrupt, so that work stops cleanly, and
// the program at the second. caught is the number of the signal, 0 for none.
func interruptible(parent context.Context, err io.Writer) (ctx context.Context, caught func() int, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	var number atomic.Int32
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				n := int32(syscall.SIGINT)
				if s == syscall.SIGTERM {
					n = int32(syscall.SIGTERM)
				}
				if number.Swap(n) != 0 {
					os.Exit(128 + int(n))
				}
				fmt.Fprintln(err, "\nStopping at the next safe point; once more stops now.")
				cancel()
			case <-done:
				return
			}
		}
	}()
	return ctx, func() int { return int(number.Load()) }, func() {
		signal.Stop(signals)
		close(done)
		cancel()
	}
}
