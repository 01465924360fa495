package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// folder is a folder of configuration that the program is run in.
type folder struct {
	b   *bench
	dir string
	url string
}

func (b *bench) folder(name string, w *workspace, hcl string) (*folder, error) {
	f := &folder{b: b, dir: filepath.Join(b.dir, name)}
	if w != nil {
		f.url = w.url
	}
	if err := os.RemoveAll(f.dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return nil, err
	}
	return f, os.WriteFile(filepath.Join(f.dir, "main.hcl"), []byte(hcl), 0o644)
}

// run runs the program in the folder.
func (f *folder) run(args ...string) (cost, error) {
	cmd := exec.CommandContext(f.b.ctx, f.b.inlay, args...)
	cmd.Dir = f.dir
	cmd.Env = append(os.Environ(), "BENCH_TOKEN="+token, "BENCH_URL="+f.url, "NO_COLOR=1")
	return spent(cmd)
}

// again forgets the tables and the state, so that everything is read once more.
func (f *folder) again() error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == "main.hcl" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(f.dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// apply is a contender: a first import of everything.
func (f *folder) apply() (cost, error) {
	if err := f.again(); err != nil {
		return cost{}, err
	}
	return f.run("apply", "-auto-approve")
}

// glob is what a reader of a table reads.
func (f *folder) glob(table string) string {
	return filepath.Join(f.dir, "warehouse", table, "**", "*.parquet")
}

// last is what the program's history says of the latest run.
func (f *folder) last() (rows, calls int, err error) {
	c, err := f.run("history", "-format=json", "-limit", "1")
	if err != nil {
		return 0, 0, err
	}
	var runs []struct{ Rows, Calls int }
	if err := json.Unmarshal([]byte(c.out), &runs); err != nil || len(runs) == 0 {
		return 0, 0, fmt.Errorf("history says %q: %w", c.out, err)
	}
	return runs[0].Rows, runs[0].Calls, nil
}

// connected is the head of a configuration that reads the served workspace.
const connected = `
connection "intercom" "bench" {
  access_token = env("BENCH_TOKEN")
  base_url     = env("BENCH_URL")
  rate_limit   = 1
}
`

// importing is the configuration of one stream's import into one table.
func importing(stream, settings string) string {
	return connected + fmt.Sprintf(`
source "intercom" %[1]q {
  connection = connection.intercom.bench
  stream     = %[1]q
}
target "parquet" %[1]q {
  source   = source.intercom.%[1]s
  database = "bench"
  mode     = "replace"
%[2]s}
`, stream, settings)
}

// size is the bytes of the Parquet files that a folder of files holds.
func size(root string) (int64, error) {
	var total int64
	resolved, err := filepath.EvalSymlinks(root)
	if err != nil {
		return 0, err
	}
	err = filepath.WalkDir(resolved, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".parquet") {
			return err
		}
		info, err := d.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}
