package project

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

func address(t testing.TB, text string) addr.Address {
	t.Helper()
	a, err := addr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestUsage: a saved plan goes on where it stopped, and is used when all is done.
func TestUsage(t *testing.T) {
	a, b := address(t, "target.parquet.a"), address(t, "target.parquet.b")
	made := &plan.Plan{ID: "sha256:0f", Imports: []plan.Import{{Address: a}, {Address: b}}}
	files := state.Open(filepath.Join(t.TempDir(), "state.json"), nil)
	read := func() *usage {
		t.Helper()
		u, err := readUsage(files, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	first := read()
	if err := first.note(apply.Event{Kind: apply.Progress, Address: b}); err != nil || len(first.Imports) > 0 {
		t.Errorf("progress counts as done: %v %v", first.Imports, err)
	}
	if err := first.note(apply.Event{Kind: apply.ImportDone, Address: a}); err != nil {
		t.Fatal(err)
	}
	if err := first.finish(made, true); err != nil {
		t.Fatal(err)
	}
	second := read()
	rest := left(made, second.Imports)
	if second.Used || len(rest.Imports) != 1 || rest.Imports[0].Address != b || len(made.Imports) != 2 {
		t.Fatalf("used %v, left %v of %v", second.Used, rest.Imports, made.Imports)
	}
	if err := second.note(apply.Event{Kind: apply.ImportDone, Address: b}); err != nil {
		t.Fatal(err)
	}
	if err := second.finish(made, false); err != nil || !read().Used {
		t.Errorf("all is done and the plan is not used: %v", err)
	}
	if err := files.Replace(usageFile(made.ID), []byte("{")); err != nil {
		t.Fatal(err)
	}
	if _, err := readUsage(files, made.ID); err == nil {
		t.Error("a torn record was read")
	}
}

func TestRunID(t *testing.T) {
	seen := map[string]bool{}
	var ids []string
	for i := range 1000 {
		id := runID(time.Unix(int64(i), 0))
		if seen[id] {
			t.Fatalf("%s came twice", id)
		}
		seen[id] = true
		ids = append(ids, id)
	}
	if !slices.IsSorted(ids) {
		t.Error("ids do not sort by time")
	}
}

// expecting is the spec of a target that expects three things of its rows.
func expecting() spec.Spec {
	return spec.Spec{Target: setting.Values{"expect": []any{setting.Values{"name": "words"}, setting.Values{"name": "ids"}, setting.Values{"name": "late", "severity": "warn"}}}}
}

// TestDiaryOfARun: what a run's events leave in the diary.
func TestDiaryOfARun(t *testing.T) {
	a := address(t, "target.parquet.users")
	made := &plan.Plan{State: &state.State{Targets: map[addr.Address]state.Target{a: {Source: address(t, "source.intercom.users"), Table: "T1", Spec: expecting()}}}}
	interrupted := &providers.Error{Kind: providers.Interrupted, Summary: "Interrupted"}
	for _, c := range []struct {
		end  apply.Event
		want state.Status
	}{
		{apply.Event{Kind: apply.ImportDone, Result: &apply.Result{}}, state.Done},
		{apply.Event{Kind: apply.ImportDone, Result: &apply.Result{Nothing: true}}, state.Nothing},
		{apply.Event{Kind: apply.Failed, Err: os.ErrPermission}, state.Failed},
		{apply.Event{Kind: apply.Failed, Err: &table.ErrExpect{Failed: []table.ExpectResult{{Name: "ids", Check: "unique id", Severity: "error", Detail: "twice"}}}}, state.Failed},
		{apply.Event{Kind: apply.Failed, Err: interrupted}, state.Interrupted},
		{apply.Event{Kind: apply.Skipped, Message: "overlap"}, state.Skipped},
	} {
		p := &Project{world: World{Now: time.Now, Env: func(string) (string, bool) { return "", false }}, flags: Flags{Dir: t.TempDir()}}
		s := &store{files: state.Open(p.flags.Dir+"/.inlay/state.json", nil), open: map[string]state.Run{}}
		start := apply.Event{Kind: apply.ImportStart, Run: "R1", Address: a, At: time.Unix(1, 0), Import: &plan.Import{Address: a, Why: plan.Due, Slot: "S"}}
		if err := s.note(made, start); err != nil {
			t.Fatal(err)
		}
		if err := s.note(made, apply.Event{Kind: apply.Checkpointed, Run: "R1", Address: a}); err != nil {
			t.Fatal(err)
		}
		c.end.Run, c.end.Address, c.end.At = "R1", a, time.Unix(2, 0)
		c.end.Calls = providers.Calls{Requests: 7, Retries: 2, Waited: time.Second}
		if err := s.note(made, c.end); err != nil {
			t.Fatal(err)
		}
		var got []state.Run
		for r, err := range s.files.Runs() {
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != state.Unfinished {
				got = append(got, r)
			}
		}
		if len(got) != 1 || got[0].Status != c.want || got[0].Slot != "S" || got[0].Source.String() != "source.intercom.users" {
			t.Errorf("%s %v: the diary says %+v", c.end.Kind, c.end.Err, got)
			continue
		}
		if r := got[0]; r.Calls != 7 || r.Retries != 2 || r.Waited != 1 || r.Saved != 1 {
			t.Errorf("%s %v: the diary says %+v", c.end.Kind, c.end.Err, r)
		}
		var want []string
		var failed *table.ErrExpect
		switch {
		case c.end.Kind == apply.ImportDone:
			want = []string{"words: holds", "ids: holds", "late: holds"}
		case errors.As(c.end.Err, &failed):
			want = []string{"words: holds", "ids: unique id: twice (error)"}
		}
		if !slices.Equal(got[0].Audit, want) {
			t.Errorf("%s %v: audited %q", c.end.Kind, c.end.Err, got[0].Audit)
		}
	}
}

// TestWithout: deletions that end after others wrote take away their own entries alone.
func TestWithout(t *testing.T) {
	gone, other, back := address(t, "target.parquet.gone"), address(t, "target.parquet.other"), address(t, "target.parquet.back")
	before := &state.State{Targets: map[addr.Address]state.Target{gone: {Table: "A", Deleting: true}, back: {Table: "B", Deleting: true}}}
	after := &state.State{Targets: map[addr.Address]state.Target{}}
	now := &state.State{Targets: map[addr.Address]state.Target{gone: {Table: "A", Deleting: true}, back: {Table: "C"}, other: {Table: "D"}}}
	out := without(now, before, after)
	if _, ok := out.Targets[gone]; ok || len(out.Targets) != 2 || len(now.Targets) != 3 {
		t.Errorf("left: %v", out.Targets)
	}
}

func TestLogHoldsOneLine(t *testing.T) {
	for _, form := range []string{"debug", "json", ""} {
		var b strings.Builder
		w := World{Now: func() time.Time { return time.Unix(0, 0) }, Stderr: &b, Env: func(string) (string, bool) { return form, true }}
		w.log("warn", "trying again", "status", 503, "after", time.Second)
		switch form {
		case "":
			if b.Len() > 0 {
				t.Errorf("said %q", b.String())
			}
		case "json":
			var m map[string]any
			if err := json.Unmarshal([]byte(b.String()), &m); err != nil || m["status"] != "503" || m["level"] != "warn" {
				t.Errorf("%v: %s", err, b.String())
			}
		default:
			if b.String() != "00:00:00.000 warn  trying again status=503 after=1s\n" {
				t.Errorf("said %q", b.String())
			}
		}
	}
}
