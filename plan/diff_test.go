package plan

import (
	"testing"

	"github.com/inlay-sync/inlay/addr"
)

const diffBase = `
connection "intercom" "acme" {
  access_token = env("TOKEN")
}
source "intercom" "rows" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}
`

// TestDiff compares two configurations by the rules of a plan, and tells changes alone.
func TestDiff(t *testing.T) {
	one := diffBase + "target \"parquet\" \"t\" {\n  source = source.intercom.rows\n  lifecycle {\n    prevent_destroy = true\n  }\n}\ntarget \"parquet\" \"old\" {\n  source = source.intercom.rows\n  on_remove = \"delete\"\n}\n"
	two := diffBase + "target \"parquet\" \"t\" {\n  source = source.intercom.rows\n  partition = \"day\"\n  columns = [\"*\", \"-email\"]\n}\ntarget \"parquet\" \"new\" {\n  source = source.intercom.rows\n}\n"
	a := load(t, map[string][]byte{"main.hcl": []byte(one)})
	b := load(t, map[string][]byte{"main.hcl": []byte(two)})
	p := Diff(a, b)
	want := `create target.parquet.new added
rewrite target.parquet.t
    partition: month -> day  rewrite main.hcl:12
        rows move to other folders
    columns: email:string -> <nil>  rewrite main.hcl:13
        it is removed from every part, and from older snapshots once readers are done
    prevent_destroy: true -> false  settings main.hcl:10
delete target.parquet.old removed
    block: declared -> <nil>  delete
        its files go too, with every snapshot
`
	if got := render(p, nil); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if len(p.Imports)+len(p.Waiting) > 0 || p.State != nil {
		t.Error("a difference holds imports or a state")
	}
}

// TestRunFamilies: without a configuration, who shares a read with whom is told as data.
func TestRunFamilies(t *testing.T) {
	w := &world{now: start}
	c := load(t, map[string][]byte{"main.hcl": []byte(`
connection "intercom" "acme" {
  access_token = env("TOKEN")
}
source "intercom" "c" {
  connection  = connection.intercom.acme
  stream      = "conversations"
  incremental = true
}
source "intercom" "p" {
  connection  = connection.intercom.acme
  stream      = "conversation_parts"
  incremental = true
}
target "parquet" "c" {
  source = source.intercom.c
}
target "parquet" "p" {
  source = source.intercom.p
}
`)})
	p, problems := Make(w.input(Input{Config: c}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w.apply(t, p, nil)
	for _, families := range []map[string]map[string]string{nil, {"intercom": {"conversation_parts": "conversations"}}} {
		p, problems := MakeRuns(RunInput{State: w.state, Seen: w.seen, Now: w.now, Options: Options{RunAll: true}, Families: families})
		if len(problems) > 0 || len(p.Imports) != 2 {
			t.Fatalf("%d imports, %v", len(p.Imports), problems)
		}
		if shared := p.Imports[0].Group == p.Imports[1].Group; shared != (families != nil) {
			t.Errorf("families %v: shared is %v", families, shared)
		}
	}
}

func TestSummary(t *testing.T) {
	a := addr.Address{Kind: addr.Target, Type: "parquet", Name: "t"}
	p := &Plan{
		Changes: []Change{{Address: a, Effect: Settings}, {Address: a, Effect: Delete}, {Address: a, Effect: Settings}},
		Imports: []Import{{Address: a, Why: Due}, {Address: a, Why: New}},
	}
	s := p.Summary()
	if len(s.Effects) != 2 || s.Effects[0] != (EffectCount{Settings, 2}) || s.Effects[1] != (EffectCount{Delete, 1}) {
		t.Errorf("effects: %v", s.Effects)
	}
	if len(s.Imports) != 2 || s.Imports[0] != (WhyCount{New, 1}) || s.Imports[1] != (WhyCount{Due, 1}) {
		t.Errorf("imports: %v", s.Imports)
	}
	if p.Empty() || !p.HasChanges() || p.HasDamage() {
		t.Error("a plan with changes and no damage says otherwise")
	}
	if due := (&Plan{Imports: p.Imports}); due.HasChanges() || due.Empty() {
		t.Error("imports alone are no change, and something to do")
	}
	if broken := (&Plan{Changes: []Change{{Repair: []string{"x"}}}}); !broken.HasDamage() {
		t.Error("a repair is damage")
	}
}

func TestResolveSince(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"2026-01-02":                "2026-01-02T00:00:00Z",
		"2026-01-02T03:04:05+09:00": "2026-01-01T18:04:05Z",
		"2026-01-02T03:04:05":       "2026-01-02T03:04:05Z",
		"90d":                       "2026-08-25T03:00:00Z",
		"1w12h":                     "2026-11-15T15:00:00Z",
		"1.5d":                      "2026-11-21T15:00:00Z",
		"90":                        "",
		"d":                         "",
		"-3d":                       "",
		"99999999999999999999d":     "",
	} {
		if got := resolveSince(text, start); got != want {
			t.Errorf("resolveSince(%q) = %q, want %q", text, got, want)
		}
	}
}
