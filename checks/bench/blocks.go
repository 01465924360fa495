package main

import (
	"fmt"
	"strings"
)

// What the HCL library alone took for 10,000 blocks, in seconds of processor time, on the
// machine on which goals in seconds were set. By it they are carried over to this one.
const floorThere = 0.34

// blocks measures what many blocks cost.
func (b *bench) blocks() error {
	l, err := b.floor()
	if err != nil {
		return err
	}
	for _, validated := range []struct {
		blocks        int
		hcl           string
		ms, mebibytes float64
	}{{3, importing("tags", ""), 8, 25}, {10_000, targets(4999), 600, 0}} {
		f, err := b.folder("validate", nil, validated.hcl)
		if err != nil {
			return err
		}
		c, ratio, err := l.beside(f, "validate")
		if err != nil {
			return err
		}
		fmt.Printf("  validate of %5d blocks: %6.1f ms wall, %6.1f ms CPU, %4.0f MiB\n", validated.blocks, 1000*c.wall(), 1000*c.cpu(), c.mebibytes())
		b.below(fmt.Sprintf("validate of %d blocks, CPU", validated.blocks), 1000*c.cpu(), "ms", validated.ms)
		if validated.mebibytes == 0 {
			b.atMost(fmt.Sprintf("validate of %d blocks, CPU beside HCL alone", validated.blocks), ratio, validated.ms/1000/floorThere)
		} else if own := ownMebibytes(); c.mebibytes() > own+1 {
			b.below(fmt.Sprintf("validate of %d blocks, memory", validated.blocks), c.mebibytes(), "MiB", validated.mebibytes)
		} else {
			fmt.Printf("  validate of %d blocks, memory: less than the %.0f MiB of the bench, which are counted to whatever it starts\n", validated.blocks, own)
		}
	}
	if err := b.plans(l); err != nil {
		return err
	}
	return b.forEach()
}

// plans measures a plan of many targets that have nothing to do.
func (b *bench) plans(l floor) error {
	w, stop, err := b.serve("-contacts", "10")
	if err != nil {
		return err
	}
	defer stop()
	n := b.options.targets
	for _, form := range []struct{ name, hcl string }{{"with a source each", targets(n)}, {"of one block", instances(n)}} {
		if err := b.plan(l, w, form.name, form.hcl); err != nil {
			return err
		}
	}
	return nil
}

// plan measures one form of writing as many targets.
func (b *bench) plan(l floor, w *workspace, form, hcl string) error {
	f, err := b.folder("plan", w, hcl)
	if err != nil {
		return err
	}
	made, err := f.run("apply", "-auto-approve")
	if err != nil {
		return err
	}
	c, ratio, err := l.beside(f, "plan")
	if err != nil {
		return err
	}
	n := b.options.targets
	fmt.Printf("  making %d tables: %.1f CPU s, %.1f s; plan without a change, %s: %.0f ms wall, %.0f ms CPU, %.0f MiB, %d lines\n",
		n, made.cpu.Seconds(), made.wall.Seconds(), form, 1000*c.wall(), 1000*c.cpu(), c.mebibytes(), strings.Count(c[0].out, "\n"))
	goal := 0.09 * float64(n) / 1000
	b.below(fmt.Sprintf("plan of %d targets %s without a change, CPU", n, form), c.cpu(), "s", goal)
	b.atMost(fmt.Sprintf("plan of %d targets %s, CPU beside HCL alone", n, form), ratio, goal/floorThere)
	b.below(fmt.Sprintf("plan of %d targets %s without a change, memory", n, form), c.mebibytes(), "MiB", 200)
	return nil
}

// forEach measures one block for twice as many keys.
func (b *bench) forEach() error {
	var cpu []float64
	for _, keys := range []int{5000, 10_000} {
		f, err := b.folder("each", nil, connected+fmt.Sprintf(`
source "intercom" "tags" {
  connection = connection.intercom.bench
  stream     = "tags"
}
target "parquet" "all" {
  for_each = toset(flatten([for i in range(%d) : [for j in range(100) : "t${i}_${j}"]]))
  source   = source.intercom.tags
  database = "bench"
  table    = each.key
  mode     = "replace"
}
`, keys/100))
		if err != nil {
			return err
		}
		c, err := f.times("validate")
		if err != nil {
			return err
		}
		cpu = append(cpu, c.cpu())
	}
	fmt.Printf("  for_each of 5,000 keys: %.0f ms CPU; of 10,000: %.0f ms CPU\n", 1000*cpu[0], 1000*cpu[1])
	b.atMost("for_each of twice the keys, CPU", cpu[1]/cpu[0], 2.3)
	return nil
}

// targets is a configuration of n sources and n targets that wait for their schedule.
func targets(n int) string {
	var s strings.Builder
	s.WriteString(connected)
	s.WriteString(`
schedule "yearly" {
  cron = "0 0 1 1 *"
}
`)
	for i := range n {
		fmt.Fprintf(&s, `
source "intercom" "s%[1]d" {
  connection = connection.intercom.bench
  stream     = "tags"
}
target "parquet" "t%[1]d" {
  source       = source.intercom.s%[1]d
  database     = "bench"
  table        = "t%[1]d"
  mode         = "replace"
  schedule     = schedule.yearly
  first_import = "scheduled"
}
`, i)
	}
	return s.String()
}

// instances is one block of n targets of one source, which wait for their schedule; n is
// rounded to hundreds.
func instances(n int) string {
	return connected + fmt.Sprintf(`
schedule "yearly" {
  cron = "0 0 1 1 *"
}
source "intercom" "tags" {
  connection = connection.intercom.bench
  stream     = "tags"
}
target "parquet" "all" {
  for_each     = toset(flatten([for i in range(%d) : [for j in range(100) : "t${i}_${j}"]]))
  source       = source.intercom.tags
  database     = "bench"
  table        = each.key
  mode         = "replace"
  schedule     = schedule.yearly
  first_import = "scheduled"
}
`, n/100)
}

// times runs a command in a folder as often as asked.
func (f *folder) times(args ...string) (costs, error) {
	var out costs
	for range f.b.rounds {
		c, err := f.run(args...)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// start measures the time to start and to end at once.
func (b *bench) start() error {
	f, err := b.folder("start", nil, "")
	if err != nil {
		return err
	}
	c, err := f.times("version")
	if err != nil {
		return err
	}
	fmt.Printf("  version: %.1f ms wall, %.1f ms CPU, %.0f MiB\n", 1000*c.wall(), 1000*c.cpu(), c.mebibytes())
	return nil
}
