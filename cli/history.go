package cli

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

type historyFlags struct {
	vars   vars
	limit  int
	format string
}

func (s *speech) historyCommand() *entry {
	f := &historyFlags{}
	return &entry{
		name: "history", args: "[ADDR]", max: 1, short: "list runs, the latest first; of one target, source or schedule, or all",
		long:     "Runs of targets that were removed are listed too.",
		examples: []string{"inlay history", "inlay history target.parquet.users -limit 5", "inlay history -format=csv"},
		codes:    []int{exitDamaged},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv"),
			&cli.IntFlag{Name: "limit", Usage: "how many runs: `N`; 0 is all", Value: 20, Destination: &f.limit}),
		run: func(_ context.Context, args []string) error { return s.history(f, args) },
	}
}

func (s *speech) history(f *historyFlags, args []string) error {
	var of addr.Address
	if len(args) == 1 {
		list, err := addresses(args)
		if err != nil {
			return err
		}
		of = list[0]
	}
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	runs, err := p.History(of, f.limit)
	if err == nil && len(runs) == 0 && !of.IsZero() {
		err = p.Known(of)
	}
	if err != nil {
		return err
	}
	return historyGrid(runs).Show(s.out, s.style(s.out), f.format)
}

func historyGrid(runs []state.Run) report.Grid {
	g := report.Grid{
		Columns: []report.Column{
			{Name: "run"}, {Name: "target"}, {Name: "slot"}, {Name: "started"}, {Name: "duration", Right: true, Minor: true},
			{Name: "rows", Right: true}, {Name: "calls", Right: true, Minor: true}, {Name: "status"}, {Name: "error"},
		},
		Empty: "No run yet.",
	}
	for _, r := range runs {
		duration := report.Cell{}
		if !r.Ended.IsZero() {
			d := r.Ended.Sub(r.Started)
			duration = report.Cell{Text: report.Duration(d), Value: d.Seconds()}
		}
		g.Rows = append(g.Rows, []report.Cell{
			report.Text(r.ID), report.Text(addressText(r.Address)), report.Text(r.Slot), instant(r.Started), duration,
			report.Number(r.Rows), report.Number(r.Calls), report.Text(string(r.Status)), report.Text(r.Error),
		})
	}
	return g
}

// addressText is an address as text, "" for none.
func addressText(a addr.Address) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}
