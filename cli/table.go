package cli

import (
	"context"
	"fmt"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/table"
)

type tableFlags struct {
	vars   vars
	format string
}

func (s *speech) tableCommand() *entry {
	return &entry{
		name: "table", short: "list, show, prove and mend tables",
		subs: []*entry{
			s.tableListCommand(), s.tableShowCommand(), s.tablePathCommand(), s.tableCheckCommand(),
			s.tableCreateCommand(), s.tableSnapshotsCommand(), s.tableRollbackCommand(), s.tableCompactCommand(), s.tablePruneCommand(), s.tableEraseCommand(), s.tableViewsCommand(), s.tableCopyCommand(),
		},
	}
}

func (s *speech) tableListCommand() *entry {
	f := &tableFlags{}
	return &entry{
		name: "list", short: "every table with its rows and size",
		examples: []string{"inlay table list", "inlay table list -format=json"},
		codes:    []int{exitDamaged},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv")),
		run: func(context.Context, []string) error {
			p, err := s.open(f.vars)
			if err != nil {
				return err
			}
			tables, err := p.Tables()
			if err != nil {
				return err
			}
			return tableGrid(tables).Show(s.out, s.style(s.out), f.format)
		},
	}
}

func tableGrid(tables []project.TableInfo) report.Grid {
	g := report.Grid{
		Columns: []report.Column{{Name: "target"}, {Name: "path"}, {Name: "table", Minor: true}, {Name: "mode"}, {Name: "rows", Right: true}, {Name: "bytes", Title: "size", Right: true}, {Name: "parts", Right: true, Minor: true}, {Name: "commit", Right: true, Minor: true}, {Name: "note"}},
		Empty:   "There is no table yet; inlay plan says what would be made.",
	}
	for _, t := range tables {
		g.Rows = append(g.Rows, []report.Cell{
			report.Text(t.Address), report.Text(t.Path), report.Text(t.ID), report.Text(t.Mode), report.Number(t.Rows), size(t.Bytes),
			report.Number(int64(t.Parts)), report.Number(t.Commit), report.Text(t.Note),
		})
	}
	return g
}

// withTable runs do on the table that a name means.
func (s *speech) withTable(v vars, name string, do func(p *project.Project, t *table.Table, info project.TableInfo) error) error {
	p, err := s.open(v)
	if err != nil {
		return err
	}
	w, t, info, err := p.Table(name)
	if err != nil {
		return err
	}
	defer w.Close()
	return do(p, t, info)
}

// namedOrAll are the tables that a person named, or the ids of all when there is no name.
func namedOrAll(p *project.Project, names []string) ([]string, error) {
	if len(names) > 0 {
		return names, nil
	}
	all, err := p.Tables()
	for _, t := range all {
		names = append(names, t.ID)
	}
	return names, err
}

func (s *speech) tableShowCommand() *entry {
	f := &tableFlags{}
	return &entry{
		name: "show", args: "TABLE", min: 1, max: 1, short: "one table: its columns, bookmark and latest commit",
		long:     "TABLE is a target's address, DATABASE/TABLE or a table's id.",
		examples: []string{"inlay table show target.parquet.users"},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json")),
		run: func(_ context.Context, args []string) error {
			return s.withTable(f.vars, args[0], func(p *project.Project, t *table.Table, info project.TableInfo) error {
				m, err := t.Manifest(info.Commit)
				if err != nil {
					return err
				}
				if f.format == "json" {
					return report.Document(s.out, m)
				}
				return s.showTable(p, t, info, m)
			})
		},
	}
}

