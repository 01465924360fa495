package cli

import (
	"context"
	"fmt"

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
		long: `For a person who asks to be forgotten: KEY is the row's key, such as a contact's id. The
current snapshot is rid of it at once, older ones once their readers are done, and no
rollback leads behind it. What the service still has comes back with the next import: erase
it there first.`,
		examples: []string{"inlay table erase target.parquet.users 6329b0c1f6d9a1a0a0a0a0a0"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    v.flags(),
		run: func(ctx context.Context, args []string) error {
			return s.withTable(*v, args[0], func(p *project.Project, t *table.Table, info project.TableInfo) error {
				n, err := p.Erase(ctx, t, info, args[1:])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(s.out, "%s: %s erased.\n", info.Path, report.Plural(n, "row"))
				return err
			})
		},
	}
}
