package cli

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/report"
)

type previewFlags struct {
	vars   vars
	limit  int
	format string
	staged bool
}

func (s *speech) previewCommand() *entry {
	f := &previewFlags{}
	return &entry{
		name: "preview", args: "ADDR", min: 1, max: 1, short: "show rows of a source or target as they would be imported; nothing is written",
		long: `Asks the service for the first rows. It works before the first apply, and needs credentials.
With -staged it asks nobody and shows the rows that the latest unfinished or held-back run of
the target has staged: what an expectation or max_shrink kept from being published.`,
		examples: []string{"inlay preview target.parquet.users", "inlay preview source.intercom.tags -limit 3 -format=json", "inlay preview target.parquet.users -staged"},
		codes:    []int{exitCredentials, exitRemote},
		flags: append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv"),
			&cli.IntFlag{Name: "limit", Usage: "how many rows: `N`", Value: 10, Destination: &f.limit},
			&cli.BoolFlag{Name: "staged", Usage: "the rows that are staged and not published", Destination: &f.staged}),
		run: func(ctx context.Context, args []string) error { return s.preview(ctx, f, args[0]) },
	}
}

func (s *speech) preview(ctx context.Context, f *previewFlags, address string) error {
	if f.limit < 1 {
		return &usageError{"inlay preview", "-limit is at least 1"}
	}
	list, err := addresses([]string{address})
	if err != nil {
		return err
	}
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	if f.staged {
		_, columns, rows, err := p.Staged(ctx, address, f.limit)
		if err != nil {
			return err
		}
		return report.RowsGrid(columns, rows, f.limit).Show(s.out, s.style(s.out), f.format)
	}
	columns, rows, err := p.Preview(ctx, list[0], f.limit)
	if err != nil {
		return err
	}
	return report.RowsGrid(columns, rows, f.limit).Show(s.out, s.style(s.out), f.format)
}
