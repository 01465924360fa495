package worker

import (
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

const delayed = `
connection "intercom" "demo" {
  sandbox {
    contacts      = 10
    conversations = 0
    tickets       = 0
    companies     = 0
    articles      = 0
    seed          = 7
  }
}
source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}
target "parquet" "tags" {
  source       = source.intercom.tags
  mode         = "replace"
  first_import = "now"
  schedule     = schedule.hourly
}
schedule "hourly" {
  cron  = "@hourly"
  delay = "30m"
}
`

// applied applies a configuration at some time, and returns a worker whose clock is the
// caller's, and the lineage.
func applied(t *testing.T, hcl string, now *time.Time) (*worker, string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(hcl), 0o600); err != nil {
		t.Fatal(err)
	}
	world := project.World{
		Now: func() time.Time { return *now }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Env: func(string) (string, bool) { return "", false }, Stdout: io.Discard, Stderr: io.Discard,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0", Command: "inlay apply",
	}
	p, _ := project.Open(world, project.Flags{Dir: dir})
	made, err := p.Plan(t.Context(), plan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	events, err := p.Apply(t.Context(), made, project.ApplyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for e := range events {
		if e.Err != nil {
			t.Fatal(e.Err)
		}
	}
	st, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	return &worker{Options: Options{World: world}, folders: &folders{world: world, dirs: []string{dir}}}, st.Lineage
}

// TestLook: a slot that waits for its delay says when to look again; one that is still to
// come leaves that to its trigger.
func TestLook(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 40, 0, 0, time.UTC)
	w, lineage := applied(t, delayed, &now)
	for _, c := range []struct {
		at   string
		want Finding
	}{
		{"09:50", Finding{}},
		{"10:10", Finding{Next: time.Date(2026, 11, 23, 10, 30, 0, 0, time.UTC)}},
		{"10:30", Finding{Due: true, Slot: "2026-11-23T10:00:00Z"}},
	} {
		at, err := time.Parse(time.RFC3339, "2026-11-23T"+c.at+":00Z")
		if err != nil {
			t.Fatal(err)
		}
		now = at
		c.want.Lineage, c.want.Address = lineage, "target.parquet.tags"
		got, err := w.look(t.Context(), Knock{Lineage: lineage, Targets: []string{c.want.Address, "target.parquet.gone"}})
		if err != nil || len(got) != 2 {
			t.Fatalf("%v %v", got, err)
		}
		if !got[0].Next.Equal(c.want.Next) {
			t.Errorf("at %s: next %s, not %s", c.at, got[0].Next, c.want.Next)
		}
		got[0].Next, c.want.Next, got[0].Group = time.Time{}, time.Time{}, 0
		if got[0] != c.want {
			t.Errorf("at %s: %+v, not %+v", c.at, got[0], c.want)
		}
		if got[1].Due || !got[1].Next.IsZero() {
			t.Errorf("a target that is gone: %+v", got[1])
		}
	}
}

// TestLanes: projects that read one workspace have one lane, and a connection through which
// nothing came is a lane of its own.
func TestLanes(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 40, 0, 0, time.UTC)
	lane := func(hcl string) string {
		t.Helper()
		w, lineage := applied(t, hcl, &now)
		p, err := w.folders.open(lineage)
		if err != nil {
			t.Fatal(err)
		}
		found, err := lanes(p, trigger.Order{Lineage: lineage, Schedule: "schedule.hourly"}, "inlay")
		if err != nil || len(found) != 1 {
			t.Fatalf("%v %v", found, err)
		}
		return slices.Collect(maps.Keys(found))[0]
	}
	one, other := lane(delayed), lane(strings.Replace(delayed, "seed          = 7", "seed          = 8", 1))
	if one != lane(delayed) || one == other {
		t.Error("a lane is a workspace's, whichever project reads it")
	}
	if waits := strings.Replace(delayed, `"now"`, `"scheduled"`, 1); lane(waits) == lane(waits) {
		t.Error("nobody knows yet that these connections lead to one workspace")
	}
}

// TestUnknownProject: a worker without the folder says so, and two folders with one state
// are refused.
func TestUnknownProject(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 40, 0, 0, time.UTC)
	w, _ := applied(t, delayed, &now)
	if _, err := w.folders.open("elsewhere"); err == nil || !strings.Contains(err.Error(), "give it that folder with -chdir") {
		t.Errorf("%v", err)
	}
	w.folders.dirs = append(w.folders.dirs, w.folders.dirs[0]+"/.")
	if err := w.folders.find(); err == nil || !strings.Contains(err.Error(), "have one state") {
		t.Errorf("%v", err)
	}
}
