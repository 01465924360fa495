package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
)

type diffFlags struct {
	vars     vars
	format   string
	reports  []string
	detailed bool
	failOn   string
}

func (s *speech) diffCommand() *entry {
	f := &diffFlags{}
	return &entry{
		name: "diff", args: "DIR DIR | REV..REV", min: 1, max: 2, short: "what two configurations would do differently; offline, without state or secrets",
		long: `Compares two folders, or the folder at two revisions of its git repository, by meaning:
layout and comments do not count, and each difference says what it would do to data.
REV.. is REV against the folder as it is now.`,
		examples: []string{"inlay diff main..HEAD", "inlay diff ../live .", "inlay diff -format=markdown origin/main..HEAD"},
		codes:    []int{exitChanges, exitCheck},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "markdown"), reportFlag(&f.reports),
			&cli.BoolFlag{Name: "detailed-exitcode", Usage: "exit 2 when there are differences", Destination: &f.detailed},
			&cli.StringFlag{Name: "fail-on", Usage: "exit 3 when there is any of `reimport,delete,…`", Destination: &f.failOn}),
		run: func(ctx context.Context, args []string) error { return s.diff(ctx, f, args) },
	}
}

func (s *speech) diff(ctx context.Context, f *diffFlags, args []string) error {
	failOn, err := effectsOf(f.failOn)
	if err != nil {
		return err
	}
	before, after, clean, err := s.sides(ctx, args)
	if err != nil {
		return err
	}
	defer clean()
	made, texts, err := project.Diff(s.world, f.vars, before, after)
	s.texts = texts
	if err != nil {
		return err
	}
	if err := s.showPlan(made, f.format, f.reports); err != nil {
		return err
	}
	return planCode(made, f.detailed, failOn)
}

// sides are the two folders to compare; clean removes what was made for it.
func (s *speech) sides(ctx context.Context, args []string) (before, after string, clean func(), err error) {
	if len(args) == 2 {
		return s.path(args[0]), s.path(args[1]), func() {}, nil
	}
	from, to, ok := strings.Cut(args[0], "..")
	if !ok || from == "" {
		return "", "", nil, &usageError{"inlay diff", fmt.Sprintf("%q is neither two folders nor REV..REV", args[0])}
	}
	return s.revisions(ctx, from, strings.TrimPrefix(to, "."))
}
