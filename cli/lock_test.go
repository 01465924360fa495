package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/state"
)

const tagsOnly = `connection "intercom" "demo" {
  sandbox {}
}
source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}
target "parquet" "tags" {
  source = source.intercom.tags
  mode   = "replace"
}
`

// in runs a command line in a folder and returns its exit code and all it said.
func in(t *testing.T, dir string, args ...string) (int, string) {
	t.Helper()
	var out bytes.Buffer
	w := world()
	w.Stdin, w.Stdout, w.Stderr = strings.NewReader(""), &out, &out
	code := Main(context.Background(), append([]string{"inlay", "-chdir=" + dir}, args...), w)
	return code, out.String()
}

// TestWhileAnotherHoldsTheLock: what writes the state names the holder and exits 4; what
// only reads does not care.
func TestWhileAnotherHoldsTheLock(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(tagsOnly), 0o644); err != nil {
		t.Fatal(err)
	}
	holder := state.Holder{PID: 4711, Host: "elsewhere", Command: "inlay apply", Since: time.Unix(0, 0)}
	held, err := state.Open(filepath.Join(dir, ".inlay", "state.json"), nil).Lock(t.Context(), holder, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code int
		args []string
	}{
		{exitLocked, []string{"apply", "-auto-approve"}},
		{exitLocked, []string{"state", "rm", "target.parquet.tags"}},
		{exitLocked, []string{"unlock"}},
		{exitDone, []string{"plan"}},
		{exitDone, []string{"validate"}},
		{exitDone, []string{"history"}},
	} {
		code, said := in(t, dir, c.args...)
		if code != c.code || code == exitLocked && !strings.Contains(said, "process 4711 on elsewhere") {
			t.Errorf("%v: exit %d\n%s", c.args, code, said)
		}
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if code, said := in(t, dir, "apply", "-auto-approve"); code != exitDone {
		t.Errorf("after the release: exit %d\n%s", code, said)
	}
}

// TestReadersWriteNothing runs what must work in a folder that cannot be written.
func TestReadersWriteNothing(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(tagsOnly), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"validate"}, {"plan"}, {"history"}, {"status"}, {"table", "list"}, {"state", "list"}, {"schedule", "list"}, {"fmt", "-check"}, {"diff", ".", "."}, {"graph"}, {"output"}} {
		if code, said := in(t, dir, args...); code != exitDone {
			t.Errorf("%v: exit %d\n%s", args, code, said)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) != 1 {
			t.Fatalf("%v left %d files behind (%v)", args, len(entries)-1, err)
		}
	}
}
