package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/state"
)

var interrupt = os.Interrupt

// TestFleet: forty workspaces on four workers. Each table is exactly what an undisturbed
// import makes of its workspace, each slot is imported once, and no worker did it all.
func TestFleet(t *testing.T) {
	t.Parallel()
	const workspaces, workers = 40, 4
	dir, queue := t.TempDir(), "-queue="+t.Name()
	config := func(seed int, first string) string {
		return fmt.Sprintf(`
connection "intercom" "demo" {
  sandbox {
    contacts      = %d
    conversations = 0
    tickets       = 0
    companies     = 0
    articles      = 0
    seed          = %d
    growth        = "99999h"
  }
}
`, 60+seed, seed) + strings.SplitN(contacts("", first), "}\n", 2)[1]
	}
	var rigs []rig
	for seed := range workspaces {
		rigs = append(rigs, applied(t, filepath.Join(dir, "all", fmt.Sprint(seed)), config(seed+1, "scheduled")))
	}
	says(t, 0, "deploy", "-auto-approve", "-each", filepath.Join(dir, "all"), queue)
	var pids []int
	for range workers {
		pids = append(pids, worker(t, "-each", filepath.Join(dir, "all"), queue, "-parallelism=2").Process.Pid)
	}
	for _, r := range rigs {
		r.trigger("schedule.hourly")
	}
	busy := map[int]bool{}
	for seed, r := range rigs {
		until(t, "a workspace is imported", func() bool { return len(r.done(target)) > 0 })
		for _, run := range r.runs() {
			busy[run.PID] = true
			if !slices.Contains(pids, run.PID) {
				t.Errorf("run %s was not by a worker", run.ID)
			}
		}
		want := applied(t, filepath.Join(dir, "once", fmt.Sprint(seed)), config(seed+1, "now")).rows(target)
		if got := r.rows(target); !slices.Equal(got, want) || len(want) != 61+seed || len(r.runs()) != 1 {
			t.Errorf("workspace %d: %d rows in %d runs, and %d of an undisturbed import", seed, len(got), len(r.runs()), len(want))
		}
	}
	if len(busy) < 2 {
		t.Errorf("of %d workers %d imported", workers, len(busy))
	}
}

// TestOnceOnly: a trigger that comes twice, or for a schedule that is paused by hand beside
// the configuration, imports nothing.
func TestOnceOnly(t *testing.T) {
	t.Parallel()
	r := applied(t, t.TempDir(), small)
	before := len(r.runs()) // the first import, when it was applied
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	worker(t, "-chdir", r.dir, queue)
	hourly := addr.Address{Kind: addr.Schedule, Name: "hourly"}
	if err := r.project(0).SetPaused(t.Context(), hourly, true); err != nil {
		t.Fatal(err)
	}
	woken := func(times int) {
		t.Helper()
		r.trigger("schedule.hourly")
		until(t, "nothing of it runs", func() bool { return r.woken() == times && quiet(t, queue) })
	}
	woken(1)
	if n := len(r.runs()); n != before {
		t.Errorf("%d imports while it is paused", n-before)
	}
	if err := r.project(-90*time.Minute).SetPaused(t.Context(), hourly, false); err != nil {
		t.Fatal(err)
	}
	woken(2)
	woken(3)
	if n := len(r.runs()); n != before+1 {
		t.Errorf("%d imports of one slot: %+v", n-before, r.runs())
	}
}

// woken is how often the trigger of the hourly schedule fired.
func (r rig) woken() int {
	r.t.Helper()
	d, err := r.schedule("schedule.hourly").Describe(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	if len(d.Info.RunningWorkflows) > 0 {
		return -1
	}
	return d.Info.NumActions
}

// listed are the workflows of a task queue that the server knows.
func listed(t *testing.T, queue string) []*workflowpb.WorkflowExecutionInfo {
	t.Helper()
	list, err := temporal.GetDefaultClient().ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
		Query: fmt.Sprintf("TaskQueue = '%s'", strings.TrimPrefix(queue, "-queue=")),
	})
	if err != nil {
		t.Fatal(err)
	}
	return list.GetExecutions()
}

// executions are their types, each with its status.
func executions(t *testing.T, queue string) []string {
	t.Helper()
	var out []string
	for _, e := range listed(t, queue) {
		out = append(out, e.GetType().GetName()+" "+e.GetStatus().String())
	}
	return out
}

// quiet reports whether lanes came and none is left.
func quiet(t *testing.T, queue string) bool {
	all := executions(t, queue)
	return slices.Contains(all, "inlay-lane Completed") && !slices.ContainsFunc(all, func(e string) bool { return strings.HasSuffix(e, "Running") })
}

// TestOneAtATime: two projects read one workspace. Their imports take turns.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	url := workspace(t, sandbox.Options{Contacts: 600, Conversations: -1, Companies: -1, Tickets: -1, Articles: -1, Latency: 100 * time.Millisecond})
	dir, queue := t.TempDir(), "-queue="+t.Name()
	var rigs []rig
	for _, name := range []string{"a", "b"} {
		rigs = append(rigs, applied(t, filepath.Join(dir, name), contacts(url, "now"))) // by now it is known which workspace it is
	}
	says(t, 0, "deploy", "-auto-approve", "-each", dir, queue)
	worker(t, "-each", dir, queue)
	worker(t, "-each", dir, queue)
	for _, r := range rigs {
		r.trigger("schedule.hourly")
	}
	var runs []state.Run
	for _, r := range rigs {
		until(t, "both are imported", func() bool { return len(r.runs()) == 2 })
		runs = append(runs, r.runs()[1])
	}
	slices.SortFunc(runs, func(a, b state.Run) int { return a.Started.Compare(b.Started) })
	if runs[1].Started.Before(runs[0].Ended) {
		t.Errorf("%s began at %s, before %s ended at %s", runs[1].ID, runs[1].Started, runs[0].ID, runs[0].Ended)
	}
}

// TestPerson: what only a person can mend is not tried again, fails the lane with a reason,
// and neither the history nor the log holds the token.
func TestPerson(t *testing.T) {
	t.Parallel()
	url := workspace(t, sandbox.Options{Contacts: 30})
	r := applied(t, t.TempDir(), contacts(url, "scheduled"))
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	p := process{out: &output{}}
	p.Cmd = calling(t.Context(), p.out, "worker", "-chdir", r.dir, queue)
	p.Env = append(p.Env, "TOKEN="+canary.Token+"-revoked")
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	r.trigger("schedule.hourly")
	until(t, "the lane fails", func() bool { return slices.Contains(executions(t, queue), "inlay-lane Failed") })
	if runs := r.runs(); len(runs) != 1 || runs[0].Status != state.Failed {
		t.Errorf("not one failed run: %+v", runs)
	}
	if form := canary.Find([]byte(p.out.String())); form != "" {
		t.Errorf("the log holds the token (%s)", form)
	}
	if form := canary.Find(histories(t, queue)); form != "" {
		t.Errorf("Temporal's history holds the token (%s)", form)
	}
}

// histories are the events of every workflow of a task queue.
func histories(t *testing.T, queue string) []byte {
	t.Helper()
	var out []byte
	for _, e := range listed(t, queue) {
		events := temporal.GetDefaultClient().GetWorkflowHistory(t.Context(), e.GetExecution().GetWorkflowId(), e.GetExecution().GetRunId(), false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, event.String()...)
		}
	}
	if !strings.Contains(string(out), "only a person can mend this") {
		t.Errorf("the history does not say why it failed")
	}
	return out
}
