package docs

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/inlay-sync/inlay/internal/objects/objectstest"
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

// bucket is an object store, empty, where the settings of AWS in the folder say, and the
// configuration that the page about it shows.
func bucket(t *testing.T, dir string) {
	t.Helper()
	a := objectstest.Server(t)
	if err := os.Mkdir(filepath.Join(dir, ".aws"), 0o700); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{".aws/config": fmt.Sprintf("[default]\nendpoint_url = %s\naws_access_key_id = %s\naws_secret_access_key = %s\n", a.Endpoint, a.ID, a.Secret)}
	for _, s := range sections(t, "object-store.md") {
		for _, folder := range s.folders() {
			files["main.hcl"] = folder["main.hcl"]
		}
	}
	write(t, dir, files)
}

// connectorFiles are two more files like the one that the page shows.
func connectorFiles(t *testing.T, dir string) {
	t.Helper()
	for _, stream := range []string{"conversations", "tags"} {
		write(t, dir, map[string]string{stream + ".yml": "in:\n  type: intercom\n  access_token: x\n  target: " + stream + "\nout:\n  mode: replace\n"})
	}
}
