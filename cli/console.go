package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/report"
)

func (s *speech) consoleCommand() *entry {
	v := &vars{}
	return &entry{
		name: "console", args: "[EXPRESSION]", max: 1, short: "evaluate expressions of the configuration's language",
		long: `Without EXPRESSION it reads one a line until the end of input, or until exit. Sensitive
values are not shown. At a terminal the arrow keys edit the line and call earlier ones back.
In a pipe it goes on after a mistake, and exits 1.`,
		examples: []string{`inlay console 'upper("a")'`, "echo var.region | inlay console"},
		flags:    v.flags(),
		run: func(ctx context.Context, args []string) error {
			p, err := s.open(*v)
			if err != nil {
				return err
			}
			if len(args) == 1 {
				return s.evaluate(p.Config(), args[0])
			}
			return s.converse(ctx, p.Config())
		},
	}
}

// evaluate prints the value of one expression.
func (s *speech) evaluate(c *lang.Config, expression string) error {
	text, diags := c.Eval(expression)
	if len(diags) > 0 {
		if err := report.FindingsText(s.err, s.style(s.err), report.FromDiagnostics(diags), c.Text); err != nil {
			return err
		}
	}
	if diags.HasErrors() {
		return coded(exitFailed)
	}
	_, err := fmt.Fprintln(s.out, report.Clean(text))
	return err
}

// converse evaluates line after line. In a pipe a mistake makes the exit code 1 in the end;
// with a person it is only said.
func (s *speech) converse(ctx context.Context, c *lang.Config) error {
	next, done, err := s.lines()
	if err != nil {
		return err
	}
	defer done()
	var last error
	for {
		line, err := await(ctx, next)
		if err == io.EOF {
			return last
		}
		if err != nil {
			return err
		}
		switch line = strings.TrimSpace(line); line {
		case "", "#":
			continue
		case "exit", "quit":
			return last
		}
		if err := s.evaluate(c, line); err != nil {
			if !isSaid(err) {
				return err
			}
			if !s.interactive() {
				last = err
			}
		}
	}
}
