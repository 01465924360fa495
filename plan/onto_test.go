package plan

import (
	"testing"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
)

func planned(t *testing.T, w *world, c *lang.Config, o Options) *Plan {
	t.Helper()
	p, problems := Make(w.input(Input{Config: c, Version: "0.1.0", Options: o}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p
}

func target(t *testing.T, name string) addr.Address {
	t.Helper()
	a, err := addr.Parse("target.parquet." + name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestOntoKeepsWhatOthersApplied: two plans of one moment about different targets, applied
// one after the other, leave nothing to do.
func TestOntoKeepsWhatOthersApplied(t *testing.T) {
	w := &world{now: start}
	c := load(t, map[string][]byte{"main.hcl": []byte(savedConfig)})
	w.apply(t, planned(t, w, c, Options{}), nil)
	c = load(t, map[string][]byte{"main.hcl": []byte(other(`schedule = schedule.nightly`, "schedule = schedule.nightly\n  partition = \"day\"")(other("target \"parquet\" \"u\" {", "target \"parquet\" \"u\" {\n  partition = \"year\"")(savedConfig)))})
	first := planned(t, w, c, Options{Only: []addr.Address{target(t, "t")}})
	second := planned(t, w, c, Options{Only: []addr.Address{target(t, "u")}})
	w.apply(t, first, nil)
	if moved := second.Check(c, w.state, w.seen); len(moved) > 0 {
		t.Fatal(moved)
	}
	second = second.Onto(w.state)
	if second.State.Serial != w.state.Serial {
		t.Errorf("serial %d on a state of serial %d", second.State.Serial, w.state.Serial)
	}
	w.apply(t, second, nil)
	if p := planned(t, w, c, Options{}); p.HasChanges() {
		t.Errorf("there is still something to do: %+v", p.Changes)
	}
}

// TestOntoGoesOn: a plan that made its changes and failed in an import makes no table again.
func TestOntoGoesOn(t *testing.T) {
	w := &world{now: start}
	c := load(t, map[string][]byte{"main.hcl": []byte(savedConfig)})
	p := planned(t, w, c, Options{})
	w.apply(t, p, map[addr.Address]bool{target(t, "u"): true})
	if moved := p.Check(c, w.state, w.seen); len(moved) > 0 {
		t.Fatal(moved)
	}
	on := p.Onto(w.state)
	if len(on.Changes) != 0 {
		t.Errorf("changes are made again: %+v", on.Changes)
	}
	if id := on.State.Targets[target(t, "u")].Table; id == "" || id != w.state.Targets[target(t, "u")].Table {
		t.Errorf("the table that was made is %q, and the plan goes on with %q", w.state.Targets[target(t, "u")].Table, id)
	}
	if len(p.Changes) == 0 {
		t.Error("the plan itself was changed")
	}
	w.apply(t, on, nil)
	if p := planned(t, w, c, Options{}); p.HasChanges() || len(p.Imports) > 0 {
		t.Errorf("there is still something to do: %+v %+v", p.Changes, p.Imports)
	}
}

// TestOntoRemoves: what the plan removes goes, once.
func TestOntoRemoves(t *testing.T) {
	p, w, _ := saved(t, func(string) string { return "" })
	on := p.Onto(w.state)
	if len(on.Changes) != len(p.Changes) || len(on.State.Targets) != 0 {
		t.Errorf("%d of %d changes, %d targets left", len(on.Changes), len(p.Changes), len(on.State.Targets))
	}
	w.apply(t, on, nil)
	if again := p.Onto(w.state); len(again.Changes) != 0 {
		t.Errorf("removed again: %+v", again.Changes)
	}
}
