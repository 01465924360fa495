package cli

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/report"
)

func (s *speech) consoleCommand() *entry {
	v := &vars{}
	return &entry{
		name: "console", args: "[EXPRESSION]", max: 1, short: "evaluate expressions of the configuration's language",
		long:     "Without EXPRESSION it reads one a line until the end of input. Sensitive values are not shown.",
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

func (s *speech) converse(ctx context.Context, c *lang.Config) error {
	var last error
	for lines := bufio.NewScanner(s.world.Stdin); ; {
		if s.interactive() {
			if _, err := fmt.Fprint(s.out, "> "); err != nil {
				return err
			}
		}
		if ctx.Err() != nil || !lines.Scan() {
			return last
		}
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		if line == "exit" {
			return last
		}
		if last = s.evaluate(c, line); last != nil && !isSaid(last) {
			return last
		}
	}
}
