package apply_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// house is a warehouse, a state in memory and a served workspace.
type house struct {
	t     *testing.T
	ws    *sandbox.Workspace
	url   string
	wh    *table.Warehouse
	state *state.State
	saves int
	fail  error // of the next save
	runs  int
	every int64 // pages between checkpoints
	said  strings.Builder
}

const token = canary.Token

func newHouse(t *testing.T, o sandbox.Options) *house {
	t.Helper()
	o.Token = token
	server, err := sandbox.Start(t.Context(), o, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	dir := t.TempDir()
	wh, err := table.Open(filepath.Join(dir, "warehouse"), table.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { wh.Close() })
	h := &house{t: t, ws: server.Workspace, url: server.URL, wh: wh}
	canary.Watch(t, dir, h.said.String)
	return h
}

// Save keeps the state as a file would: one serial higher, with a lineage.
func (h *house) Save(s *state.State) (*state.State, error) {
	if h.fail != nil {
		return nil, h.fail
	}
	h.saves++
	saved := *s
	saved.Serial++
	saved.Lineage = "L1"
	h.state = &saved
	return h.state, nil
}

var connection = addr.Address{Kind: addr.Connection, Type: "intercom", Name: "acme"}

func targetOf(stream string) addr.Address {
	return addr.Address{Kind: addr.Target, Type: "parquet", Name: stream}
}

// specOf is what a plain target of a stream asks for.
func (h *house) specOf(name, mode string, incremental bool) spec.Spec {
	h.t.Helper()
	settings := setting.Values{"region": "us", "api_version": "2.16", "rate_limit": 0.9, "base_url": h.url}
	streams := intercom.New().Streams(settings)
	st := streams[slices.IndexFunc(streams, func(s stream.Stream) bool { return s.Name == name })]
	shape, err := st.Shape(nil, nil, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	s := spec.Spec{
		Provider: "intercom", Connection: settings, Shape: shape, Key: st.Key, Updated: st.Updated,
		Source: setting.Values{"stream": name, "incremental": incremental, "lookback": "1h"},
		Target: setting.Values{"mode": mode, "partition": "none", "timezone": "UTC"},
	}
	if incremental {
		s.Cursor, s.Source["cursor"] = "created_at", "created_at"
	}
	return s
}

// planOf creates the tables that are not there and imports all.
func (h *house) planOf(specs ...spec.Spec) *plan.Plan {
	next := state.State{Format: state.Format, Targets: map[addr.Address]state.Target{}}
	p := &plan.Plan{State: &next}
	if h.state != nil {
		next.Lineage, next.Serial = h.state.Lineage, h.state.Serial
	}
	for i, s := range specs {
		a := targetOf(s.Stream())
		entry := state.Target{Connection: connection, Spec: s, Path: "crm/" + s.Stream(), Enabled: true, OnRemove: "keep"}
		why := plan.New
		if h.state != nil && h.state.Targets[a].Table != "" {
			entry.Table, why = h.state.Targets[a].Table, plan.Asked
		} else {
			p.Changes = append(p.Changes, plan.Change{Address: a, Effect: plan.Create, Added: true, Path: "crm/" + s.Stream()})
		}
		next.Targets[a] = entry
		replaces := s.Mode() != spec.Append
		p.Imports = append(p.Imports, plan.Import{Address: a, Why: why, Full: !s.Incremental(), Replaces: replaces, Group: i})
	}
	return p
}

// run applies a plan and returns the events by address and kind.
func (h *house) run(ctx context.Context, p *plan.Plan, watch func(apply.Event)) []apply.Event {
	h.t.Helper()
	access := apply.Access{Provider: intercom.New(), Connection: providers.Connection{
		Address: connection.String(), Settings: setting.Values{"region": "us", "api_version": "2.16", "rate_limit": 0.9, "base_url": h.url},
		Secrets: setting.Secrets{"access_token": setting.NewSecret(token)},
		World: providers.World{Now: time.Now, UserAgent: "test", Log: func(string, string, ...any) {}, Sleep: func(ctx context.Context, d time.Duration) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(d):
				return nil
			}
		}},
	}}
	var events []apply.Event
	for e := range apply.Run(ctx, apply.Job{
		Plan: p, Warehouse: h.wh, Store: h, Parallelism: 4, CheckpointPages: h.every, Now: time.Now,
		Access: map[addr.Address]apply.Access{connection: access},
		NewRun: func() string { h.runs++; return fmt.Sprintf("run-%03d", h.runs) },
	}) {
		events = append(events, e)
		fmt.Fprintf(&h.said, "%+v\n", e)
		if watch != nil {
			watch(e)
		}
	}
	return events
}

