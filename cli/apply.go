package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
)

// acting are the flags of commands that import.
type acting struct {
	vars        vars
	parallelism int
	lockTimeout time.Duration
	format      string
	reports     []string
	allowShrink bool
}

func (f *acting) flags() []cli.Flag {
	return append(f.vars.flags(),
		&cli.IntFlag{Name: "parallelism", Usage: "how many reads run at once: `N`", Value: 4, Destination: &f.parallelism},
		&cli.DurationFlag{Name: "lock-timeout", Usage: "how long to wait for another command: `DURATION`", Destination: &f.lockTimeout},
		&cli.BoolFlag{Name: "allow-shrink", Usage: "publish a result that max_shrink holds back", Destination: &f.allowShrink},
		formatFlag(&f.format, "text", "json"), reportFlag(&f.reports))
}

type applyFlags struct {
	acting
	chosen selection
	yes    bool
	maxAge time.Duration // of a saved plan; zero: any
}

func (s *speech) applyCommand() *entry {
	f := &applyFlags{}
	flags := append(f.acting.flags(), f.chosen.flags()...)
	flags = append(flags, &cli.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &f.yes},
		&cli.DurationFlag{Name: "max-age", Usage: "refuse a PLAN that was made longer ago than `DURATION`", Destination: &f.maxAge})
	return &entry{
		name: "apply", args: "[PLAN]", max: 1, short: "make the changes of a plan and the imports it needs",
		long: `Without PLAN it plans, shows the plan and asks. With PLAN it does what was saved by
plan -out, and refuses when something it relies on has moved since. An import that fails
stops no other; running the same command again goes on from where it stopped.`,
		examples: []string{
			"inlay apply",
			"inlay apply -auto-approve -parallelism=8",
			"inlay plan -out p.json && inlay apply p.json",
			"inlay apply -max-age=24h p.json",
		},
		codes: []int{exitCheck, exitLocked, exitStale, exitSome, exitCredentials, exitRemote, exitDamaged, exitInterrupted},
		flags: flags,
		run: func(ctx context.Context, args []string) error {
			if len(args) == 1 {
				return s.applySaved(ctx, f, args[0])
			}
			if f.maxAge != 0 {
				return &usageError{"inlay apply", "-max-age is about a saved plan, and none is given"}
			}
			return s.apply(ctx, f, "inlay apply")
		},
	}
}

type destroyFlags struct{ applyFlags }

func (s *speech) destroyCommand() *entry {
	f := &destroyFlags{}
	f.chosen.destroy = true
	flags := append(f.acting.flags(), f.chosen.flags()[:2]...)
	flags = append(flags, &cli.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &f.yes})
	return &entry{
		name: "destroy", short: "forget everything that was applied; on_remove says whether files go",
		long: `Targets with on_remove = "keep", the default, are detached: their files stay, and the
next apply adopts them. Targets with prevent_destroy refuse.`,
		examples: []string{"inlay destroy", "inlay plan -destroy", "inlay destroy -only target.parquet.users -auto-approve"},
		codes:    []int{exitLocked, exitStale, exitDamaged},
		flags:    flags,
		run:      func(ctx context.Context, _ []string) error { return s.apply(ctx, &f.applyFlags, "inlay destroy") },
	}
}

// apply plans anew, asks, and acts.
func (s *speech) apply(ctx context.Context, f *applyFlags, command string) error {
	if !f.yes && !s.interactive() {
		destroy := ""
		if f.chosen.destroy {
			destroy = " -destroy"
		}
		return &project.Error{Kind: project.Refused, Summary: "Nobody to ask",
			Detail: fmt.Sprintf("There is no terminal to ask on, so nothing was planned. Give -auto-approve, or save a plan with `inlay plan%s -out FILE`, read it, and run `inlay apply FILE`.", destroy)}
	}
	o, err := f.chosen.options()
	if err != nil {
		return err
	}
	o.AllowShrink = f.allowShrink
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	made, err := p.Plan(ctx, o)
	if err != nil {
		return err
	}
	if err := s.announce(made, &f.acting); err != nil {
		return err
	}
	if made.Empty() {
		return s.idle(p, made, &f.acting)
	}
	if !f.yes {
		if ok, err := s.ask(ctx); err != nil || !ok {
			return err
		}
	}
	return s.act(ctx, p, made, "", &f.acting, command)
}

// applySaved does what a saved plan says.
func (s *speech) applySaved(ctx context.Context, f *applyFlags, file string) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	made, err := project.ReadPlan(s.path(file))
	if err != nil {
		return err
	}
	if f.maxAge > 0 {
		if err := p.Fresh(made, f.maxAge); err != nil {
			return err
		}
	}
	if err := s.announce(made, &f.acting); err != nil {
		return err
	}
	return s.act(ctx, p, made, file, &f.acting, "inlay apply "+file)
}

// announce shows the plan before it is carried out.
func (s *speech) announce(p *plan.Plan, f *acting) error {
	if f.format == "json" {
		return nil // the plan is the first event
	}
	if err := s.showPlan(p, "text", nil); err != nil {
		return err
	}
	if p.Empty() {
		return nil
	}
	_, err := fmt.Fprintln(s.out)
	return err
}

// ask puts the question. Only yes is yes; the end of input and an interrupt are no.
func (s *speech) ask(ctx context.Context) (bool, error) {
	if _, err := fmt.Fprint(s.out, "Shall this be done? Only yes will do: "); err != nil {
		return false, err
	}
	answer, err := s.readLine(ctx)
	if err != nil {
		return false, err
	}
	if answer == "yes" {
		return true, nil
	}
	_, err = fmt.Fprintln(s.out, "Nothing was done.")
	return false, err
}

// readLine reads one line of input, "" at its end; an interrupt ends the waiting.
func (s *speech) readLine(ctx context.Context) (string, error) {
	answer := make(chan string, 1)
	go func() {
		line, err := bufio.NewReader(s.world.Stdin).ReadString('\n')
		if err != nil && err != io.EOF {
			line = ""
		}
		answer <- strings.TrimSpace(line)
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case line := <-answer:
		return line, nil
	}
}
