package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

type stateFlags struct {
	vars   vars
	format string
	wait   time.Duration
}

func (s *speech) stateCommand() *entry {
	return &entry{
		name: "state", short: "list, show, rename or forget what was applied",
		subs: []*entry{s.stateListCommand(), s.stateShowCommand(), s.stateMoveCommand(), s.stateRemoveCommand()},
	}
}

func (s *speech) stateListCommand() *entry {
	f := &stateFlags{}
	return &entry{
		name: "list", short: "every address that was applied",
		examples: []string{"inlay state list"},
		codes:    []int{exitDamaged},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv")),
		run: func(context.Context, []string) error {
			p, err := s.open(f.vars)
			if err != nil {
				return err
			}
			st, err := p.State()
			if err != nil {
				return err
			}
			return stateGrid(st).Show(s.out, s.style(s.out), f.format)
		},
	}
}

// stateGrid lists what a state holds, in address order.
func stateGrid(st *state.State) report.Grid {
	g := report.Grid{
		Columns: []report.Column{{Name: "address"}, {Name: "table"}, {Name: "path"}, {Name: "note"}},
		Empty:   "Nothing is applied yet; inlay plan says what would be.",
	}
	if st == nil {
		return g
	}
	for _, e := range project.Entries(st) {
		g.Rows = append(g.Rows, []report.Cell{report.Text(e.Address.String()), report.Text(e.Table), report.Text(e.Path), report.Text(e.Note)})
	}
	return g
}

func (s *speech) stateShowCommand() *entry {
	f := &stateFlags{}
	return &entry{
		name: "show", args: "ADDR", min: 1, max: 1, short: "what was applied at one address, as JSON",
		examples: []string{"inlay state show target.parquet.users"},
		codes:    []int{exitDamaged},
		flags:    f.vars.flags(),
		run: func(_ context.Context, args []string) error {
			p, list, err := s.openFor(args, f.vars)
			if err != nil {
				return err
			}
			v, err := p.StateEntry(list[0])
			if err != nil {
				return err
			}
			return report.Document(s.out, v)
		},
	}
}

func lockTimeoutFlag(to *time.Duration) cli.Flag {
	return &cli.DurationFlag{Name: "lock-timeout", Usage: "how long to wait for another command: `DURATION`", Destination: to}
}

func (s *speech) stateMoveCommand() *entry {
	f := &stateFlags{}
	return &entry{
		name: "mv", args: "FROM TO", min: 2, max: 2, short: "give what was applied another address; the table stays as it is",
		long:     "For a block that was renamed without a moved block. The next plan shows what else differs.",
		examples: []string{"inlay state mv target.parquet.users target.parquet.people"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    append(f.vars.flags(), lockTimeoutFlag(&f.wait)),
		run: func(ctx context.Context, args []string) error {
			p, list, err := s.openFor(args, f.vars)
			if err != nil {
				return err
			}
			if err := p.StateMove(ctx, list[0], list[1], f.wait); err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.out, "%s is now %s.\n", list[0], list[1])
			return err
		},
	}
}

func (s *speech) stateRemoveCommand() *entry {
	f := &stateFlags{}
	return &entry{
		name: "rm", args: "ADDR…", min: 1, max: -1, short: "forget what was applied; files stay, and the next apply adopts them",
		examples: []string{"inlay state rm target.parquet.users"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    append(f.vars.flags(), lockTimeoutFlag(&f.wait)),
		run: func(ctx context.Context, args []string) error {
			p, list, err := s.openFor(args, f.vars)
			if err != nil {
				return err
			}
			if err := p.StateRemove(ctx, list, f.wait); err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.out, "Forgot %d of the addresses applied; no file was touched.\n", len(list))
			return err
		},
	}
}

// openFor opens the project for the addresses that a command is given.
func (s *speech) openFor(args []string, v vars) (*project.Project, []addr.Address, error) {
	list, err := addresses(args)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.open(v)
	return p, list, err
}
