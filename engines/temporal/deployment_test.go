package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/inlay-sync/inlay/addr"
)

const small = `
connection "intercom" "demo" {
  sandbox {
    contacts      = 20
    conversations = 0
    tickets       = 0
    companies     = 0
    articles      = 0
  }
}
source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}
target "parquet" "tags" {
  source   = source.intercom.tags
  mode     = "replace"
  schedule = schedule.hourly
}
schedule "hourly" { cron = "@hourly" }
`

const nightly = `
schedule "nightly" {
  cron     = "30 2 13 * 5"
  timezone = "Europe/Berlin"
  delay    = "30m"
  catchup  = "none"
}
`

// TestDeployment follows the schedules of a project at a real server from nothing to nothing.
func TestDeployment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	r := applied(t, filepath.Join(dir, "crm"), small+nightly)
	other := applied(t, filepath.Join(dir, "other"), small)
	in := func(code int, args ...string) string { return says(t, code, append(args, "-chdir", r.dir)...) }
	holds := func(text string, wanted ...string) {
		t.Helper()
		for _, w := range wanted {
			if !strings.Contains(text, w) {
				t.Errorf("%q is not in:\n%s", w, text)
			}
		}
	}

	holds(in(2, "plan", "-detailed-exitcode"), "2 to create, 0 to change, 0 to delete", "+ schedule.hourly", "0 * * * *",
		"30 2 13 * *; 30 2 * * 5", "Europe/Berlin", "no target runs by it")
	holds(in(1, "deploy"), "Nobody to ask")
	holds(in(0, "deploy", "-auto-approve"), "created inlay/")
	holds(in(0, "plan", "-detailed-exitcode"), "No changes.", "2 schedules as applied")
	says(t, 0, "deploy", "-auto-approve", "-each", dir) // the other project beside it
	holds(in(0, "plan", "-detailed-exitcode"), "No changes.")

	// Somebody pauses one there and gives another a jitter.
	if err := r.schedule("schedule.hourly").Pause(t.Context(), client.SchedulePauseOptions{Note: "not now"}); err != nil {
		t.Fatal(err)
	}
	edit := func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
		in.Description.Schedule.Spec.Jitter = time.Minute
		return &client.ScheduleUpdate{Schedule: &in.Description.Schedule}, nil
	}
	if err := r.schedule("schedule.nightly").Update(t.Context(), client.ScheduleUpdateOptions{DoUpdate: edit}); err != nil {
		t.Fatal(err)
	}
	drift := in(2, "plan", "-detailed-exitcode")
	holds(drift, "2 to change", "true -> false  (changed there by hand)", "not now -> none  (changed there by hand)",
		"1m -> 0s  (changed there by hand)", "Changed at Temporal by hand: 2 schedules")
	in(0, "deploy", "-auto-approve")
	holds(in(0, "plan", "-detailed-exitcode"), "No changes.")

	// What is applied otherwise, or paused beside the configuration, is a change and no drift.
	r.write(small + strings.Replace(nightly, "30 2 13", "45 2 13", 1))
	r.apply(0)
	if err := r.project(0).SetPaused(t.Context(), addr.Address{Kind: addr.Schedule, Name: "hourly"}, true); err != nil {
		t.Fatal(err)
	}
	changed := in(2, "plan", "-detailed-exitcode")
	holds(changed, "30 2 13 * *; 30 2 * * 5 -> 45 2 13 * *; 45 2 * * 5", "none -> paused by hand, with inlay schedule pause")
	if strings.Contains(changed, "changed there") {
		t.Errorf("nobody changed anything there:\n%s", changed)
	}
	in(0, "deploy", "-auto-approve")
	description, err := r.schedule("schedule.hourly").Describe(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !description.Schedule.State.Paused {
		t.Error("a schedule that is paused by hand is not paused there")
	}

	// One that is gone is deleted, and destroy deletes the rest and nothing of the other project.
	r.write(small)
	r.apply(0)
	until(t, "the server lists the schedule that is gone", func() bool { return strings.Contains(in(0, "plan"), "- schedule.nightly") })
	in(0, "deploy", "-auto-approve")
	holds(in(0, "destroy", "-auto-approve"), "deleted inlay/")
	if _, err := r.schedule("schedule.hourly").Describe(t.Context()); err == nil {
		t.Error("a schedule is there after destroy")
	}
	if _, err := other.schedule("schedule.hourly").Describe(t.Context()); err != nil {
		t.Errorf("the other project's schedule: %v", err)
	}
}

// TestUnreachable: what is wrong with the server is said, with the exit codes of inlay.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	r := applied(t, t.TempDir(), small)
	if text := says(t, 8, "plan", "-chdir", r.dir, "-address", "127.0.0.1:1"); !strings.Contains(text, "Temporal failed") {
		t.Error(text)
	}
	if text := says(t, 8, "plan", "-chdir", r.dir, "-namespace", "elsewhere"); !strings.Contains(text, `Temporal has no namespace "elsewhere"`) {
		t.Error(text)
	}
	bare := rig{t, t.TempDir()}
	bare.write(small)
	if text := says(t, 1, "plan", "-chdir", bare.dir); !strings.Contains(text, "Run `inlay apply` first") {
		t.Error(text)
	}
}
