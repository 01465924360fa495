package reference

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// refresh is the command that a failing test names.
const refresh = "go test ./docs/reference -update"

var update = flag.Bool("update", false, "write the pages instead of comparing them")

// TestPagesAreFresh compares every page with what the program writes, and finds pages that
// nothing declares any more.
func TestPagesAreFresh(t *testing.T) {
	if *update {
		writePages(t, ".")
	}
	dir := t.TempDir()
	writePages(t, dir)
	want, got := pages(t, dir), pages(t, ".")
	for name, text := range want {
		if got[name] != text {
			t.Errorf("docs/reference/%s is stale%s: run `%s` and look at the difference", name, firstDifference(got[name], text), refresh)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("docs/reference/%s describes what there no longer is: delete it", name)
		}
	}
}

// writePages writes the reference as the command does.
func writePages(t *testing.T, dir string) {
	t.Helper()
	var out, errs bytes.Buffer
	world := project.World{
		Now: time.Now, Env: func(string) (string, bool) { return "", false },
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	}
	if code := cli.Main(t.Context(), []string{"inlay", "schema", "-format=markdown", "-out", dir}, world); code != 0 {
		t.Fatalf("exit %d\n%s%s", code, out.String(), errs.String())
	}
}

// pages are the pages of a folder by their path.
func pages(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".md") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "\n  it says   " + a[i] + "\n  declared  " + b[i] + "\n"
		}
	}
	return ""
}
