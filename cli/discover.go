package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type discoverFlags struct {
	vars vars
	out  string
}

func (s *speech) discoverCommand() *entry {
	f := &discoverFlags{}
	return &entry{
		name: "discover", args: "CONNECTION", min: 1, max: 1, short: "ask an account what it offers and write it as configuration",
		long: `Tries every stream with the connection's credentials and prints a source and a target for
each that may be read, with the account's own attributes as typed columns. What may not be
read becomes a comment that says why. The text can be applied as it is; a stream that the
configuration reads already is left out.`,
		examples: []string{
			"inlay discover connection.intercom.acme",
			"inlay discover connection.intercom.acme -out acme.hcl && inlay plan",
		},
		codes: []int{exitCredentials, exitRemote, exitInterrupted},
		flags: append(f.vars.flags(), &cli.StringFlag{Name: "out", Usage: "write to `FILE`, which must be new, instead of printing", Destination: &f.out}),
		run:   func(ctx context.Context, args []string) error { return s.discover(ctx, f, args[0]) },
	}
}

func (s *speech) discover(ctx context.Context, f *discoverFlags, name string) error {
	list, err := addresses([]string{name})
	if err != nil {
		return err
	}
	if f.out != "" {
		if _, err := os.Lstat(s.path(f.out)); !errors.Is(err, fs.ErrNotExist) {
			return &project.Error{Kind: project.Refused, Summary: "File exists", Detail: fmt.Sprintf("There is something called %s already, and discover overwrites nothing. Name another file.", f.out)}
		}
	}
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	found, err := p.Discover(ctx, list[0])
	if err != nil {
		return err
	}
	if f.out == "" {
		_, err := fmt.Fprint(s.out, found.Text)
		return err
	}
	if err := project.Write(s.world, s.path(f.out), []byte(found.Text), 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "Wrote %s: %s, and %d left out, with the reason. `inlay plan` says what they would do.\n", f.out, report.Plural(int64(found.Written), "stream"), found.Left)
	return err
}
