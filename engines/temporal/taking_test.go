package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/converter"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/state"

	work "github.com/inlay-sync/inlay/engines/temporal/worker"
)

// workspace is a simulated workspace that does not grow.
func workspace(t *testing.T, o sandbox.Options) string {
	t.Helper()
	o.Token, o.Growth = canary.Token, 100_000*time.Hour
	server, err := sandbox.Start(t.Context(), o, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // the test is over
	return server.URL
}

// slowly are a workspace's contacts, of which its rate limit lets so many pages through in
// ten seconds that a read takes longer than that.
func slowly(contacts, pages int) sandbox.Options {
	return sandbox.Options{Contacts: contacts, Conversations: -1, Companies: -1, Tickets: -1, Articles: -1, RateLimit: pages, Latency: 20 * time.Millisecond}
}

// contacts is a configuration that reads the contacts of a workspace hour by hour. The first
// import waits for a slot, unless first is now.
func contacts(url, first string) string {
	return fmt.Sprintf(`
connection "intercom" "demo" {
  access_token = env("TOKEN")
  base_url     = %q
}
source "intercom" "contacts" {
  connection = connection.intercom.demo
  stream     = "contacts"
}
target "parquet" "contacts" {
  source       = source.intercom.contacts
  mode         = "replace"
  time_column  = "created_at"
  first_import = %q
  schedule     = schedule.hourly
}
schedule "hourly" { cron = "@hourly" }
`, url, first)
}

const target = "target.parquet.contacts"

// TestTakenOver: a worker is killed with -9 in the middle of an import. Another one goes on
// from the checkpoint, and the table is what an undisturbed import makes of it.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	url := workspace(t, slowly(15_000, 60))
	r := applied(t, t.TempDir(), contacts(url, "scheduled"))
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	first := worker(t, "-chdir", r.dir, queue)
	r.trigger("schedule.hourly")
	until(t, "the import has a checkpoint", func() bool {
		found, err := filepath.Glob(filepath.Join(r.dir, "warehouse/.inlay/*/staging/*/checkpoint.json"))
		return err == nil && len(found) > 0
	})
	r.trigger("schedule.hourly") // while it runs: that is the same slot once more
	second := worker(t, "-chdir", r.dir, queue)
	first.kill()
	killed := time.Now()
	until(t, "another worker takes the import over", func() bool { return strings.Contains(second.out.String(), "apply_start") })
	t.Logf("taken over %s after the kill", time.Since(killed).Round(time.Millisecond))
	until(t, "the import is done", func() bool { return len(r.done(target)) > 0 })

	all := r.attempts()
	if len(all) != 2 || all[0].ID != all[1].ID || all[1].Why != "resumes" || all[0].PID != first.Process.Pid || all[1].PID != second.Process.Pid {
		t.Errorf("not one run in two attempts of two workers: %+v", all)
	}
	same := slowly(15_000, 0) // and as fast as can be
	undisturbed := applied(t, t.TempDir(), contacts(workspace(t, same), "now"))
	if got, want := r.rows(target), undisturbed.rows(target); !slices.Equal(got, want) || len(want) < 15_000 {
		t.Errorf("%d rows, and %d of an undisturbed import, and they are not the same", len(got), len(want))
	}
}

// attempts are all attempts at imports that the diary holds, the first first.
func (r rig) attempts() []state.Run {
	r.t.Helper()
	var out []state.Run
	for _, x := range r.everyRun() {
		if !slices.ContainsFunc(out, func(o state.Run) bool { return o.PID == x.PID && o.ID == x.ID }) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b state.Run) int { return a.Started.Compare(b.Started) })
	return out
}

// TestStopped: a worker that is asked to stop saves what it has, and another goes on at once.
func TestStopped(t *testing.T) {
	t.Parallel()
	url := workspace(t, slowly(3_000, 10))
	r := applied(t, t.TempDir(), contacts(url, "scheduled"))
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	first := worker(t, "-chdir", r.dir, queue)
	r.trigger("schedule.hourly")
	until(t, "the import has rows", func() bool { return position(t, queue).Rows > 0 })
	worker(t, "-chdir", r.dir, queue)
	if err := first.Process.Signal(interrupt); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("a worker that is stopped says %v", err)
	}
	until(t, "the import is done", func() bool { return len(r.done(target)) > 0 })
	if all := r.attempts(); len(all) != 2 || all[0].ID != all[1].ID {
		t.Errorf("not one run in two attempts: %+v", all)
	}
	if n := len(r.rows(target)); n != 3_000 {
		t.Errorf("%d rows, not 3000", n)
	}
}

// TestCancelled: a lane that a person cancels stops its import at a checkpoint, and the next
// trigger goes on from there.
func TestCancelled(t *testing.T) {
	t.Parallel()
	url := workspace(t, slowly(3_000, 10))
	r := applied(t, t.TempDir(), contacts(url, "scheduled"))
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	worker(t, "-chdir", r.dir, queue)
	r.trigger("schedule.hourly")
	until(t, "the import has rows", func() bool { return position(t, queue).Rows > 0 })
	if err := temporal.GetDefaultClient().CancelWorkflow(t.Context(), laneOf(t, queue), ""); err != nil {
		t.Fatal(err)
	}
	until(t, "the lane is cancelled", func() bool { return slices.Contains(executions(t, queue), "inlay-lane Canceled") })
	if runs := r.runs(); len(runs) != 1 || runs[0].Status != state.Interrupted {
		t.Errorf("not one interrupted run: %+v", runs)
	}
	r.trigger("schedule.hourly")
	until(t, "the import is done", func() bool { return len(r.done(target)) > 0 })
	if runs := r.runs(); len(runs) != 2 || runs[0].ID != runs[1].ID || runs[1].Why != "resumes" {
		t.Errorf("it does not go on: %+v", runs)
	}
	if n := len(r.rows(target)); n != 3_000 {
		t.Errorf("%d rows, not 3000", n)
	}
}

// laneOf is the id of the only lane of a task queue; "" while there is none.
func laneOf(t *testing.T, queue string) string {
	t.Helper()
	for _, e := range listed(t, queue) {
		if e.GetType().GetName() == "inlay-lane" {
			return e.GetExecution().GetWorkflowId()
		}
	}
	return ""
}

// position is where the import of a task queue's only lane stands, as its heartbeat told.
func position(t *testing.T, queue string) (at work.Position) {
	t.Helper()
	lane := laneOf(t, queue)
	if lane == "" {
		return at
	}
	d, err := temporal.GetDefaultClient().DescribeWorkflowExecution(t.Context(), lane, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range d.GetPendingActivities() {
		if told := a.GetHeartbeatDetails(); told != nil {
			if err := converter.GetDefaultDataConverter().FromPayloads(told, &at); err != nil {
				t.Fatal(err)
			}
		}
	}
	return at
}
