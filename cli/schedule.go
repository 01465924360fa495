package cli

import (
	"cmp"
	"context"
	"strings"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type scheduleFlags struct {
	vars   vars
	format string
}

func (s *speech) scheduleCommand() *entry {
	return &entry{
		name: "schedule", short: "list schedules, show one, pause one, or write them for another scheduler",
		subs: []*entry{
			s.scheduleListCommand(), s.scheduleShowCommand(), s.schedulePauseCommand("pause", true), s.schedulePauseCommand("resume", false), s.scheduleExportCommand(),
		},
	}
}

func (s *speech) scheduleListCommand() *entry {
	f := &scheduleFlags{}
	return &entry{
		name: "list", short: "name, cron, zone, delay, tables, next, last and status of each schedule",
		examples: []string{"inlay schedule list", "inlay schedule list -format=json"},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv")),
		run: func(context.Context, []string) error {
			list, err := s.schedules(f)
			if err != nil {
				return err
			}
			return scheduleGrid(list).Show(s.out, s.style(s.out), f.format)
		},
	}
}

func (s *speech) schedules(f *scheduleFlags) ([]project.ScheduleInfo, error) {
	p, err := s.open(f.vars)
	if err != nil {
		return nil, err
	}
	return p.Schedules()
}

func scheduleGrid(list []project.ScheduleInfo) report.Grid {
	g := report.Grid{
		Columns: []report.Column{{Name: "name"}, {Name: "cron"}, {Name: "zone"}, {Name: "delay", Minor: true}, {Name: "tables", Right: true, Minor: true}, {Name: "next"}, {Name: "last"}, {Name: "status"}, {Name: "paused"}},
		Empty:   "No schedule is declared.",
	}
	for _, i := range list {
		g.Rows = append(g.Rows, []report.Cell{
			report.Text(i.Address.String()), report.Text(i.Cron), report.Text(i.Zone), report.Text(i.Delay), report.Number(int64(len(i.Targets))),
			{Text: i.NextText, Value: instant(i.Next).Value}, instant(i.Last), report.Text(string(i.Status)), {Text: pausedText(i), Value: i.Paused},
		})
	}
	return g
}

// pausedText says who paused a schedule, "" for nobody.
func pausedText(i project.ScheduleInfo) string {
	switch {
	case !i.Held.IsZero():
		return "by hand"
	case i.Paused:
		return "yes"
	}
	return ""
}

func (s *speech) scheduleShowCommand() *entry {
	f := &scheduleFlags{}
	return &entry{
		name: "show", args: "ADDR", min: 1, max: 1, short: "one schedule: its targets, sources and bookmarks, its next ten runs, its history",
		examples: []string{"inlay schedule show schedule.nightly"},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json")),
		run: func(_ context.Context, args []string) error {
			p, err := s.open(f.vars)
			if err != nil {
				return err
			}
			list, err := p.Schedules()
			if err != nil {
				return err
			}
			for _, i := range list {
				if i.Address.String() == args[0] || i.Address.Name == args[0] {
					return s.showSchedule(p, i, f.format)
				}
			}
			return &project.Error{Kind: project.NotFound, Detail: "There is no schedule " + args[0] + "; `inlay schedule list` shows all."}
		},
	}
}

func (s *speech) showSchedule(p *project.Project, i project.ScheduleInfo, format string) error {
	detail, err := s.scheduleDetail(p, i)
	if err != nil {
		return err
	}
	if format == "json" {
		return report.Document(s.out, detail)
	}
	fields := []report.Field{
		{Name: "schedule", Value: i.Address.String()}, {Name: "cron", Value: i.Cron}, {Name: "zone", Value: i.Zone},
		{Name: "delay", Value: i.Delay}, {Name: "jitter", Value: i.Jitter}, {Name: "catchup", Value: i.Catchup}, {Name: "next", Value: i.NextText}, {Name: "last", Value: instant(i.Last).Text},
	}
	fields = append(fields, report.Field{Name: "paused", Value: pausedText(i)})
	if len(i.Warnings) > 0 {
		fields = append(fields, report.Field{Name: "note", Value: strings.Join(i.Warnings, "\n")})
	}
	if err := report.Fields(s.out, s.style(s.out), fields); err != nil {
		return err
	}
	g := report.Grid{Columns: []report.Column{{Name: "target"}, {Name: "source"}, {Name: "bookmark"}, {Name: "next"}}}
	for _, t := range i.Targets {
		g.Rows = append(g.Rows, []report.Cell{report.Text(t.Address), report.Text(t.Source), report.Text(t.Position), {Text: cmp.Or(t.NextText, t.Note), Value: instant(t.Next).Value}})
	}
	if len(g.Rows) > 0 {
		if _, err := s.out.Write([]byte("\n")); err != nil {
			return err
		}
		if err := g.Show(s.out, s.style(s.out), "text"); err != nil {
			return err
		}
	}
	return s.showUpcoming(detail)
}
