package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/state"
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
	url := workspace(t, sandbox.Options{Contacts: 15_000, Conversations: -1, Companies: -1, Tickets: -1, Articles: -1, Latency: 60 * time.Millisecond})
	r := applied(t, t.TempDir(), contacts(url, "scheduled"))
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	first := worker(t, "-chdir", r.dir, queue)
	r.trigger("schedule.hourly")
	until(t, "the import has a checkpoint", func() bool {
		found, err := filepath.Glob(filepath.Join(r.dir, "warehouse/.inlay/*/staging/*/checkpoint.json"))
		return err == nil && len(found) > 0
	})
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
	undisturbed := applied(t, t.TempDir(), contacts(url, "now"))
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
	url := workspace(t, sandbox.Options{Contacts: 3_000, Conversations: -1, Companies: -1, Tickets: -1, Articles: -1, Latency: 150 * time.Millisecond})
	r := applied(t, t.TempDir(), contacts(url, "scheduled"))
	queue := "-queue=" + t.Name()
	says(t, 0, "deploy", "-auto-approve", "-chdir", r.dir, queue)
	first := worker(t, "-chdir", r.dir, queue)
	r.trigger("schedule.hourly")
	until(t, "the import begins", func() bool { return strings.Contains(first.out.String(), "apply_start") })
	time.Sleep(time.Second) // a few pages
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
