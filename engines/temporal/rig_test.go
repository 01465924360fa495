package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/server/temporaltest"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

// temporal is a real server, one for all tests; each names its schedules by its own projects.
var temporal *temporaltest.TestServer

// TestMain makes this test binary the program when a test asks for it: a process of its own
// that can be killed.
func TestMain(m *testing.M) {
	if os.Getenv("INLAY_TEST_PROGRAM") != "" {
		main()
	}
	temporal = temporaltest.NewServer(temporaltest.WithBaseClientOptions(client.Options{
		Logger: log.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil))),
	}))
	code := m.Run()
	temporal.Stop()
	os.Exit(code)
}

// patience bounds every wait; it is for a test that hangs, and decides nothing else.
const patience = 3 * time.Minute

// rig is a folder of configuration.
type rig struct {
	t   *testing.T
	dir string
}

// applied writes a configuration and applies it two hours ago, so that slots of an hourly
// schedule have come since.
func applied(t *testing.T, dir, hcl string) rig {
	t.Helper()
	r := rig{t, dir}
	r.write(hcl)
	r.apply(-2 * time.Hour)
	return r
}

func (r rig) write(hcl string) {
	r.t.Helper()
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "main.hcl"), []byte(hcl), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// project opens the folder, on a clock that is set forward or back.
func (r rig) project(ahead time.Duration) *project.Project {
	r.t.Helper()
	w := world()
	w.Now = func() time.Time { return time.Now().Add(ahead) }
	w.Stdout, w.Stderr, w.Command = io.Discard, io.Discard, "inlay apply"
	w.Env = func(name string) (string, bool) {
		if name == "TOKEN" {
			return canary.Token, true
		}
		return "", false
	}
	p, diags := project.Open(w, project.Flags{Dir: r.dir})
	if diags.HasErrors() {
		r.t.Fatal(diags)
	}
	return p
}

// apply makes what the configuration says, and imports what it asks for.
func (r rig) apply(ahead time.Duration) {
	r.t.Helper()
	p := r.project(ahead)
	made, err := p.Plan(r.t.Context(), plan.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	events, err := p.Apply(r.t.Context(), made, project.ApplyOptions{Parallelism: 2})
	if err != nil {
		r.t.Fatal(err)
	}
	for e := range events {
		if e.Err != nil {
			r.t.Fatal(e.Err)
		}
	}
}

// schedule is the trigger of a schedule at the server.
func (r rig) schedule(address string) client.ScheduleHandle {
	r.t.Helper()
	st, err := r.project(0).State()
	if err != nil {
		r.t.Fatal(err)
	}
	return temporal.GetDefaultClient().ScheduleClient().GetHandle(r.t.Context(), "inlay/"+st.Lineage+"/"+address)
}

// trigger makes the server fire a schedule now.
func (r rig) trigger(address string) {
	r.t.Helper()
	o := client.ScheduleTriggerOptions{Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP}
	if err := r.schedule(address).Trigger(r.t.Context(), o); err != nil {
		r.t.Fatal(err)
	}
}

// everyRun are the attempts that the diary holds, the first first.
func (r rig) everyRun() []state.Run {
	r.t.Helper()
	all, err := r.project(0).History(project.Runs{})
	if err != nil {
		r.t.Fatal(err)
	}
	slices.Reverse(all)
	return all
}

// runs are those that came to an end.
func (r rig) runs() []state.Run {
	r.t.Helper()
	return slices.DeleteFunc(r.everyRun(), func(x state.Run) bool { return x.Status == state.Unfinished })
}

// rows are the rows of a table, each as one line, in order.
func (r rig) rows(address string) []string {
	r.t.Helper()
	_, columns, batches, err := r.project(0).Stored(r.t.Context(), address, 1<<30)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, row := range report.RowsGrid(columns, batches, 1<<30).Rows {
		var b strings.Builder
		for _, cell := range row {
			fmt.Fprintf(&b, "%v\t", cell.Value)
		}
		out = append(out, b.String())
	}
	slices.Sort(out)
	return out
}

// output is what a process said, read while it is written.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// calling is the program as a process, with the server and the token in its environment.
func calling(ctx context.Context, out io.Writer, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = append(os.Environ(), "INLAY_TEST_PROGRAM=1", "TEMPORAL_ADDRESS="+temporal.GetFrontendHostPort(),
		"TEMPORAL_NAMESPACE="+temporal.GetDefaultNamespace(), "TOKEN="+canary.Token, "INLAY_LOG=")
	cmd.Stdout, cmd.Stderr = out, out
	return cmd
}

// says runs one command to its end.
func says(t *testing.T, wantCode int, args ...string) string {
	t.Helper()
	var out output
	err := calling(t.Context(), &out, args...).Run()
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if code != wantCode {
		t.Fatalf("%s: exit %d, not %d\n%s", strings.Join(args, " "), code, wantCode, out.String())
	}
	return out.String()
}

// process is a worker under way.
type process struct {
	*exec.Cmd
	out *output
}

// worker starts a worker and returns when it takes work. It is killed when the test ends.
func worker(t *testing.T, args ...string) process {
	t.Helper()
	p := process{out: &output{}}
	p.Cmd = calling(context.Background(), p.out, append([]string{"worker"}, args...)...)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("worker %d:\n%s", p.Process.Pid, p.out.String())
		}
	})
	until(t, "a worker works", func() bool { return strings.Contains(p.out.String(), "Ctrl-C ends it") })
	return p
}

// kill ends the process as kill -9 does.
func (p process) kill() {
	_ = p.Process.Kill() // it may be gone
	_ = p.Wait()         // it was killed
}

// until waits for something to become so.
func until(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !so(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it never came to be that %s", what)
		}
	}
}

// done are the runs that committed something for a target.
func (r rig) done(address string) []state.Run {
	a, err := addr.Parse(address)
	if err != nil {
		r.t.Fatal(err)
	}
	return slices.DeleteFunc(r.runs(), func(x state.Run) bool { return x.Address != a || x.Status != state.Done })
}
