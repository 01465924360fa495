package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// selection is what a person asks of a plan.
type selection struct {
	only, exclude, run, reimport []string
	destroy                      bool
}

func (f *selection) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "only", Usage: "plan nothing but `ADDR` and what it needs (repeatable)", Destination: &f.only},
		&cli.StringSliceFlag{Name: "exclude", Usage: "leave `ADDR` out (repeatable)", Destination: &f.exclude},
		&cli.StringSliceFlag{Name: "run", Usage: "import target `ADDR` whether due or not; all for every target (repeatable)", Destination: &f.run},
		&cli.StringSliceFlag{Name: "reimport", Usage: "read all rows of target `ADDR` again (repeatable)", Destination: &f.reimport},
	}
}

func (f *selection) options() (plan.Options, error) {
	o := plan.Options{Destroy: f.destroy}
	var err error
	run := f.run
	if slices.Contains(run, "all") {
		o.RunAll, run = true, nil
	}
	for _, list := range []struct {
		text []string
		to   *[]addr.Address
	}{{f.only, &o.Only}, {f.exclude, &o.Exclude}, {run, &o.Run}, {f.reimport, &o.Reimport}} {
		if *list.to, err = addresses(list.text); err != nil {
			return o, err
		}
	}
	return o, nil
}

// addresses reads addresses given on a command line.
func addresses(texts []string) ([]addr.Address, error) {
	var out []addr.Address
	for _, t := range texts {
		a, err := addr.Parse(t)
		if err != nil {
			return nil, &usageError{"inlay", err.Error()}
		}
		out = append(out, a)
	}
	return out, nil
}

type planFlags struct {
	vars     vars
	chosen   selection
	out      string
	detailed bool
	probe    bool
	format   string
	reports  []string
	failOn   string
}

func (s *speech) planCommand() *entry {
	f := &planFlags{}
	flags := append(f.vars.flags(), f.chosen.flags()...)
	flags = append(flags,
		&cli.BoolFlag{Name: "destroy", Usage: "plan the removal of everything", Destination: &f.chosen.destroy},
		&cli.StringFlag{Name: "out", Usage: "save the plan to `FILE`, for apply", Destination: &f.out},
		&cli.BoolFlag{Name: "probe", Usage: "also ask the services: whose credentials these are, what may be read, and the rows, calls and time of each import", Destination: &f.probe},
		&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when there are changes or damage", Destination: &f.detailed},
		&cli.StringFlag{Name: "fail-on", Usage: "exit 3 when the plan has any of `reimport,delete,warning` or another effect", Destination: &f.failOn},
		formatFlag(&f.format, "text", "json", "markdown"), reportFlag(&f.reports))
	return &entry{
		name: "plan", short: "say what apply would do, and why; nothing is written, no credentials, and no network without -probe",
		long: `Compares the configuration with what was applied and with the tables on disk. Every
change says what it does to data:

  settings   nothing on disk moves             rewrite    rebuilt from the table's own files
  create     a new table                       reimport   read again from the service
  adopt      a table without an owner          detach     forgotten, the files stay
  backfill   older rows are read in addition   delete     the files go

With -probe it asks the services as well, with a few requests: what may not be read is said
before anything is imported. Rows and calls marked "about" are projected from a part.`,
		examples: []string{
			"inlay plan",
			"inlay plan -out p.json && inlay apply p.json",
			"inlay plan -run target.parquet.users",
			"inlay plan -probe                             what will it take, and may it be read",
			"inlay plan -format=markdown -fail-on=reimport,delete",
		},
		codes: []int{exitChanges, exitCheck, exitSome, exitCredentials, exitRemote, exitDamaged},
		flags: flags,
		run:   func(ctx context.Context, _ []string) error { return s.plan(ctx, f) },
	}
}

func (s *speech) plan(ctx context.Context, f *planFlags) error {
	o, err := f.chosen.options()
	if err != nil {
		return err
	}
	failOn, err := effectsOf(f.failOn)
	if err != nil {
		return err
	}
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	made, err := p.Plan(ctx, o)
	if err != nil {
		return err
	}
	if f.out != "" {
		if err := p.SavePlan(made, s.path(f.out)); err != nil {
			return err
		}
	}
	if f.probe {
		err = s.probed(ctx, p, made, f)
	} else {
		err = s.showPlan(made, f.format, f.reports)
	}
	if err != nil {
		return err
	}
	return planCode(made, f.detailed, failOn)
}

// probed shows a plan with what the services say about it.
func (s *speech) probed(ctx context.Context, p *project.Project, made *plan.Plan, f *planFlags) error {
	found, err := p.Probe(ctx, made)
	if err != nil {
		return err
	}
	if f.format == "json" {
		err = errors.Join(s.reports(f.reports, planForms(made)), s.probedPlan(made, found))
	} else if err = s.showPlan(made, f.format, f.reports); err == nil {
		err = s.showProbe(found, f.format)
	}
	if err != nil {
		return err
	}
	return s.probeProblems(found)
}

// showPlan prints a plan and writes the reports asked for.
func (s *speech) showPlan(p *plan.Plan, format string, reports []string) error {
	ways := planForms(p)
	if err := s.reports(reports, ways); err != nil {
		return err
	}
	if format == "text" {
		return report.PlanText(s.out, s.style(s.out), p)
	}
	return ways[format](s.out)
}

func planForms(p *plan.Plan) forms {
	return forms{
		"text":     func(w io.Writer) error { return report.PlanText(w, report.Style{}, p) },
		"markdown": func(w io.Writer) error { return report.PlanMarkdown(w, p) },
		"json":     func(w io.Writer) error { return project.WritePlan(w, p) },
		"html":     func(w io.Writer) error { return report.PlanPage(w, p, nil) },
	}
}

// effectsOf reads -fail-on.
func effectsOf(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	var out []string
	for word := range strings.SplitSeq(text, ",") {
		word = strings.TrimSpace(word)
		if word != "warning" && plan.Effect(word).Risk() == 0 {
			return nil, &usageError{"-fail-on", "\"" + word + "\" is neither an effect nor warning"}
		}
		out = append(out, word)
	}
	return out, nil
}

// planCode is the exit code of a plan that could be made.
func planCode(p *plan.Plan, detailed bool, failOn []string) error {
	for _, word := range failOn {
		if word == "warning" && len(p.Warnings) > 0 {
			return coded(exitCheck)
		}
		if slices.ContainsFunc(p.Changes, func(c plan.Change) bool { return string(c.Effect) == word }) {
			return coded(exitCheck)
		}
	}
	if detailed && (p.HasChanges() || p.HasDamage()) {
		return coded(exitChanges)
	}
	return nil
}
