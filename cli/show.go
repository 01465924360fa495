package cli

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

type showFlags struct {
	vars   vars
	format string
}

func (s *speech) showCommand() *entry {
	f := &showFlags{}
	return &entry{
		name: "show", args: "[PLAN|RUN]", max: 1, short: "print a saved plan, one run in full, or what is applied",
		long:     "RUN is an id from history, or the one a running import printed when it began.",
		examples: []string{"inlay show", "inlay show p.json", "inlay show 20261123-001000-7q2m4k", "inlay show -format=json p.json", "inlay show -format=html p.json > plan.html"},
		codes:    []int{exitStale, exitDamaged},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json", "markdown", "html")),
		run: func(_ context.Context, args []string) error {
			if len(args) == 0 {
				return s.showState(f)
			}
			return s.show(f, args[0])
		},
	}
}

// show prints a file that holds a plan, or else a run.
func (s *speech) show(f *showFlags, name string) error {
	_, err := os.Stat(s.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return s.showRun(f, name)
	}
	if err != nil {
		return err
	}
	p, err := project.ReadPlan(s.path(name))
	if err != nil {
		return err
	}
	if f.format == "html" {
		return s.planPage(f.vars, p)
	}
	return s.showPlan(p, f.format, nil)
}

func (s *speech) showRun(f *showFlags, id string) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	run, err := p.Run(id)
	if err != nil {
		return err
	}
	if f.format == "json" {
		return report.Document(s.out, run)
	}
	fields := report.RunFields(run)
	if run.Status == state.Unfinished {
		saved, ok, err := p.SavedOf(run)
		if err != nil {
			return err
		}
		fields = append(fields, report.Field{Name: "so far", Value: soFar(saved, ok)})
	}
	return report.Fields(s.out, s.style(s.out), fields)
}

// soFar says what is on disk of a run whose end was not written.
func soFar(saved table.Staged, ok bool) string {
	switch {
	case !ok:
		return "no checkpoint: it runs and has not come to its first, or was killed before"
	case saved.Held:
		return "running, " + report.Plural(saved.Rows, "row") + " saved at its last checkpoint"
	}
	return "stopped, " + report.Plural(saved.Rows, "row") + " saved; the next import goes on from there"
}

// showState prints what is applied.
func (s *speech) showState(f *showFlags) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	st, err := p.State()
	if err != nil {
		return err
	}
	if f.format == "json" {
		return report.Document(s.out, st)
	}
	if st == nil {
		_, err := io.WriteString(s.out, "Nothing is applied yet; inlay plan says what would be.\n")
		return err
	}
	return stateGrid(st).Show(s.out, s.style(s.out), "text")
}
