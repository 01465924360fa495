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
		long: `Without EXPRESSION it reads one a line until the end of input, or until exit. Sensitive
values are not shown. In a pipe it goes on after a mistake, and exits 1.`,
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
	lines, ended := s.lines(ctx)
	var last error
	for {
		if s.interactive() {
			if _, err := fmt.Fprint(s.out, "> "); err != nil {
				return err
			}
		}
		var line string
		var more bool
		select {
		case <-ctx.Done():
			return nil
		case line, more = <-lines:
		}
		if !more {
			if err := <-ended; err != nil {
				return err
			}
			return last
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

// lines reads standard input line by line until its end or the end of ctx, and then says
// what went wrong.
func (s *speech) lines(ctx context.Context) (<-chan string, <-chan error) {
	out, ended := make(chan string), make(chan error, 1)
	go func() {
		defer close(out)
		read := bufio.NewScanner(s.world.Stdin)
		read.Buffer(nil, 1<<20)
		for read.Scan() {
			select {
			case out <- read.Text():
			case <-ctx.Done():
				ended <- nil
				return
			}
		}
		ended <- read.Err()
	}()
	return out, ended
}
