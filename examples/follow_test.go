package examples

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// folder is a copy of an example, in which commands run.
type folder struct {
	t      *testing.T
	dir    string
	binary string
}

func copyOf(t *testing.T, name string) folder {
	t.Helper()
	binary := program.Path(t)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(name)); err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{"warehouse", ".inlay"} { // of someone who tried the example where it stands
		if err := os.RemoveAll(filepath.Join(dir, made)); err != nil {
			t.Fatal(err)
		}
	}
	return folder{t, dir, binary}
}

// must runs the program and returns its standard output; apply is told not to ask.
func (f folder) must(code int, args ...string) string {
	f.t.Helper()
	if args[0] == "apply" {
		args = append(slices.Clone(args), "-auto-approve")
	}
	cmd := exec.Command(f.binary, args...)
	cmd.Dir = f.dir
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		f.t.Fatal(err)
	}
	if got := cmd.ProcessState.ExitCode(); got != code {
		f.t.Fatalf("inlay %s: exit %d, not %d\n%s%s", strings.Join(args, " "), got, code, out.String(), errs.String())
	}
	return out.String()
}

// commandsOf reads the commands of an example's README, which all go to its folder. An
// example without a README is applied.
func commandsOf(t *testing.T, name string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(name, "README.md"))
	if errors.Is(err, os.ErrNotExist) {
		return [][]string{{"plan"}, {"apply"}}
	}
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.SplitSeq(string(text), "\n") {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		args, ok := strings.CutPrefix(command, "inlay -chdir=examples/"+name+" ")
		if !ok {
			t.Fatalf("the README says %q, and its commands begin with inlay -chdir=examples/%s", command, name)
		}
		out = append(out, strings.Fields(args))
	}
	if len(out) == 0 {
		t.Fatalf("examples/%s/README.md has no command", name)
	}
	return out
}

// unchanged holds every file of the copy against the example's own.
func (f folder) unchanged(name string) {
	f.t.Helper()
	err := filepath.WalkDir(f.dir, func(path string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "warehouse" || d.Name() == ".inlay"):
			return filepath.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		inside, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		got, err := os.ReadFile(path)
		want, missing := os.ReadFile(filepath.Join(name, inside))
		if missing != nil || !bytes.Equal(got, want) {
			f.t.Errorf("examples/%s/%s is stale: run the commands of the README in the folder itself", name, filepath.ToSlash(inside))
		}
		return err
	})
	if err != nil {
		f.t.Error(err)
	}
}
