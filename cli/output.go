package cli

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type outputFlags struct {
	vars   vars
	format string
	raw    bool
}

func (s *speech) outputCommand() *entry {
	f := &outputFlags{}
	return &entry{
		name: "output", args: "[NAME]", max: 1, short: "print the outputs of the configuration",
		long:     "Sensitive outputs are shown as (sensitive), and left out of JSON, unless NAME asks for one.",
		examples: []string{"inlay output", "inlay output -format=json", "inlay output -raw path"},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json"),
			&cli.BoolFlag{Name: "raw", Usage: "print a string without quotes", Destination: &f.raw}),
		run: func(_ context.Context, args []string) error { return s.output(f, args) },
	}
}

func (s *speech) output(f *outputFlags, args []string) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	outputs := p.Config().Outputs
	if len(args) == 1 {
		for _, o := range outputs {
			if o.Name == args[0] {
				return s.oneOutput(f, o)
			}
		}
		return &project.Error{Kind: project.NotFound, Detail: fmt.Sprintf("There is no output %q; `inlay output` prints all.", args[0])}
	}
	if f.format == "json" {
		all := map[string]any{}
		for _, o := range outputs {
			if !o.Sensitive {
				all[o.Name] = o.Value
			}
		}
		return report.Document(s.out, all)
	}
	if len(outputs) == 0 {
		_, err := fmt.Fprintln(s.out, "The configuration declares no output.")
		return err
	}
	for _, o := range outputs {
		if _, err := fmt.Fprintf(s.out, "%s = %s\n", o.Name, report.Clean(o.Text)); err != nil {
			return err
		}
	}
	return nil
}

func (s *speech) oneOutput(f *outputFlags, o lang.Output) error {
	if o.Sensitive { // whoever names it wants it
		if err := json.Unmarshal([]byte(o.Secret.Reveal()), &o.Value); err != nil {
			return &project.Error{Kind: project.Refused, Summary: "Sensitive output", Detail: fmt.Sprintf("The output %q has no value that could be printed here.", o.Name)}
		}
		o.Text = o.Secret.Reveal()
	}
	if text, ok := o.Value.(string); ok && f.raw {
		_, err := fmt.Fprint(s.out, text)
		return err
	}
	if f.format == "json" {
		return report.Document(s.out, o.Value)
	}
	_, err := fmt.Fprintln(s.out, report.Clean(o.Text))
	return err
}
