package cli

import (
	"context"
	"io"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// act carries out a plan, says what happens as it happens, and sums up. command is what a
// person runs to go on from wherever it ends.
func (s *speech) act(ctx context.Context, p *project.Project, made *plan.Plan, file string, f *acting, command string) error {
	events, err := p.Apply(ctx, made, project.ApplyOptions{Parallelism: f.parallelism, LockTimeout: f.lockTimeout, Saved: file != ""})
	if err != nil {
		return err
	}
	live := report.LiveText(s.out, s.style(s.out))
	if f.format == "json" {
		live = report.LiveJSON(s.out)
		if err := report.PlanEvent(s.out, made); err != nil {
			return err
		}
	}
	tally := report.NewTally(made)
	for e := range events {
		tally.Add(e)
		if err := live.Event(e); err != nil {
			return err
		}
	}
	if err := live.Close(); err != nil {
		return err
	}
	summary := s.summary(p, tally, command, ctx.Err() != nil)
	if err := s.sumUp(tally, summary, f); err != nil {
		return err
	}
	if err := s.tell(ctx, p, tally); err != nil {
		return err
	}
	if code := outcomeCode(tally.Failures(), tally.Succeeded(), summary.Interrupted); code != exitDone {
		return coded(code)
	}
	return nil
}

// idle is act for a plan with nothing to do, which was shown already: machines still get
// their stream and the reports they asked for.
func (s *speech) idle(p *project.Project, made *plan.Plan, f *acting) error {
	if f.format != "json" && len(f.reports) == 0 {
		return nil
	}
	tally := report.NewTally(made)
	summary := s.summary(p, tally, "", false)
	if f.format != "json" {
		return s.reports(f.reports, summaryForms(tally, summary))
	}
	if err := report.PlanEvent(s.out, made); err != nil {
		return err
	}
	return s.sumUp(tally, summary, f)
}

// summary says what is left to do and how to go on.
func (s *speech) summary(p *project.Project, t *report.Tally, command string, interrupted bool) report.Summary {
	left := t.Count(report.Stopped, report.NotStarted) > 0 || len(t.Failures()) > 0
	sum := report.Summary{Warehouse: p.WarehousePath(), Interrupted: interrupted && left}
	if left {
		sum.GoOn = command
		if s.global.chdir != "" {
			sum.GoOn = "inlay -chdir=" + s.global.chdir + command[len("inlay"):]
		}
	}
	sum.Next = report.NextImport(t.Plan)
	return sum
}

func (s *speech) sumUp(t *report.Tally, sum report.Summary, f *acting) error {
	ways := summaryForms(t, sum)
	if err := s.reports(f.reports, ways); err != nil {
		return err
	}
	if f.format == "json" {
		return ways["json"](s.out)
	}
	return report.SummaryText(s.out, s.style(s.out), t, sum)
}

func summaryForms(t *report.Tally, sum report.Summary) forms {
	return forms{
		"text": func(w io.Writer) error { return report.SummaryText(w, report.Style{}, t, sum) },
		"json": func(w io.Writer) error { return report.SummaryEvent(w, t, sum) },
	}
}
