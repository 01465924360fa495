package cli

import (
	"context"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type doctorFlags struct {
	vars    vars
	format  string
	offline bool
}

func (s *speech) doctorCommand() *entry {
	f := &doctorFlags{}
	return &entry{
		name: "doctor", short: "examine this machine and the connections, and say what each finding means",
		long: `Looks at the configuration, at what the warehouse's file system or object store can do, locks,
free disk, the state, permissions and time zones; then at each connection: whether there are
credentials, whether the service accepts them, and whether its clock agrees. Nothing is
changed, but that an object store keeps a mark of having been tried, and no row is read.
Warnings do not fail.`,
		examples: []string{"inlay doctor", "inlay doctor -offline -format=json"},
		codes:    []int{exitSome, exitCredentials, exitRemote, exitDamaged, exitInterrupted},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv"),
			&cli.BoolFlag{Name: "offline", Usage: "ask no service", Destination: &f.offline}),
		run: func(ctx context.Context, _ []string) error { return s.doctor(ctx, f) },
	}
}

func (s *speech) doctor(ctx context.Context, f *doctorFlags) error {
	p, diags := s.look(f.vars)
	all := p.Examine(ctx, f.offline)
	if f.format != "text" {
		if err := examinationGrid(all).Show(s.out, s.style(s.out), f.format); err != nil {
			return err
		}
	} else if err := s.examinationText(all); err != nil {
		return err
	}
	var problems []error
	for _, e := range all {
		switch {
		case e.Verdict != project.Problem:
		case e.Err != nil:
			problems = append(problems, e.Err)
		default:
			problems = append(problems, diags)
		}
	}
	if code := outcomeCode(problems, false, ctx.Err() != nil); code != exitDone {
		return coded(code)
	}
	return nil
}

// examinationText shows what is fine in a line each, and the rest as findings.
func (s *speech) examinationText(all []project.Examination) error {
	fine := report.Grid{Columns: []report.Column{{Name: "verdict"}, {Name: "subject"}, {Name: "found"}}}
	var findings []report.Finding
	for _, e := range all {
		if e.Verdict == project.Fine {
			fine.Rows = append(fine.Rows, []report.Cell{report.Text(string(e.Verdict)), report.Text(subjectOf(e)), report.Text(e.Found)})
			continue
		}
		f := report.Finding{Severity: report.Warning, Summary: strings.ToUpper(e.Subject[:1]) + e.Subject[1:], Detail: strings.TrimSpace(sentence(e.Found) + " " + e.Means), Address: e.Address}
		if e.Verdict == project.Problem {
			f.Severity = report.Error
		}
		findings = append(findings, f)
	}
	if err := fine.Show(s.out, s.style(s.out), "text"); err != nil || len(findings) == 0 {
		return err
	}
	if _, err := s.out.Write([]byte("\n")); err != nil {
		return err
	}
	return report.FindingsText(s.out, s.style(s.out), findings, s.source)
}

// sentence ends what a service said last as a sentence ends.
func sentence(text string) string {
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?`") {
		return text
	}
	return text + "."
}

func subjectOf(e project.Examination) string {
	if e.Address == "" {
		return e.Subject
	}
	return e.Subject + " of " + e.Address
}

func examinationGrid(all []project.Examination) report.Grid {
	g := report.Grid{Columns: []report.Column{{Name: "subject"}, {Name: "address"}, {Name: "verdict"}, {Name: "found"}, {Name: "means"}}}
	for _, e := range all {
		g.Rows = append(g.Rows, []report.Cell{report.Text(e.Subject), report.Text(e.Address), report.Text(string(e.Verdict)), report.Text(e.Found), report.Text(e.Means)})
	}
	return g
}
