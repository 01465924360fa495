package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	goflag "flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// TestScripts runs the scripts of testdata/script, which read as documentation. Each has a
// folder and a simulated workspace of its own.
func TestScripts(t *testing.T) {
	dir := "testdata/script"
	var files []string
	if testing.Short() {
		for _, name := range busy() {
			files = append(files, filepath.Join(dir, name+".txtar"))
		}
		dir = ""
	}
	var said messages
	chosen := goflag.Lookup("test.run").Value.String()
	t.Cleanup(func() { said.compare(t, !testing.Short() && !strings.Contains(chosen, "/")) })
	testscript.Run(t, testscript.Params{
		Dir: dir, Files: files,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NO_COLOR", "1")
			env.Setenv("INLAY_TEST_NOW", "2026-11-23T12:00:00Z")
			env.Setenv("SANDBOX", "http://127.0.0.1:1")
			env.Setenv("TOKEN", canary.Token)
			env.Setenv(saidEnv, filepath.Join(env.WorkDir, ".tmp", "said"))
			env.Defer(func() { noCanary(env); said.gather(env) })
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code": code, "interrupt": interrupt, "serve": serve, "replace": replace, "probed": probed,
		},
	})
}

// busy are the scripts in which things happen at once, which are what -short runs, and the
// race detector with it.
func busy() []string {
	return []string{"connections", "crash", "interrupt", "interrupt_events", "probe", "run", "saved_goes_on", "serve", "staged"}
}

// saidEnv names the file that keeps all that the commands of a script said.
const saidEnv = "INLAY_TEST_SAID"

// noCanary fails a script after which the token of its workspace stands in anything said or
// written.
func noCanary(env *testscript.Env) {
	found, err := canary.Scan(env.WorkDir)
	if err != nil {
		env.T().Fatal(err)
	}
	if len(found) > 0 {
		env.T().Fatal(strings.Join(found, "\n"))
	}
}

// code runs a command that must exit with a code: code 3 inlay fmt -check.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("%s: exit %d, not %d", strings.Join(args[1:], " "), got, want)
	}
}

// serve starts a workspace that accepts the token $TOKEN, and sets SANDBOX:
// serve [-behaviour NAME=VALUE]….
func serve(ts *testscript.TestScript, neg bool, args []string) {
	o := sandbox.Options{Token: canary.Token, Contacts: 50, Conversations: 40, Tickets: 20, Growth: 1000 * time.Hour}
	for i := 0; i+1 < len(args); i += 2 {
		name, value, ok := strings.Cut(args[i+1], "=")
		if args[i] != "-behaviour" || !ok {
			ts.Fatalf("usage: serve [-behaviour NAME=VALUE]…")
		}
		ts.Check(o.Behaviour.Set(name, value))
	}
	server, err := sandbox.Start(context.Background(), o, "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = server.Close() })
	ts.Setenv("SANDBOX", server.URL)
}

// replace changes a text in a file: replace OLD NEW FILE.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	name := ts.MkAbs(args[2])
	data, err := os.ReadFile(name)
	ts.Check(err)
	if !bytes.Contains(data, []byte(args[0])) {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(name, bytes.Replace(data, []byte(args[0]), []byte(args[1]), 1), 0o600))
}

// interrupt starts a command, interrupts it once its output holds a text, and expects exit
// 130: interrupt TEXT command….
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	path, err := exec.LookPath(args[1])
	ts.Check(err)
	cmd := exec.CommandContext(context.Background(), path, args[2:]...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"PATH", "HOME", "WORK", "TMPDIR", "NO_COLOR", "INLAY_TEST_NOW", "SANDBOX", saidEnv} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	var said bytes.Buffer
	cmd.Stderr = &said
	ts.Check(cmd.Start())
	var once sync.Once
	var text strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
		if strings.Contains(lines.Text(), args[0]) {
			once.Do(func() { ts.Check(cmd.Process.Signal(syscall.SIGINT)) })
		}
	}
	err = cmd.Wait()
	_, werr := ts.Stdout().Write([]byte(text.String()))
	ts.Check(werr)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != exitInterrupted {
		ts.Fatalf("%v, not exit %d\n%s%s", err, exitInterrupted, text.String(), said.String())
	}
}

// probed runs a probe and then an apply, and holds what was expected against what the
// workspace counted: rows exactly, calls within a tenth.
func probed(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(ts.Exec("inlay", "plan", "-probe", "-format=json"))
	var said struct {
		Probe project.Probe `json:"probe"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &said))
	control := ts.Getenv("SANDBOX") + "/_sandbox/stats"
	request, err := http.NewRequest(http.MethodDelete, control, nil)
	ts.Check(err)
	answer, err := http.DefaultClient.Do(request)
	ts.Check(err)
	ts.Check(answer.Body.Close())
	ts.Check(ts.Exec("inlay", "apply", "-auto-approve"))
	answer, err = http.Get(control)
	ts.Check(err)
	defer answer.Body.Close()
	var counted sandbox.Stats
	ts.Check(json.NewDecoder(answer.Body).Decode(&counted))

	expected := int64(len(said.Probe.Connections)) // each asks once whose credentials it has
	for _, i := range said.Probe.Imports {
		expected += i.Calls
		ts.Check(ts.Exec("inlay", "table", "show", i.Address.String(), "-format=json"))
		var table struct {
			Rows int64 `json:"rows"`
		}
		ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &table))
		if i.About || i.Rows != table.Rows {
			ts.Fatalf("%s: expected %+v, and the table has %d rows", i.Address, i, table.Rows)
		}
	}
	if off := expected - int64(counted.Requests); off*10 > expected || -off*10 > expected {
		ts.Fatalf("expected %d calls, and %d were made", expected, counted.Requests)
	}
}
