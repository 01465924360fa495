package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
)

type historyFlags struct {
	vars   vars
	limit  int
	status string
	since  string
	format string
}

func (s *speech) historyCommand() *entry {
	f := &historyFlags{}
	return &entry{
		name: "history", args: "[ADDR]", max: 1, short: "list runs, the latest first; of one target, source or schedule, or all",
		long:     "Runs of targets that were removed are listed too.",
		examples: []string{"inlay history", "inlay history target.parquet.users -limit 5", "inlay history -status failed -since 7d", "inlay history -format=csv"},
		codes:    []int{exitDamaged},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv"),
			&cli.StringFlag{Name: "status", Usage: "only runs that ended so: `STATUS`, one of " + statusNames(), Destination: &f.status},
			&cli.StringFlag{Name: "since", Usage: "only runs begun since then: `WHEN`, such as 24h, 7d or 2026-11-23", Destination: &f.since},
			&cli.IntFlag{Name: "limit", Usage: "how many runs: `N`; 0 is all", Value: 20, Destination: &f.limit}),
		run: func(_ context.Context, args []string) error { return s.history(f, args) },
	}
}

func (s *speech) history(f *historyFlags, args []string) error {
	w, err := f.wanted(args, s.world.Now())
	if err != nil {
		return err
	}
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	runs, err := p.History(w)
	if err == nil && len(runs) == 0 && !w.Of.IsZero() {
		err = p.Known(w.Of)
	}
	if err != nil {
		return err
	}
	return historyGrid(runs).Show(s.out, s.style(s.out), f.format)
}

// wanted are the runs that a command line asks for.
func (f *historyFlags) wanted(args []string, now time.Time) (project.Runs, error) {
	w := project.Runs{Status: state.Status(f.status), Limit: f.limit}
	if f.status != "" && !slices.Contains(state.Statuses(), w.Status) {
		return w, &usageError{"inlay history", "-status is one of " + statusNames()}
	}
	if len(args) == 1 {
		list, err := addresses(args)
		if err != nil {
			return w, err
		}
		w.Of = list[0]
	}
	if f.since == "" {
		return w, nil
	}
	if ago, err := setting.ParseDuration(f.since); err == nil {
		w.Since = now.Add(-ago)
		return w, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, f.since); err == nil {
			w.Since = at
			return w, nil
		}
	}
	return w, &usageError{"inlay history", fmt.Sprintf("-since is a length of time such as 24h or 7d, or a date such as 2026-11-23, and %q is neither", f.since)}
}

func statusNames() string {
	var names []string
	for _, s := range state.Statuses() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
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