func kinds(events []apply.Event, a addr.Address) []apply.Kind {
	var out []apply.Kind
	for _, e := range events {
		if e.Address == a && (len(out) == 0 || out[len(out)-1] != e.Kind) {
			out = append(out, e.Kind)
		}
	}
	return out
}

func (h *house) rows(a addr.Address) int64 {
	h.t.Helper()
	tbl, err := h.wh.Table(h.state.Targets[a].Table)
	if err != nil {
		h.t.Fatal(err)
	}
	head, err := tbl.Head()
	if err != nil {
		h.t.Fatal(err)
	}
	return head.Rows
}

func TestAppliesAPlan(t *testing.T) {
	h := newHouse(t, sandbox.Options{Contacts: 300, Conversations: 40})
	p := h.planOf(h.specOf("users", spec.Append, true), h.specOf("tags", spec.Replace, false))
	events := h.run(t.Context(), p, nil)
	for _, name := range []string{"users", "tags"} {
		got := kinds(events, targetOf(name))
		want := []apply.Kind{apply.ChangeStart, apply.ChangeDone, apply.ImportStart, apply.Progress, apply.ImportDone}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v", name, got)
		}
		if n := h.rows(targetOf(name)); n != int64(len(h.ws.Rows(name))) {
			t.Errorf("%s: the table has %d rows, the service %d", name, n, len(h.ws.Rows(name)))
		}
	}
	if h.saves != 2 {
		t.Errorf("the state was written %d times: once for its lineage and once whole is enough", h.saves)
	}
}

// A stream that the token may not read must not take the others with it.
func TestOneFailsOthersGoOn(t *testing.T) {
	h := newHouse(t, sandbox.Options{Contacts: 50, Conversations: 20})
	var b sandbox.Behaviour
	if err := b.Set("missing_scope", `["conversations"]`); err != nil {
		t.Fatal(err)
	}
	h.ws.Behave(b)
	events := h.run(t.Context(), h.planOf(h.specOf("conversations", spec.Append, true), h.specOf("tags", spec.Replace, false)), nil)
	var failed error
	for _, e := range events {
		if e.Kind == apply.Failed {
			failed = e.Err
		}
	}
	var pe *providers.Error
	if !errors.As(failed, &pe) || pe.Kind != providers.Forbidden && pe.Kind != providers.Unauthorized {
		t.Errorf("the refused stream ended with %v", failed)
	}
	if got := kinds(events, targetOf("tags")); got[len(got)-1] != apply.ImportDone {
		t.Errorf("tags: %v", got)
	}
	if n := h.rows(targetOf("conversations")); n != 0 {
		t.Errorf("the refused table has %d rows", n)
	}
}

// An interrupt leaves a checkpoint, and the same run goes on from it.
func TestInterruptAndResume(t *testing.T) {
	h := newHouse(t, sandbox.Options{Contacts: 6000})
	h.every = 4
	p := h.planOf(h.specOf("users", spec.Append, true))
	ctx, stop := context.WithCancel(t.Context())
	var run string
	events := h.run(ctx, p, func(e apply.Event) {
		if e.Kind == apply.Checkpointed {
			run = e.Run
			stop()
		}
	})
	var pe *providers.Error
	last := events[len(events)-1]
	for _, e := range events {
		if e.Kind == apply.Failed {
			last = e
		}
	}
	if !errors.As(last.Err, &pe) || pe.Kind != providers.Interrupted {
		t.Fatalf("an interrupted import ended with %v: %v", last.Kind, last.Err)
	}
	if n := h.rows(targetOf("users")); n != 0 {
		t.Fatalf("an interrupted import published %d rows", n)
	}
	p = h.planOf(h.specOf("users", spec.Append, true))
	p.Imports[0].Why, p.Imports[0].Resume = plan.Resumes, run
	events = h.run(t.Context(), p, nil)
	for _, e := range events {
		if e.Kind == apply.Progress {
			if e.Rows <= 150 {
				t.Errorf("the resumed run began at %d rows", e.Rows)
			}
			break
		}
	}
	if n := h.rows(targetOf("users")); n != int64(len(h.ws.Rows("users"))) {
		t.Errorf("after resuming the table has %d rows, the service %d", n, len(h.ws.Rows("users")))
	}
}

