package project

import (
	"maps"
	"os"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// TestPauses: what is paused is remembered beside the state, a target or a schedule that was
// applied, and forgotten when it is no more.
func TestPauses(t *testing.T) {
	a, gone, nightly := address(t, "target.parquet.a"), address(t, "target.parquet.gone"), address(t, "schedule.nightly")
	src, conn := address(t, "source.intercom.a"), address(t, "connection.intercom.a")
	now := time.Unix(1_800_000_000, 0).UTC()
	p := &Project{
		world: World{Now: func() time.Time { return now }, Env: func(string) (string, bool) { return "", false }},
		flags: Flags{Dir: t.TempDir()}, config: &lang.Config{Inlay: lang.Inlay{State: ".inlay/state.json"}},
	}
	if err := p.SetPaused(t.Context(), a, true); err == nil {
		t.Error("a target that was never applied was paused")
	}
	save := func(targets ...addr.Address) {
		t.Helper()
		st := &state.State{Targets: map[addr.Address]state.Target{}, Schedules: map[addr.Address]state.Schedule{nightly: {}}}
		for _, a := range targets {
			st.Targets[a] = state.Target{Source: src, Connection: conn, Table: "A" + a.Name, Schedule: &nightly}
		}
		files, err := p.states()
		if err != nil {
			t.Fatal(err)
		}
		held, err := files.Lock(t.Context(), state.Holder{}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if was, err := p.State(); err == nil && was != nil {
			st.Serial, st.Lineage = was.Serial, was.Lineage
		}
		if _, err := held.Save(st); err != nil {
			t.Fatal(err)
		}
		if err := held.Release(); err != nil {
			t.Fatal(err)
		}
	}
	save(a, gone)
	for _, x := range []addr.Address{a, gone, nightly} {
		if err := p.SetPaused(t.Context(), x, true); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.SetPaused(t.Context(), src, true); err == nil {
		t.Error("a source was paused")
	}
	want := func(what string, want plan.Pauses) {
		t.Helper()
		if got, err := p.Pauses(); err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v", what, got, err)
		}
	}
	began := plan.Pause{Paused: true, Since: now}
	want("three are paused", plan.Pauses{a: began, gone: began, nightly: began})

	now = now.Add(time.Hour)
	save(a)
	for _, x := range []addr.Address{nightly, a} {
		if err := p.SetPaused(t.Context(), x, x == a); err != nil {
			t.Fatal(err)
		}
	}
	want("one goes on, one was paused already, one is gone", plan.Pauses{a: began, nightly: {Since: now}})
	if err := os.WriteFile(p.flags.Dir+"/.inlay/"+pauseFile, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Pauses(); err == nil {
		t.Error("a torn record was read")
	}
}

// TestStamp: a stamp changes with every file that a plan depends on.
func TestStamp(t *testing.T) {
	p := &Project{world: World{Env: func(string) (string, bool) { return "", false }}, flags: Flags{Dir: t.TempDir()}, config: &lang.Config{Inlay: lang.Inlay{State: ".inlay/state.json"}, Files: []lang.File{{Name: "sub/query.txt"}}}}
	if err := os.MkdirAll(p.flags.Dir+"/sub", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(p.flags.Dir+"/.inlay", 0o700); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{p.Stamp(): true}
	for _, name := range []string{"main.hcl", "more.hcl.json", "my.auto.vars", "sub/query.txt", ".inlay/state.json", ".inlay/" + pauseFile} {
		if err := os.WriteFile(p.flags.Dir+"/"+name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if s := p.Stamp(); seen[s] {
			t.Errorf("writing %s left the stamp as it was", name)
		} else {
			seen[s] = true
		}
	}
	if err := os.WriteFile(p.flags.Dir+"/notes.txt", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if !seen[p.Stamp()] {
		t.Error("a file that is not read changed the stamp")
	}
}
