package docs

import (
	"os"
	"path/filepath"
	"testing"
)

// examples puts the examples where the checkout has them, as a fresh clone does.
func examples(t *testing.T, dir string) {
	t.Helper()
	to := filepath.Join(dir, "examples")
	if err := os.CopyFS(to, os.DirFS("../examples")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"quickstart", "intercom"} {
		for _, made := range []string{"warehouse", ".inlay"} { // of someone who tried the example where it stands
			if err := os.RemoveAll(filepath.Join(to, name, made)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// standingTables is a folder with two schedules that was applied.
func standingTables(t *testing.T, dir string) {
	t.Helper()
	write(t, dir, map[string]string{"main.hcl": complete("target.parquet.users") + `
schedule "hourly" {
  cron = "@hourly"
}

source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}

target "parquet" "tags" {
  source   = source.intercom.tags
  database = "crm"
  mode     = "replace"
  schedule = schedule.hourly
}
`})
	run(t, dir, "apply")
}

// connectorFiles are two more files like the one that the page shows.
func connectorFiles(t *testing.T, dir string) {
	t.Helper()
	for _, stream := range []string{"conversations", "tags"} {
		write(t, dir, map[string]string{stream + ".yml": "in:\n  type: intercom\n  access_token: x\n  target: " + stream + "\nout:\n  mode: replace\n"})
	}
}
