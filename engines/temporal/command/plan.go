package command

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	cliflag "github.com/urfave/cli/v3"
	"go.temporal.io/sdk/client"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/report"

	"github.com/inlay-sync/inlay/engines/temporal/deployment"
)

// The exit codes beside done and failed, as inlay has them.
const (
	exitChanges     = 2
	exitCredentials = 7
	exitRemote      = 8
	exitDamaged     = 9
	exitInterrupted = 130
)

type planFlags struct {
	folders
	server
	format  string
	destroy bool
	codes   bool
}

func (s *speech) plan() cli.Command {
	f := &planFlags{}
	return cli.Command{
		Name: "plan", Short: "show which of Temporal's schedules would be created, changed or deleted",
		Long: `Compares the schedules that were applied with those at Temporal, and says which were changed
there by hand. It changes nothing, and needs no credentials of a service.`,
		Examples: []string{"inlay temporal plan", "inlay temporal plan -each /srv/workspaces -detailed-exitcode"},
		Codes:    []int{exitChanges, exitCredentials, exitRemote, exitDamaged},
		Flags: append(append(f.folders.flags(), f.server.flags(s.world)...),
			&cliflag.StringFlag{Name: "format", Usage: "how to print: `text|json`", Value: "text", Destination: &f.format, Validator: formats},
			&cliflag.BoolFlag{Name: "destroy", Usage: "what destroy would do", Destination: &f.destroy},
			&cliflag.BoolFlag{Name: "detailed-exitcode", Usage: "exit with 2 when there are changes", Destination: &f.codes}),
		Run: func(ctx context.Context) error { return s.showPlan(ctx, f) },
	}
}

func formats(v string) error {
	if v != "text" && v != "json" {
		return cli.Misused("-format", "it is one of text, json, not %q", v)
	}
	return nil
}

func (s *speech) showPlan(ctx context.Context, f *planFlags) error {
	c, err := f.dial(ctx, s.world, quiet())
	if err != nil {
		return err
	}
	defer c.Close()
	made, err := s.compare(ctx, c, f)
	if err != nil {
		return err
	}
	if f.format == "json" {
		err = report.Document(s.world.Stdout, made)
	} else {
		err = made.text(s.world.Stdout)
	}
	if err == nil && f.codes && made.count() > 0 {
		return cli.Exit(exitChanges)
	}
	return err
}

// quiet is the log of a command that says itself what is wrong.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// compare plans every folder.
func (s *speech) compare(ctx context.Context, c client.Client, f *planFlags) (*changes, error) {
	dirs, err := f.list(s.Folder())
	if err != nil {
		return nil, err
	}
	out := &changes{Namespace: f.namespace, Queue: f.queue, Projects: []projectChanges{}}
	for _, dir := range dirs {
		p, err := s.Open(dir)
		if err != nil {
			return nil, err
		}
		want, err := deployment.Wanted(p, f.queue, s.world.Now())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Dir(), err)
		}
		if f.destroy {
			want.Triggers = nil
		}
		steps, err := deployment.Plan(ctx, c, want)
		if err != nil {
			return nil, err
		}
		out.Projects = append(out.Projects, projectChanges{Folder: p.Dir(), Lineage: want.Lineage, Schedules: len(want.Triggers), Steps: steps})
	}
	return out, nil
}
