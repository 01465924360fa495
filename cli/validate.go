package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/report"
)

type validateFlags struct {
	vars    vars
	format  string
	reports []string
}

func (s *speech) validateCommand() *entry {
	f := &validateFlags{}
	return &entry{
		name: "validate", short: "check the configuration; no credentials, no network, nothing written",
		long: `Reads every *.hcl and *.hcl.json file of the folder and reports every mistake it finds,
with the line and what to write instead.`,
		examples: []string{
			"inlay validate",
			"inlay validate -report sarif=inlay.sarif -report github",
		},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "sarif", "github"), reportFlag(&f.reports)),
		run:   func(context.Context, []string) error { return s.validate(f) },
	}
}

func (s *speech) validate(f *validateFlags) error {
	p, diags := s.look(f.vars)
	findings := report.FromDiagnostics(diags)
	if err := s.reports(f.reports, findingsForms(s, findings)); err != nil {
		return err
	}
	if f.format == "text" {
		if err := s.validText(p.Config(), findings); err != nil {
			return err
		}
	} else if err := findingsForms(s, findings)[f.format](s.out); err != nil {
		return err
	}
	if diags.HasErrors() {
		return coded(exitFailed)
	}
	return nil
}

func (s *speech) validText(c *lang.Config, findings []report.Finding) error {
	if err := report.FindingsText(s.err, s.style(s.err), findings, s.source); err != nil {
		return err
	}
	if report.Worst(findings) == report.Error {
		return nil
	}
	_, err := fmt.Fprintf(s.out, "Valid: %s, %s, %s, %s.\n",
		report.Plural(int64(len(c.Connections)), "connection"), report.Plural(int64(len(c.Sources)), "source"),
		report.Plural(int64(len(c.Targets)), "target"), report.Plural(int64(len(c.Schedules)), "schedule"))
	return err
}

func reportFlag(to *[]string) cli.Flag {
	return &cli.StringSliceFlag{Name: "report", Usage: "also write `FORMAT=FILE`; without FILE to standard output (repeatable)", Destination: to}
}
