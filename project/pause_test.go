package project

import (
	"os"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// TestPauses: what is paused is remembered, holds back what is due and nothing else, and
// slots passed meanwhile never count.
func TestPauses(t *testing.T) {
	a, b := address(t, "target.parquet.a"), address(t, "target.parquet.b")
	src, conn := address(t, "source.intercom.a"), address(t, "connection.intercom.a")
	now := time.Unix(1_800_000_000, 0).UTC()
	p := &Project{
		world: World{Now: func() time.Time { return now }, Env: func(string) (string, bool) { return "", false }},
		flags: Flags{Dir: t.TempDir()}, config: &lang.Config{Inlay: lang.Inlay{State: ".inlay/state.json"}},
	}
	if err := p.SetPaused(t.Context(), a, true); err == nil {
		t.Error("a target that was never applied was paused")
	}
	held, err := p.states().Lock(t.Context(), state.Holder{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := held.Save(&state.State{Targets: map[addr.Address]state.Target{a: {Source: src, Connection: conn, Table: "A", ScheduledAt: now.Add(-time.Hour)}, b: {Source: src, Connection: conn, Table: "B"}}}); err != nil {
		t.Fatal(err)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	if err := p.SetPaused(t.Context(), a, true); err != nil {
		t.Fatal(err)
	}
	pauses, err := p.Pauses()
	if err != nil || !pauses[a].Paused {
		t.Fatalf("%v %v", pauses, err)
	}
	due := func() *plan.Plan {
		return &plan.Plan{Imports: []plan.Import{{Address: a}, {Address: b}}, Waiting: []plan.Waiting{}}
	}
	made := due()
	holdPaused(made, nil, pauses)
	if len(made.Imports) != 1 || made.Imports[0].Address != b || len(made.Waiting) != 1 || made.Waiting[0].Note != NotePaused {
		t.Errorf("held back: %+v, %+v", made.Imports, made.Waiting)
	}
	made = due()
	if holdPaused(made, []addr.Address{a}, pauses); len(made.Imports) != 2 {
		t.Error("what was asked for by name was held back")
	}

	now = now.Add(time.Hour)
	if err := p.SetPaused(t.Context(), a, false); err != nil {
		t.Fatal(err)
	}
	if pauses, err = p.Pauses(); err != nil {
		t.Fatal(err)
	}
	st, err := p.State()
	if err != nil {
		t.Fatal(err)
	}
	out := resumed(st, pauses)
	if !out.Targets[a].ScheduledAt.Equal(now) || out.Targets[b].ScheduledAt.Equal(now) || st.Targets[a].ScheduledAt.Equal(now) {
		t.Errorf("slots count since %v", out.Targets)
	}
	if err := os.WriteFile(p.flags.Dir+"/.inlay/"+pauseFile, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Pauses(); err == nil {
		t.Error("a torn record was read")
	}
}

// TestStamp: a stamp changes with every file that a plan depends on.
func TestStamp(t *testing.T) {
	p := &Project{flags: Flags{Dir: t.TempDir()}, config: &lang.Config{Inlay: lang.Inlay{State: ".inlay/state.json"}, Files: []lang.File{{Name: "sub/query.txt"}}}}
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
