package cli

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
)

type runFlags struct {
	acting
	due, all bool
	slot     string
}

func (s *speech) runCommand() *entry {
	f := &runFlags{}
	return &entry{
		name: "run", args: "ADDR… | -due | -all", max: -1, short: "import, by what was last applied; makes no change",
		long: `Imports targets by the specs last applied and takes only credentials from the
configuration. Changes that wait for an apply are named, never made, so that a scheduler
may call it: nothing unreviewed is ever applied by a clock. A slot that is done already is
not imported again. A mistake in the configuration stops no run whose connection is whole;
it is named, and validate explains it.`,
		examples: []string{
			"inlay run target.parquet.users",
			"inlay run -due                               for cron, every few minutes",
			"inlay run target.parquet.users -slot 2026-11-23T00:10@Asia/Tokyo",
		},
		codes: []int{exitCheck, exitLocked, exitSome, exitCredentials, exitRemote, exitDamaged, exitInterrupted},
		flags: append(f.acting.flags(),
			&cli.BoolFlag{Name: "due", Usage: "every target whose slot has come", Destination: &f.due},
			&cli.BoolFlag{Name: "all", Usage: "every target", Destination: &f.all},
			&cli.StringFlag{Name: "slot", Usage: "the slot an outside scheduler runs these targets for: `SLOT`", Destination: &f.slot}),
		run: func(ctx context.Context, args []string) error { return s.run(ctx, f, args) },
	}
}

func (s *speech) run(ctx context.Context, f *runFlags, args []string) error {
	ways := 0
	for _, given := range []bool{len(args) > 0, f.due, f.all} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return &usageError{"inlay run", "say what to import: addresses, or -due, or -all, and only one of these"}
	}
	if f.slot != "" && len(args) == 0 {
		return &usageError{"inlay run", "-slot goes with addresses"}
	}
	list, err := addresses(args)
	if err != nil {
		return err
	}
	p, diags := s.look(f.vars)
	if !diags.HasErrors() { // the plan names errors
		if err := s.warn(diags); err != nil {
			return err
		}
	}
	made, err := p.PlanRuns(ctx, project.RunOptions{Addresses: list, Due: f.due, All: f.all, Slot: f.slot, AllowShrink: f.allowShrink})
	if err != nil {
		return err
	}
	if err := s.announce(made, &f.acting); err != nil {
		return err
	}
	if made.Empty() {
		return s.idle(p, made, &f.acting)
	}
	return s.act(ctx, p, made, "", &f.acting, runCommandLine(f, args))
}

func runCommandLine(f *runFlags, args []string) string {
	line := "inlay run"
	switch {
	case f.due:
		line += " -due"
	case f.all:
		line += " -all"
	}
	for _, a := range args {
		line += " " + quoted(a)
	}
	if f.slot != "" {
		line += " -slot " + f.slot
	}
	return line
}
