package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// cost is what one process took: processor time of all its threads, in and for it, time
// that went by, and the most memory it had at once.
type cost struct {
	cpu, wall time.Duration
	rss       int64 // bytes
	out       string
}

// spent runs a command to its end. A command that fails is an error with what it said.
func spent(cmd *exec.Cmd) (cost, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	err := cmd.Run()
	c := cost{wall: time.Since(began), out: out.String()}
	if err != nil {
		return c, fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args, " "), err, tail(c.out))
	}
	c.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.rss = r.Maxrss << 10 // the system tells KiB
	}
	return c, nil
}

// ownMebibytes is the most memory this process had at once. The system counts it to every
// process that is started from here, so that less cannot be told of one.
func ownMebibytes() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return float64(r.Maxrss) / (1 << 10)
}

func tail(s string) string { return s[max(0, len(s)-2000):] }

func output(ctx context.Context, name string, args ...string) (string, error) {
	c, err := spent(exec.CommandContext(ctx, name, args...))
	return c.out, err
}

// costs are those of several runs of the same.
type costs []cost

func (c costs) cpu() float64 {
	return median(c, func(c cost) float64 { return c.cpu.Seconds() })
}

func (c costs) wall() float64 {
	return median(c, func(c cost) float64 { return c.wall.Seconds() })
}

func (c costs) mebibytes() float64 {
	return median(c, func(c cost) float64 { return float64(c.rss) / (1 << 20) })
}

func median(c costs, of func(cost) float64) float64 {
	var v []float64
	for _, x := range c {
		v = append(v, of(x))
	}
	slices.SortFunc(v, cmp.Compare)
	switch n := len(v); {
	case n == 0:
		return 0
	case n%2 == 0:
		return (v[n/2-1] + v[n/2]) / 2
	default:
		return v[n/2]
	}
}

// contender is one way to do a thing.
type contender struct {
	name string
	run  func() (cost, error)
}

// contest runs all contenders in turn, as often as asked, and tells their medians.
func (b *bench) contest(rows int, list []contender) (map[string]costs, error) {
	out := map[string]costs{}
	for range b.rounds {
		for _, c := range list {
			if err := b.ctx.Err(); err != nil {
				return nil, err
			}
			spent, err := c.run()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			out[c.name] = append(out[c.name], spent)
		}
	}
	fmt.Printf("  %-34s %9s %9s %9s %14s\n", "", "CPU s", "wall s", "MiB", "rows a CPU-s")
	for _, c := range list {
		m := out[c.name]
		fmt.Printf("  %-34s %9.2f %9.2f %9.0f %14.0f\n", c.name, m.cpu(), m.wall(), m.mebibytes(), float64(rows)/max(m.cpu(), 1e-9))
	}
	return out, nil
}
