// Package docs holds the documentation. Its test loads every configuration that the pages
// show, runs their commands, and asks DuckDB their queries.
package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
)

// pages are the pages that are followed to the letter.
var pages = []string{"language.md", "concepts.md", "recipes.md", "reading.md"}

// TestConfigurationsLoad loads each configuration of each page. Blocks of a section that
// begin with a file's name are one folder.
func TestConfigurationsLoad(t *testing.T) {
	for _, s := range sections(t) {
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

// TestCommandsRun runs the commands of each section in a folder of its own, which holds
// the section's configuration; one that shows none gets the standing one.
func TestCommandsRun(t *testing.T) {
	for _, s := range sections(t) {
		if len(s.commands) == 0 {
			continue
		}
		t.Run(s.name(), func(t *testing.T) {
			t.Parallel()
			dir := applied(t, s)
			for _, c := range s.commands {
				run(t, dir, c...)
			}
		})
	}
}

// TestQueriesRun asks DuckDB what the pages ask, of tables that were just imported.
func TestQueriesRun(t *testing.T) {
	for _, s := range sections(t) {
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

// applied makes a section's folder, with its tables unless the section applies itself.
func applied(t *testing.T, s section) string {
	dir := t.TempDir()
	folders := s.folders()
	files := map[string]string{"main.hcl": complete("target.parquet.users")}
	if len(folders) > 0 {
		files = folders[0]
	}
	write(t, dir, files)
	for _, c := range s.commands {
		if c[0] == "plan" || c[0] == "apply" || c[0] == "validate" || c[0] == "output" {
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
