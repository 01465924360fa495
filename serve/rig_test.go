package serve

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/table"
)

func long() bool { return os.Getenv("INLAY_LONG") != "" }

// clock is a clock that stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// sleep lets a wait pass at once: what asks for it is inside of an import.
func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.move(d)
	return ctx.Err()
}

// syncBuffer is a log that tests read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// rig is a folder of configuration with a clock.
type rig struct {
	t     testing.TB
	dir   string
	clock *clock
	log   *syncBuffer
	env   map[string]string
}

const daily = `
connection "intercom" "demo" {
  sandbox {
    contacts      = 20
    conversations = 0
    tickets       = 0
    companies     = 0
    articles      = 0
  }
}
schedule "daily" {
  cron     = "30 2 * * *"
  timezone = "America/New_York"
}
schedule "hourly" { cron = "@hourly" }
source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}
target "parquet" "tags" {
  source   = source.intercom.tags
  mode     = "replace"
  schedule = schedule.daily
}
`

const hourly = `
target "parquet" "often" {
  source   = source.intercom.tags
  mode     = "replace"
  schedule = schedule.hourly
}
`

func newRig(t testing.TB, hcl, now string) *rig {
	t.Helper()
	at, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, dir: t.TempDir(), clock: &clock{now: at}, log: &syncBuffer{}, env: map[string]string{"TOKEN": canary.Token}}
	canary.Watch(t, r.dir, r.log.String)
	r.write("main.hcl", hcl)
	return r
}

func (r *rig) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) world() project.World {
	return project.World{
		Now: r.clock.Now, Sleep: r.clock.sleep, Env: func(n string) (string, bool) { v, ok := r.env[n]; return v, ok },
		Stdout: r.log, Stderr: r.log, Providers: []providers.Provider{intercom.New()}, Version: "0.1.0", Command: "inlay serve",
	}
}

func (r *rig) options() Options {
	return Options{World: r.world(), Flags: project.Flags{Dir: r.dir}, Parallelism: 2, Log: NewLog(r.log, "", r.clock.Now)}
}

// daemon makes a daemon whose loop does not run: the test takes its turns.
func (r *rig) daemon() *daemon {
	r.t.Helper()
	d, err := newDaemon(r.t.Context(), r.options())
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(d.batches.Wait)
	return d
}

// settle takes turns until nothing is under way and nothing can begin.
func (r *rig) settle(ds ...*daemon) {
	for range 3 {
		for _, d := range ds {
			d.turn(r.t.Context(), true)
		}
		for _, d := range ds {
			d.batches.Wait()
		}
	}
}

// apply makes what the configuration says.
func (r *rig) apply() {
	r.t.Helper()
	p := r.project()
	made, err := p.Plan(r.t.Context(), plan.Options{})
	if err != nil {
		r.t.Fatal(err)
	}
	events, err := p.Apply(r.t.Context(), made, project.ApplyOptions{})
	if err != nil {
		r.t.Fatal(err)
	}
	for e := range events {
		if e.Err != nil {
			r.t.Fatal(e.Err)
		}
	}
}

func (r *rig) project() *project.Project {
	r.t.Helper()
	p, diags := project.Open(r.world(), project.Flags{Dir: r.dir})
	if diags.HasErrors() {
		r.t.Fatal(diags)
	}
	return p
}

// manifests are the commits of a target's table that imported rows, from the first.
func (r *rig) manifests(address string) []table.Manifest {
	r.t.Helper()
	w, t, info, err := r.project().Table(address)
	if err != nil {
		r.t.Fatal(err)
	}
	defer w.Close()
	var out []table.Manifest
	for n := int64(1); n <= info.Commit; n++ {
		m, err := t.Manifest(n)
		if err != nil {
			r.t.Fatal(err)
		}
		if m.Kind == table.KindImport {
			out = append(out, m)
		}
	}
	return out
}

// slots are the slots that a table's commits satisfied, in order, the first import's left out.
func (r *rig) slots(address string) []string {
	var out []string
	for _, m := range r.manifests(address)[1:] {
		out = append(out, m.Slot)
	}
	return out
}

// hours names every hour's slot after from up to to.
func hours(from, to time.Time) []string {
	var out []string
	for at := from.UTC().Truncate(time.Hour).Add(time.Hour); !at.After(to); at = at.Add(time.Hour) {
		out = append(out, at.Format(time.RFC3339))
	}
	return out
}
