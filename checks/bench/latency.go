package main

import (
	"fmt"
	"time"
)

// latency reads from a service that takes 100 ms for every page: one chain of pages, each
// asked for when the one before has told where it begins, and the program's ranges. Then
// again with the rate limit that Intercom has.
func (b *bench) latency() error {
	const delay = 100 * time.Millisecond
	n := max(b.options.contacts, 50_000)
	w, stop, err := b.serve("-contacts", fmt.Sprint(n), "-latency", delay.String())
	if err != nil {
		return err
	}
	defer stop()
	chain, err := oneChain(w)
	if err != nil {
		return err
	}
	f, err := b.folder("latency", w, importing("contacts", "  time_column = \"created_at\"\n  partition = \"none\"\n"))
	if err != nil {
		return err
	}
	var all costs
	for range b.rounds {
		c, err := f.apply()
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	rows, _, err := f.last()
	if err != nil {
		return err
	}
	ranges := float64(rows) / all.wall()
	fmt.Printf("  one chain of pages: %.0f rows/s; the program, all of it from start to commit: %.0f rows/s\n", chain, ranges)
	b.atLeast("16 ranges at 100 ms a page beside one chain, wall", ranges/chain, 12)
	return b.limited(n, delay)
}

// oneChain is rows a second of some pages of one chain.
func oneChain(w *workspace) (float64, error) {
	began, rows, after := time.Now(), 0, ""
	for range 40 {
		elements, next, err := w.page("/contacts/search", "data", after)
		if err != nil {
			return 0, err
		}
		if rows, after = rows+len(elements), next; after == "" {
			break
		}
	}
	return float64(rows) / time.Since(began).Seconds(), nil
}

// limited tells which share of the rate limit an import uses, and that it is never exceeded.
func (b *bench) limited(n int, delay time.Duration) error {
	const window, perWindow = 10.0, 1666.0
	w, stop, err := b.serve("-contacts", fmt.Sprint(max(n, 300_000)), "-latency", delay.String(), "-rate", fmt.Sprint(int(perWindow)), "-clock")
	if err != nil {
		return err
	}
	defer stop()
	f, err := b.folder("limited", w, importing("contacts", "  time_column = \"created_at\"\n  partition = \"none\"\n"))
	if err != nil {
		return err
	}
	c, err := f.apply()
	if err != nil {
		return err
	}
	s, err := w.stats()
	if err != nil {
		return err
	}
	fmt.Printf("  with the limit of %.0f requests in 10 s: %d requests in %.1f s, %d at once, %d refused with 429\n", perWindow, s.Requests, c.wall.Seconds(), s.MaxConcurrent, s.Throttled)
	fmt.Printf("  %-58s %10.0f %%\n", "share of the busiest window's allowance that was used", 100*float64(s.BusiestWindow)/perWindow)
	fmt.Printf("  %-58s %10.0f %%\n", "share of the allowance of the whole time", 100*float64(s.Requests)/(c.wall.Seconds()/window*perWindow))
	b.goal("requests refused for coming too soon", fmt.Sprint(s.Throttled), "none", s.Throttled == 0)
	return nil
}
