package cli

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/report/reference"
)

// schemaPages writes the reference.
func (s *speech) schemaPages(dir string) error {
	c := project.Catalogue(s.world)
	pages := reference.Pages(reference.Subject{
		Providers: s.world.Providers, Targets: c.Targets, Schedule: c.Schedule,
		Commands: []reference.Command{explained(s.entries(), nil)}, Metrics: measured(), Variables: environment(), Codes: exitCodes(),
	})
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		path := filepath.Join(s.path(dir), filepath.FromSlash(name))
		if err := project.Write(s.world, path, []byte(pages[name]), 0o644); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.out, "Wrote %s into %s; README.md lists them.\n", report.Plural(int64(len(pages)), "page"), dir)
	return err
}

// explained is a command with its help, and those below it.
func explained(e *entry, parents []string) reference.Command {
	path := append(parents[:len(parents):len(parents)], e.name)
	c := reference.Command{Path: path, Help: helpText(e, path)}
	for _, sub := range e.subs {
		c.Subs = append(c.Subs, explained(sub, path))
	}
	return c
}

// schemaConstruct shows a block of the language itself.
func (s *speech) schemaConstruct(f *schemaFlags, c lang.Construct) error {
	if f.format == "json" {
		return report.Document(s.out, constructDocument(c))
	}
	if _, err := fmt.Fprintln(s.out, c.Doc); err != nil {
		return err
	}
	g := settingsGrid("", c.Settings)
	if c.Others != "" {
		g.Rows = append(g.Rows, []report.Cell{report.Text("NAME"), report.Text("any"), report.Text(""), report.Text(c.Others)})
	}
	return g.Show(s.out, s.style(s.out), "text")
}
