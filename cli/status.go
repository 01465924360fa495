package cli

import (
	"context"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type statusFlags struct {
	vars   vars
	maxAge time.Duration
	format string
}

func (s *speech) statusCommand() *entry {
	f := &statusFlags{}
	return &entry{
		name: "status", short: "how fresh each table is; exit 3 when one is older than -max-age",
		examples: []string{"inlay status", "inlay status -max-age 26h -format=json"},
		codes:    []int{exitCheck, exitDamaged},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv"),
			&cli.DurationFlag{Name: "max-age", Usage: "the oldest a table may be: `DURATION`", Destination: &f.maxAge}),
		run: func(context.Context, []string) error { return s.status(f) },
	}
}

func (s *speech) status(f *statusFlags) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	tables, err := p.Tables()
	if err != nil {
		return err
	}
	now, stale := s.world.Now(), false
	g := report.Grid{
		Columns: []report.Column{{Name: "target"}, {Name: "table", Minor: true}, {Name: "rows", Right: true}, {Name: "imported"}, {Name: "age", Right: true}, {Name: "stale"}, {Name: "note"}},
		Empty:   "Nothing is applied yet; inlay plan says what would be.",
	}
	for _, t := range tables {
		old := f.maxAge > 0 && t.Enabled && (t.Imported.IsZero() || now.Sub(t.Imported) > f.maxAge)
		stale = stale || old
		g.Rows = append(g.Rows, []report.Cell{
			report.Text(t.Address), report.Text(t.Path), report.Number(t.Rows), instant(t.Imported), age(t, now), flag(old), report.Text(noteOf(t)),
		})
	}
	if err := g.Show(s.out, s.style(s.out), f.format); err != nil {
		return err
	}
	if stale {
		return coded(exitCheck)
	}
	return nil
}

func age(t project.TableInfo, now time.Time) report.Cell {
	if t.Imported.IsZero() {
		return report.Cell{}
	}
	d := now.Sub(t.Imported)
	return report.Cell{Text: report.Duration(d), Value: d.Seconds()}
}

// noteOf is what is to be known of a table, and what keeps it from becoming fresher.
func noteOf(t project.TableInfo) string {
	if t.Note == "" || t.Held == "" {
		return t.Note + t.Held
	}
	return t.Note + "; " + t.Held
}