func (s *speech) showTable(p *project.Project, t *table.Table, info project.TableInfo, m table.Manifest) error {
	fields := []report.Field{
		{Name: "table", Value: info.ID}, {Name: "target", Value: info.Address}, {Name: "path", Value: info.Path},
		{Name: "mode", Value: info.Mode}, {Name: "rows", Value: report.Count(m.Rows)},
		{Name: "size", Value: report.Bytes(m.Bytes) + " in " + report.Plural(int64(len(m.Parts)), "part")},
		{Name: "commit", Value: fmt.Sprintf("%d (%s, %s)", m.Number, m.Kind, instant(m.Committed).Text)},
		{Name: "bookmark", Value: m.Position}, {Name: "slot", Value: m.Slot}, {Name: "workspace", Value: m.Workspace.String()},
		{Name: "snapshot", Value: t.Path()}, {Name: "query", Value: report.Query(p.WarehousePath(), info.Path)}, {Name: "note", Value: info.Note},
	}
	if err := report.Fields(s.out, s.style(s.out), fields); err != nil {
		return err
	}
	g := report.Grid{Columns: []report.Column{{Name: "column"}, {Name: "type"}, {Name: "what it holds"}}}
	for _, c := range m.Columns {
		g.Rows = append(g.Rows, []report.Cell{report.Text(c.Name), report.Text(c.Type.String()), report.Text(c.Doc)})
	}
	if _, err := fmt.Fprintln(s.out); err != nil {
		return err
	}
	return g.Show(s.out, s.style(s.out), "text")
}

func (s *speech) tablePathCommand() *entry {
	f := &tableFlags{}
	return &entry{
		name: "path", args: "TABLE", min: 1, max: 1, short: "the folder of the current snapshot, for a reader that must not meet a commit",
		long: `The folder stays whole for as long as the snapshot is retained, and at least an hour.
WAREHOUSE/DATABASE/TABLE always shows the current snapshot instead.`,
		examples: []string{`duckdb -c "select count(*) from '$(inlay table path target.parquet.users)/**/*.parquet'"`},
		flags:    f.vars.flags(),
		run: func(_ context.Context, args []string) error {
			return s.withTable(f.vars, args[0], func(p *project.Project, t *table.Table, info project.TableInfo) error {
				path := t.Path()
				if at := p.WarehousePath(); path == "" && objects.IsURL(at) {
					return &project.Error{Kind: project.Refused, Summary: "No folder to read", Detail: fmt.Sprintf("The table %s stands on the object store %s, where no folder holds a snapshot and nothing else; `inlay table views` prints SQL that names its parts.", info.Path, at)}
				}
				if path == "" {
					return &project.Error{Kind: project.Damaged, Summary: "Nothing published", Detail: fmt.Sprintf("The table %s has no published snapshot; `inlay apply` publishes what is committed.", info.Path)}
				}
				_, err := fmt.Fprintln(s.out, path)
				return err
			})
		},
	}
}

func (s *speech) tableCheckCommand() *entry {
	f := &tableFlags{}
	return &entry{
		name: "check", args: "[TABLE…]", max: -1, short: "prove tables: every part, size, checksum, count and key; exit 9 on damage",
		examples: []string{"inlay table check", "inlay table check target.parquet.users -format=json"},
		codes:    []int{exitDamaged},
		flags:    append(f.vars.flags(), formatFlag(&f.format, "text", "json", "csv")),
		run:      func(ctx context.Context, args []string) error { return s.tableCheck(ctx, f, args) },
	}
}

func (s *speech) tableCheck(ctx context.Context, f *tableFlags, names []string) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	if names, err = namedOrAll(p, names); err != nil {
		return err
	}
	g := report.Grid{Columns: []report.Column{{Name: "path"}, {Name: "table"}, {Name: "rows", Right: true}, {Name: "damage"}}, Empty: "There is no table yet."}
	damaged := false
	for _, name := range names {
		found, info, err := checkOne(ctx, p, name)
		if err != nil {
			return err
		}
		damaged = damaged || len(found) > 0
		if len(found) == 0 {
			g.Rows = append(g.Rows, []report.Cell{report.Text(info.Path), report.Text(info.ID), report.Number(info.Rows), {Text: "none"}})
		}
		for _, d := range found {
			g.Rows = append(g.Rows, []report.Cell{report.Text(info.Path), report.Text(info.ID), report.Number(info.Rows), report.Text(d.String())})
		}
	}
	if err := g.Show(s.out, s.style(s.out), f.format); err != nil {
		return err
	}
	if damaged {
		return coded(exitDamaged)
	}
	return nil
}

func checkOne(ctx context.Context, p *project.Project, name string) ([]table.Damage, project.TableInfo, error) {
	w, t, info, err := p.Table(name)
	if err != nil {
		return nil, info, err
	}
	defer w.Close()
	found, err := t.Check(ctx)
	return found, info, err
}
