package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// style is what the screen behind w can do: colour and bars on a terminal, neither off
// one; -color and NO_COLOR have the last word on colour.
func (s *speech) style(w io.Writer) report.Style {
	width, terminal := terminal(w)
	st := report.Style{}
	if terminal {
		st = report.Style{Width: width, Live: true, Color: true}
		if v, _ := s.world.Env("TERM"); v == "dumb" {
			st.Live, st.Color = false, false
		}
	}
	if v, ok := s.world.Env("NO_COLOR"); ok && v != "" {
		st.Color = false
	}
	switch s.global.color {
	case "always":
		st.Color = true
	case "never":
		st.Color = false
	}
	return st
}

// interactive reports whether a person can answer a question.
func (s *speech) interactive() bool {
	_, in := terminal(s.world.Stdin)
	_, out := terminal(s.world.Stdout)
	return in && out
}

// vars are the variables of a command line, in the order written.
type vars []lang.VarInput

func (v *vars) flags() []cli.Flag {
	return []cli.Flag{
		&cli.GenericFlag{Name: "var", Usage: "set a variable: `NAME=VALUE` (repeatable)", Value: &varValue{list: v}},
		&cli.GenericFlag{Name: "var-file", Usage: "take variables from `FILE` (repeatable)", Value: &varValue{list: v, file: true}},
	}
}

// varValue collects -var and -var-file into one list, so that later wins.
type varValue struct {
	list *vars
	file bool
}

// Set takes one argument.
func (v *varValue) Set(text string) error {
	if v.file {
		*v.list = append(*v.list, lang.VarInput{File: text})
		return nil
	}
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return &usageError{"-var", "it is written -var NAME=VALUE"}
	}
	*v.list = append(*v.list, lang.VarInput{Name: name, Value: value})
	return nil
}

// String is empty: a variable may be a secret.
func (v *varValue) String() string { return "" }

// Get returns the list.
func (v *varValue) Get() any { return v.list }

// formatFlag chooses among forms of output; the first is the default.
func formatFlag(to *string, forms ...string) cli.Flag {
	*to = forms[0]
	return &cli.StringFlag{Name: "format", Usage: "how to print: `" + strings.Join(forms, "|") + "`", Value: forms[0], Destination: to,
		Validator: func(v string) error { return oneOf("-format", v, forms) }}
}

func oneOf(flag, value string, forms []string) error {
	if slices.Contains(forms, value) {
		return nil
	}
	return &usageError{flag, "it is one of " + strings.Join(forms, ", ") + ", not \"" + value + "\""}
}

// open reads the configuration. Warnings go to standard error; errors come back as the
// command's own.
func (s *speech) open(v vars) (*project.Project, error) {
	p, diags := s.look(v)
	if diags.HasErrors() {
		return nil, &project.DiagnosticsError{Diagnostics: diags}
	}
	return p, s.warn(diags)
}

// warn writes diagnostics to standard error.
func (s *speech) warn(diags lang.Diagnostics) error {
	if len(diags) == 0 {
		return nil
	}
	return report.FindingsText(s.err, s.style(s.err), report.FromDiagnostics(diags), s.source)
}

// look reads the configuration and leaves its mistakes to the caller.
func (s *speech) look(v vars) (*project.Project, lang.Diagnostics) {
	p, diags := project.Open(s.world, project.Flags{Dir: s.global.chdir, Vars: v})
	s.texts = p.Config().Text
	return p, diags
}
