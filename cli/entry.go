package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
)

// entry declares one command: its words, its flags and what it does. Help is printed from it.
type entry struct {
	name     string
	args     string // as written in the usage line: "[PLAN]"
	short    string // one line
	long     string // paragraphs
	examples []string
	codes    []int // exit codes beside 0 and 1
	flags    []cli.Flag
	min, max int // how many arguments it takes; max -1: any number
	subs     []*entry
	run      func(ctx context.Context, args []string) error
}

// command turns an entry into a command of the library; parents are the names before it.
func (s *speech) command(e *entry, parents []string) *cli.Command {
	path := append(slices.Clone(parents), e.name)
	c := &cli.Command{
		Name: e.name, Usage: e.short, Flags: e.flags,
		HideHelpCommand: true, HideVersion: true, Suggest: true, DisableSliceFlagSeparator: true,
		OnUsageError: func(_ context.Context, _ *cli.Command, err error, _ bool) error {
			return usage(path, "%s", flagProblem(e, err))
		},
	}
	for _, sub := range e.subs {
		c.Commands = append(c.Commands, s.command(sub, path))
	}
	c.Action = func(ctx context.Context, cmd *cli.Command) error {
		args := cmd.Args().Slice()
		if e.run == nil && len(args) == 0 { // half a command: which one, help says
			_, err := fmt.Fprint(s.out, helpText(e, path))
			return errors.Join(err, coded(exitFailed))
		}
		if err := e.check(path, args); err != nil {
			return err
		}
		s.world.Command = strings.Join(path, " ")
		return e.run(ctx, args)
	}
	return c
}

// check refuses what cannot be a call of the command.
func (e *entry) check(path []string, args []string) error {
	switch {
	case e.run == nil:
		text := fmt.Sprintf("there is no command %q here", args[0])
		if near := addr.Nearest(args[0], names(e.subs)); near != "" {
			text += fmt.Sprintf("; did you mean %q?", near)
		} else if len(path) == 1 {
			text += fmt.Sprintf(", and no program %s stands beside inlay or in PATH", external(args[0]))
		}
		return usage(path, "%s", text)
	case len(args) < e.min:
		return usage(path, "it needs %s", e.args)
	case e.max >= 0 && len(args) > e.max:
		return usage(path, "%q is one argument too many", args[e.max])
	}
	return nil
}

func names(entries []*entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.name)
	}
	return out
}

// flagProblem says what the library says, in our words.
func flagProblem(e *entry, err error) string {
	text := err.Error()
	if name, ok := strings.CutPrefix(text, "flag provided but not defined: -"); ok {
		text = fmt.Sprintf("there is no flag -%s", name)
		if near := addr.Nearest(strings.TrimLeft(name, "-"), flagNames(e.flags)); near != "" {
			text += fmt.Sprintf("; did you mean -%s?", near)
		}
		return text
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		return fmt.Sprintf("the flag %s needs a value", name)
	}
	return text
}

func flagNames(flags []cli.Flag) []string {
	var out []string
	for _, f := range flags {
		out = append(out, f.Names()...)
	}
	return out
}
