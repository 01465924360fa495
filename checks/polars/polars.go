// Package polars lets tests read the tables on disk with Polars, an engine that shares no
// code with ours nor with DuckDB.
package polars

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Copy reads the Parquet files of a plain glob as Polars does without any option, and
// returns one Parquet file with the rows that Polars saw. Where Node or the package is not
// installed the test is skipped aloud, unless INLAY_NO_SKIP says that everything must run.
func Copy(t testing.TB, glob string) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Dir(here)
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(dir, "node_modules", "nodejs-polars"))
	}
	if err != nil {
		if os.Getenv("INLAY_NO_SKIP") != "" {
			t.Fatalf("Polars must be there and is not (%v): run `make polars`", err)
		}
		t.Skip("Polars is not installed, so only DuckDB reads the tables: run `make polars`")
	}
	out := filepath.Join(t.TempDir(), "seen.parquet")
	cmd := exec.Command(node, filepath.Join(dir, "copy.mjs"), glob, out)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("Polars cannot read %s: %v\n%s", glob, err, &said)
	}
	return out
}
