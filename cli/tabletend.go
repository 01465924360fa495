package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/table"
)

func (s *speech) tableCompactCommand() *entry {
	v := &vars{}
	return &entry{
		name: "compact", args: "TABLE", min: 1, max: 1, short: "write a table's parts anew, few and large",
		long:     "Needs no network. Readers see the old snapshot until the new one is published.",
		examples: []string{"inlay table compact target.parquet.users"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    v.flags(),
		run: func(ctx context.Context, args []string) error {
			return s.withTable(*v, args[0], func(p *project.Project, t *table.Table, info project.TableInfo) error {
				m, err := p.Compact(ctx, t, info)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(s.out, "%s: %s became %s, %s.\n", info.Path, report.Plural(int64(info.Parts), "part"), report.Plural(int64(len(m.Parts)), "part"), report.Bytes(m.Bytes))
				return err
			})
		},
	}
}

func (s *speech) tableEraseCommand() *entry {
	v := &vars{}
	return &entry{
		name: "erase", args: "TABLE KEY…", min: 2, max: -1, short: "remove rows for good, from every snapshot and from staging",
		long: `For a person who asks to be forgotten: KEY is the row's key, such as a contact's id. Where a
key has several columns, it is their values in order with commas between, such as
CONVERSATION,PART.

The current snapshot is rid of it at once, older ones once their readers have had an hour
(inlay table prune removes them then), and no rollback leads behind it. What the service
still has comes back with the next import: erase it there first.`,
		examples: []string{"inlay table erase target.parquet.users 6329b0c1f6d9a1a0a0a0a0a0"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    v.flags(),
		run: func(ctx context.Context, args []string) error {
			return s.withTable(*v, args[0], func(p *project.Project, t *table.Table, info project.TableInfo) error {
				n, err := p.Erase(ctx, t, info, args[1:])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(s.out, "%s: %s erased. Older snapshots go with the first command that writes to the table in an hour or later, such as inlay table prune.\n", info.Path, report.Plural(n, "row"))
				return err
			})
		},
	}
}

func (s *speech) tableRollbackCommand() *entry {
	v := &vars{}
	return &entry{
		name: "rollback", args: "TABLE COMMIT", min: 2, max: 2, short: "publish an older snapshot again, as a new commit",
		long: `Rows and bookmark become those of that commit, so the next import reads what came since.
table snapshots lists the commits that can be gone back to.`,
		examples: []string{"inlay table rollback target.parquet.users 12"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    v.flags(),
		run: func(_ context.Context, args []string) error {
			commit, err := strconv.ParseInt(args[1], 10, 64)
			if err != nil || commit < 1 {
				return &usageError{"inlay table rollback", fmt.Sprintf("%q is not the number of a commit", args[1])}
			}
			return s.withTable(*v, args[0], func(p *project.Project, t *table.Table, info project.TableInfo) error {
				m, err := p.Rollback(t, info, commit)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(s.out, "%s: commit %d shows what commit %d showed, %s.\n", info.Path, m.Number, commit, report.Plural(m.Rows, "row"))
				return err
			})
		},
	}
}

func (s *speech) tableSnapshotsCommand() *entry {
	f := &tableFlags{}
	return &entry{
		name: "snapshots", args: "TABLE", min: 1, max: 1, short: "list the commits of a table",
		examples: []string{"inlay table snapshots target.parquet.users"},
		codes:    []int{exitDamaged},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv")),
		run: func(_ context.Context, args []string) error {
			return s.withTable(f.vars, args[0], func(_ *project.Project, t *table.Table, _ project.TableInfo) error {
				list, err := t.Snapshots()
				if err != nil {
					return err
				}
				return snapshotGrid(list).Show(s.out, s.style(s.out), f.format)
			})
		},
	}
}

func snapshotGrid(list []table.Manifest) report.Grid {
	g := report.Grid{Columns: []report.Column{{Name: "commit", Right: true}, {Name: "kind"}, {Name: "committed"}, {Name: "rows", Right: true}, {Name: "bytes", Title: "size", Right: true}, {Name: "run"}, {Name: "bookmark"}}}
	for _, m := range list {
		g.Rows = append(g.Rows, []report.Cell{
			report.Number(m.Number), report.Text(m.Kind), instant(m.Committed), report.Number(m.Rows), size(m.Bytes), report.Text(m.Run), report.Text(m.Position),
		})
	}
	return g
}

func (s *speech) tablePruneCommand() *entry {
	v := &vars{}
	return &entry{
		name: "prune", args: "[TABLE…]", max: -1, short: "free the disk of snapshots that are no longer kept, and say how much",
		long:     "What retain keeps stays, and what a reader may still read stays for an hour.",
		examples: []string{"inlay table prune", "inlay table prune target.parquet.users"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    v.flags(),
		run:      func(_ context.Context, args []string) error { return s.tablePrune(*v, args) },
	}
}

func (s *speech) tablePrune(v vars, names []string) error {
	p, err := s.open(v)
	if err != nil {
		return err
	}
	if names, err = namedOrAll(p, names); err != nil {
		return err
	}
	var total int64
	for _, name := range names {
		w, t, _, err := p.Table(name)
		if err != nil {
			return err
		}
		freed, err := t.Prune()
		if err = errors.Join(err, w.Close()); err != nil {
			return err
		}
		total += freed
	}
	_, err = fmt.Fprintf(s.out, "Freed %s.\n", report.Bytes(total))
	return err
}

func (s *speech) tableViewsCommand() *entry {
	v := &vars{}
	return &entry{
		name: "views", short: "print SQL that makes a DuckDB view of every table",
		long:     "Each view names the files of the snapshot that is current now, so a query never meets two snapshots. They stay at least an hour after the next commit; make the views again then.",
		examples: []string{"inlay table views | duckdb crm.duckdb"},
		codes:    []int{exitDamaged},
		flags:    v.flags(),
		run: func(context.Context, []string) error {
			p, err := s.open(*v)
			if err != nil {
				return err
			}
			sql, err := p.Views()
			if err != nil {
				return err
			}
			_, err = fmt.Fprint(s.out, sql)
			return err
		},
	}
}
