package checks

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/program"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/state"
)

// TestReviewersNeedNothing runs what a reviewer runs without a network, in a folder that
// cannot be written, with no variable set, while an apply imports and the state is locked.
func TestReviewersNeedNothing(t *testing.T) {
	needs(t, "git")
	p := newProject(t, fmt.Sprintf(oneTable, true, "append"), sandbox.Options{Seed: 3, Contacts: 2000, Growth: -1, Latency: 100 * time.Millisecond})
	h := &repository{pipeline: &pipeline{t: t, kept: t.TempDir()}}
	h.git(p.dir, "init", "-q")
	h.git(p.dir, "add", "main.hcl")
	h.git(p.dir, "commit", "-q", "-m", "one")
	apart := sealed(t, p.dir)
	stop := importing(t, p)
	holder := state.Holder{PID: os.Getpid(), Host: "here", Command: "inlay apply", Since: time.Now()}
	held, err := state.Open(filepath.Join(p.dir, ".inlay", "state.json"), nil).Lock(t.Context(), holder, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		says string
		args []string
	}{
		{"Valid: ", []string{"validate"}},
		{"", []string{"fmt", "-check"}},
		{"target.parquet.users", []string{"plan"}},
		{"plan_id", []string{"plan", "-format=json"}},
		{"No changes", []string{"diff", "HEAD.."}},
		{"No changes", []string{"diff", ".", "."}},
	} {
		out, err := apart(c.args...)
		if err != nil || !strings.Contains(out, c.says) {
			t.Errorf("inlay %v: %v\n%s", c.args, err, out)
		}
	}
	if out, err := apart("preview", "target.parquet.users"); err == nil {
		t.Errorf("there was a network and a token:\n%s", out)
	}
	if err := held.Release(); err != nil {
		t.Error(err)
	}
	stop()
	p.must(0, "apply", "-auto-approve")
	p.must(0, "plan", "-detailed-exitcode")
}

// sealed returns a way to run inlay without network, environment or a folder to write to.
func sealed(t *testing.T, dir string) func(args ...string) (string, error) {
	t.Helper()
	binary := program.Path(t)
	const script = `mount --bind "$DIR" "$DIR" && mount -o remount,ro,bind "$DIR" && cd "$DIR" && if touch x 2>/dev/null; then exit 99; fi; exec "$@"`
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "unshare", append([]string{"-rnm", "sh", "-c", script, "sh"}, args...)...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DIR=" + dir, "NO_COLOR=1"}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("true"); err != nil {
		if os.Getenv("INLAY_NO_SKIP") != "" && os.Getenv("INLAY_NO_NAMESPACES") == "" {
			t.Fatalf("namespaces are not to be had here, and nothing may be skipped: %v\n%s", err, out)
		}
		t.Skipf("SKIPPED: no network can be taken away here: %v\n%s", err, out)
	}
	return func(args ...string) (string, error) { return run(slices.Concat([]string{binary}, args)...) }
}

// importing starts an apply and returns once it reads rows; stop interrupts it.
func importing(t *testing.T, p *project) (stop func()) {
	t.Helper()
	binary := program.Path(t)
	cmd := exec.CommandContext(t.Context(), binary, "apply", "-auto-approve")
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "INTERCOM_ACCESS_TOKEN="+token, "INLAY_TEST_URL="+p.url)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	said := ""
	for lines.Scan() {
		said += lines.Text() + "\n"
		if strings.Contains(lines.Text(), ": run ") {
			break
		}
	}
	return func() {
		t.Helper()
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			said += lines.Text() + "\n"
		}
		_ = cmd.Wait() // its code is looked at
		if cmd.ProcessState.ExitCode() != 130 || !strings.Contains(said, "Go on with:") {
			t.Errorf("exit %d after an interrupt\n%s", cmd.ProcessState.ExitCode(), said)
		}
	}
}