// replace_on_new_data over an incremental source replaces everything when there is one
// new row, and nothing when there is none.
func TestReplaceOnNewData(t *testing.T) {
	h := newHouse(t, sandbox.Options{Contacts: 100, Growth: -1})
	users := targetOf("users")
	s := h.specOf("users", spec.ReplaceOnNewData, true)
	h.run(t.Context(), h.planOf(s), nil)
	first := h.rows(users)

	nothing := func(events []apply.Event) bool {
		for _, e := range events {
			if e.Kind == apply.ImportDone {
				return e.Result.Nothing
			}
		}
		t.Fatalf("the import did not end well: %v", kinds(events, users))
		return false
	}
	if !nothing(h.run(t.Context(), h.planOf(s), nil)) {
		t.Error("nothing was new, and the table was replaced")
	}
	now := time.Now().Unix()
	if _, err := h.ws.AddContact(sandbox.Object{"role": "user", "created_at": now, "updated_at": now}); err != nil {
		t.Fatal(err)
	}
	if nothing(h.run(t.Context(), h.planOf(s), nil)) {
		t.Error("a row was new, and the table was not replaced")
	}
	if n := h.rows(users); n != first+1 {
		t.Errorf("the table has %d rows after one was added to %d", n, first)
	}
}

// When the state cannot be written, nothing that depends on it begins.
func TestStateThatCannotBeWritten(t *testing.T) {
	h := newHouse(t, sandbox.Options{Contacts: 10})
	h.fail = errors.New("no space left on device")
	events := h.run(t.Context(), h.planOf(h.specOf("tags", spec.Replace, false)), nil)
	var se *apply.StateError
	if len(events) != 1 || !errors.As(events[0].Err, &se) {
		t.Fatalf("events: %+v", events)
	}
	seen, err := h.wh.Look()
	if err != nil || len(seen.Tables) != 0 {
		t.Errorf("tables were made without a state: %+v, %v", seen.Tables, err)
	}
}

// What an import asked of the service is told however it ends, both reads of a
// replace_on_new_data together; and what is left of the rate limit with it.
func TestCallsAreToldHoweverItEnds(t *testing.T) {
	h := newHouse(t, sandbox.Options{Contacts: 400, Growth: -1, RateLimit: 500})
	users := targetOf("users")
	asked := func() (n int64) { // beside the question who the token belongs to
		for path, calls := range h.ws.Stats().Calls {
			if path != "GET /me" {
				n += int64(calls)
			}
		}
		return n
	}
	run := func(s spec.Spec, end apply.Kind) apply.Event {
		t.Helper()
		before := asked()
		for _, e := range h.run(t.Context(), h.planOf(s), nil) {
			if e.Address != users || e.Kind != end {
				continue
			}
			// A page that was asked for early may be given up before it reaches the service.
			if got := asked() - before; e.Calls.Requests < got || e.Calls.Requests > got+1 || got == 0 {
				t.Errorf("%s: %d calls told, and the service counts %d", end, e.Calls.Requests, got)
			}
			if e.Connection != connection || e.Budget == nil || e.Budget.Limit != 500 || e.Budget.Remaining > 500-int(e.Calls.Requests) {
				t.Errorf("%s: %s has %+v after %d calls", end, e.Connection, e.Budget, e.Calls.Requests)
			}
			return e
		}
		t.Fatalf("no %s", end)
		return apply.Event{}
	}
	s := h.specOf("users", spec.ReplaceOnNewData, true)
	if done := run(s, apply.ImportDone); done.Result.Calls != done.Calls || done.Result.Written != len(done.Result.Manifest.Parts) {
		t.Errorf("the result says %+v, the event %+v", done.Result, done.Calls)
	}
	now := time.Now().Unix()
	if _, err := h.ws.AddContact(sandbox.Object{"role": "user", "created_at": now, "updated_at": now}); err != nil {
		t.Fatal(err)
	}
	run(s, apply.ImportDone)

	var b sandbox.Behaviour
	if err := b.Set("faults", `[{"path": "/contacts/search", "nth": 2, "status": 403}]`); err != nil {
		t.Fatal(err)
	}
	h.ws.Behave(b)
	run(h.specOf("users", spec.Append, false), apply.Failed)

	if err := b.Set("faults", `[{"path": "/me", "status": 401}]`); err != nil {
		t.Fatal(err)
	}
	h.ws.Behave(b)
	tags := targetOf("tags")
	for _, e := range h.run(t.Context(), h.planOf(h.specOf("tags", spec.Replace, false)), nil) {
		if e.Address == tags && e.Kind == apply.Failed && e.Calls.Requests != 1 {
			t.Errorf("a refused token: %d calls told", e.Calls.Requests)
		}
	}
}
