// Package docs holds the documentation. Its test loads every configuration that the pages
// show, runs their commands in a shell, holds what they print against what the page shows,
// and asks DuckDB their queries.
package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
)

// perSection are the pages of which each section is followed by itself, in a folder that
// holds the section's configuration; one that shows none gets the standing one.
var perSection = []string{"language.md", "concepts.md", "recipes.md", "reading.md", "coming-from-airbyte.md", "coming-from-a-script.md"}

// whole are the pages that are followed from their beginning to their end in one folder,
// each with what stands in that folder before.
var whole = map[string]func(t *testing.T, dir string){
	"../README.md":                 examples,
	"getting-started.md":           examples,
	"object-store.md":              bucket,
	"operating.md":                 standingTables,
	"coming-from-treasure-data.md": connectorFiles,
}

// byHand are the pages for those who work on inlay itself: their commands build, test and
// measure the checkout that this test is part of.
var byHand = []string{"performance.md", "../CONTRIBUTING.md"}

// elsewhere are the pages that the tests of another module follow.
var elsewhere = []string{"temporal.md", "iceberg.md"}

// followed are all pages whose blocks are run.
func followed() []string {
	out := perSection
	for page := range whole {
		out = append(out, page)
	}
	return out
}

// TestConfigurationsLoad loads each configuration of each page. Blocks of a section that
// begin with a file's name are one folder.
func TestConfigurationsLoad(t *testing.T) {
	for _, page := range followed() {
		for _, s := range sections(t, page) {
			for _, files := range s.folders() {
				t.Run(s.name(), func(t *testing.T) {
					dir := t.TempDir()
					write(t, dir, files)
					run(t, dir, "validate")
					for name, text := range s.written() {
						if got := formatted(t, text); got != text {
							t.Errorf("%s is not in the one layout:\n%s", name, got)
						}
					}
				})
			}
		}
	}
}

// TestSectionsRun runs the commands of each section of the pages that are followed so.
func TestSectionsRun(t *testing.T) {
	for _, page := range perSection {
		for _, s := range sections(t, page) {
			if s.commands == "" {
				continue
			}
			t.Run(s.name(), func(t *testing.T) {
				t.Parallel()
				need(t, s.commands)
				said := newShell(t, applied(t, s)).run(s.commands)
				compare(t, s.shown, said)
			})
		}
	}
}

// TestPagesRun follows the other pages as one script each.
func TestPagesRun(t *testing.T) {
	for page, prepare := range whole {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			prepare(t, dir)
			sh := newShell(t, dir)
			parts := sections(t, page)
			for _, s := range parts {
				write(t, dir, s.files)
			}
			for _, s := range parts {
				need(t, s.commands)
				compare(t, s.shown, sh.run(s.commands))
			}
		})
	}
}

// TestQueriesRun asks DuckDB what the pages ask, of tables that were just imported.
func TestQueriesRun(t *testing.T) {
	for _, page := range perSection {
		for _, s := range sections(t, page) {
			if len(s.queries) == 0 {
				continue
			}
			t.Run(s.name(), func(t *testing.T) {
				engine := duckdb.Open(t)
				dir := applied(t, section{configs: s.configs})
				for _, block := range s.queries {
					for query := range strings.SplitSeq(block, ";\n") {
						if strings.TrimSpace(query) == "" {
							continue
						}
						here := strings.ReplaceAll(query, "'warehouse/", "'"+filepath.ToSlash(dir)+"/warehouse/")
						if a := engine.Try(here); a.Error != "" || len(a.Rows) == 0 {
							t.Errorf("%s\ngives %d rows and says %q", query, len(a.Rows), a.Error)
						}
					}
				}
			})
		}
	}
}

// applied makes a section's folder, with its tables unless the section applies itself.
func applied(t *testing.T, s section) string {
	dir := t.TempDir()
	folders := s.folders()
	files := map[string]string{"main.hcl": complete("target.parquet.users")}
	if len(folders) > 0 {
		files = folders[0]
	}
	write(t, dir, files)
	for _, command := range []string{"plan", "apply", "validate", "output"} {
		if strings.HasPrefix(s.commands, "inlay "+command) || strings.Contains(s.commands, "\ninlay "+command) {
			return dir
		}
	}
	run(t, dir, "apply")
	return dir
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
