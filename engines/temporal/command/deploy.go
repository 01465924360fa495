package command

import (
	"context"
	"fmt"

	cliflag "github.com/urfave/cli/v3"
	"go.temporal.io/sdk/client"

	"github.com/inlay-sync/inlay/cli"

	"github.com/inlay-sync/inlay/engines/temporal/deployment"
)

type deployFlags struct {
	planFlags
	yes bool
}

func (f *deployFlags) flags(s *speech) []cliflag.Flag {
	return append(append(f.folders.flags(), f.server.flags(s.world)...),
		&cliflag.BoolFlag{Name: "auto-approve", Usage: "do not ask", Destination: &f.yes})
}

func (s *speech) deploy() cli.Command {
	f := &deployFlags{}
	return cli.Command{
		Name: "deploy", Short: "make Temporal's schedules what was applied",
		Long: `Shows the plan, asks, and creates, changes and deletes schedules at Temporal. Only those
of the projects that are named are touched. Deploy again after an apply that changes
schedules, and once a year where clocks change.`,
		Examples: []string{"inlay temporal deploy", "inlay temporal deploy -each /srv/workspaces -auto-approve"},
		Codes:    []int{exitCredentials, exitRemote, exitDamaged, exitInterrupted},
		Flags:    f.flags(s),
		Run:      func(ctx context.Context) error { return s.carryOut(ctx, f) },
	}
}

func (s *speech) destroy() cli.Command {
	f := &deployFlags{}
	f.destroy = true
	return cli.Command{
		Name: "destroy", Short: "delete the schedules of a project at Temporal",
		Long: `Tables, state and what was applied stay as they are; nothing runs by Temporal any more. An
import under way comes to its end.`,
		Examples: []string{"inlay temporal destroy", "inlay temporal plan -destroy"},
		Codes:    []int{exitCredentials, exitRemote, exitDamaged, exitInterrupted},
		Flags:    f.flags(s),
		Run:      func(ctx context.Context) error { return s.carryOut(ctx, f) },
	}
}

// carryOut plans, asks, and does what was shown.
func (s *speech) carryOut(ctx context.Context, f *deployFlags) error {
	c, err := f.dial(ctx, s.world, quiet())
	if err != nil {
		return err
	}
	defer c.Close()
	made, err := s.compare(ctx, c, &f.planFlags)
	if err != nil {
		return err
	}
	if err := made.text(s.world.Stdout); err != nil || made.count() == 0 {
		return err
	}
	if !f.yes {
		if ok, err := s.Approve(ctx); err != nil || !ok {
			return err
		}
	}
	return s.each(ctx, c, made)
}

// each does the steps one by one, and says each that is done.
func (s *speech) each(ctx context.Context, c client.Client, made *changes) error {
	words := map[deployment.Action]string{deployment.Create: "created", deployment.Change: "changed", deployment.Delete: "deleted"}
	for _, p := range made.Projects {
		for _, step := range p.Steps {
			if err := deployment.Carry(ctx, c, step); err != nil {
				return err
			}
			if _, err := fmt.Fprintf(s.world.Stdout, "%s %s\n", words[step.Action], step.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
