package main

import (
	"fmt"
)

// memory imports ever more rows and tells the most memory the program had at once.
func (b *bench) memory() error {
	sizes := []int{b.options.contacts, 10 * b.options.contacts}
	if n := b.options.large; n > 0 {
		sizes = []int{n / 10, n}
	}
	var peaks []float64
	for _, n := range sizes {
		w, stop, err := b.serve("-contacts", fmt.Sprint(n))
		if err != nil {
			return err
		}
		f, err := b.folder("memory", w, importing("contacts", "  time_column = \"created_at\"\n"))
		if err != nil {
			stop()
			return err
		}
		c, err := f.apply()
		stop()
		if err != nil {
			return err
		}
		rows, calls, err := f.last()
		if err != nil {
			return err
		}
		peaks = append(peaks, float64(c.rss)/(1<<20))
		fmt.Printf("  %9d rows: %4.0f MiB at most, %.1f CPU s, %.1f s, %d calls\n", rows, peaks[len(peaks)-1], c.cpu.Seconds(), c.wall.Seconds(), calls)
		if err := f.again(); err != nil {
			return err
		}
	}
	b.below(fmt.Sprintf("peak memory of %d rows", sizes[1]), peaks[1], "MiB", 150)
	b.atMost("growth of peak memory as rows grow tenfold", peaks[1]/peaks[0], 1.3)
	return nil
}
