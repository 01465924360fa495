package cli

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/table"
)

func (s *speech) tableCopyCommand() *entry {
	v := &vars{}
	to := ""
	return &entry{
		name: "copy", args: "[TABLE…]", max: -1, short: "make tables stand in another warehouse too, with their history",
		long: `Copies to another disk or object store, or from one: the log, and the parts of every snapshot
that is kept, each proved on its way. Without TABLE it copies all. PLACE is written as the
configuration writes warehouse: a folder, or s3://BUCKET/PREFIX.

A copy that was stopped, or that is behind, is gone on with by the same command. To move,
copy, set warehouse to PLACE, and run inlay apply: it goes on there where it was here. What an
unfinished import has staged is not copied; it starts over.`,
		examples: []string{"inlay table copy -to s3://acme-data/warehouse", "inlay table copy target.parquet.users -to ../elsewhere"},
		codes:    []int{exitLocked, exitCredentials, exitRemote, exitDamaged},
		flags:    append(v.flags(), &cli.StringFlag{Name: "to", Usage: "the warehouse to copy to, a `PLACE` like s3://acme-data/warehouse", Destination: &to}),
		run:      func(ctx context.Context, args []string) error { return s.tableCopy(ctx, *v, args, to) },
	}
}

func (s *speech) tableCopy(ctx context.Context, v vars, names []string, to string) error {
	if to == "" {
		return &usageError{"inlay table copy", "-to says where to copy to, and it is missing"}
	}
	p, err := s.open(v)
	if err != nil {
		return err
	}
	if names, err = namedOrAll(p, names); err != nil {
		return err
	}
	for _, name := range names {
		err := s.withTable(v, name, func(p *project.Project, t *table.Table, info project.TableInfo) error {
			c, err := p.CopyTable(ctx, t, to)
			if err != nil {
				return err
			}
			if c.Commits == 0 {
				_, err = fmt.Fprintf(s.out, "%s: all of it is in %s already.\n", info.Path, to)
				return err
			}
			_, err = fmt.Fprintf(s.out, "%s: %s and %s (%s) copied to %s.\n", info.Path, report.Plural(int64(c.Commits), "commit"), report.Plural(int64(c.Parts), "part"), report.Bytes(c.Bytes), to)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
