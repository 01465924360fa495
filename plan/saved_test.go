package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/table"
)

const savedConfig = `
connection "intercom" "acme" {
  access_token = env("TOKEN")
}
source "intercom" "rows" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
  since       = "90d"
}
target "parquet" "t" {
  source   = source.intercom.rows
  schedule = schedule.nightly
}
target "parquet" "u" {
  source = source.intercom.rows
}
schedule "nightly" {
  cron = "10 0 * * *"
}
`

// saved applies savedConfig, and plans another one.
func saved(t *testing.T, edit func(string) string) (*Plan, *world, *lang.Config) {
	t.Helper()
	w := &world{now: start}
	p, problems := Make(w.input(Input{Config: load(t, map[string][]byte{"main.hcl": []byte(savedConfig)}), Version: "0.1.0"}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	w.apply(t, p, nil)
	w.now = start.Add(time.Hour)
	c := load(t, map[string][]byte{"main.hcl": []byte(edit(savedConfig))})
	p, problems = Make(w.input(Input{Config: c, Version: "0.1.0"}))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return p, w, c
}

func other(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

func encode(t *testing.T, p *Plan) []byte {
	t.Helper()
	text, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEncodeGolden(t *testing.T) {
	p, _, _ := saved(t, other(`"users"`, `"leads"`))
	for a, e := range p.State.Targets { // what targets can be set to is not what is pinned here
		e.Spec.Target = setting.Values{"mode": "append", "retain": 2}
		p.State.Targets[a] = e
	}
	for i := range p.Preconditions {
		p.Preconditions[i].Applied, p.Preconditions[i].Built = "applied", "built"
	}
	got := encode(t, p)
	const file = "testdata/plan.json"
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the saved form changed; run with -update and read the difference\n%s", got)
	}
	if bytes.Contains(got, []byte("value of TOKEN")) {
		t.Error("the saved plan holds a secret")
	}
}

func TestDecode(t *testing.T) {
	p, _, _ := saved(t, other(`"users"`, `"leads"`))
	text := encode(t, p)
	replaced := func(old, new string) []byte {
		if !bytes.Contains(text, []byte(old)) {
			t.Fatalf("the plan does not contain %s", old)
		}
		return bytes.Replace(text, []byte(old), []byte(new), 1)
	}
	for _, c := range []struct {
		name string
		text []byte
		want error
	}{
		{"as written", text, nil},
		{"with a newline more", append(bytes.Clone(text), '\n'), nil},
		{"without the last newline", bytes.TrimSpace(text), nil},
		{"another effect", replaced(`"effect": "reimport"`, `"effect": "settings"`), ErrEdited},
		{"another id", replaced(p.ID, strings.Repeat("0", 64)), ErrEdited},
		{"another space", replaced(`"serial": `, `"serial":  `), ErrEdited},
		{"a field more", replaced(`"serial": `, `"extra": 1, "serial": `), ErrEdited},
		{"a newer format", replaced(`"format": 1`, `"format": 2`), ErrNewer},
		{"cut off", text[:len(text)/2], ErrMalformed},
		{"empty", nil, ErrMalformed},
		{"not JSON", []byte("source \"x\" {}"), ErrMalformed},
		{"other JSON", []byte(`{"a": 1}`), ErrMalformed},
		{"null", []byte("null"), ErrMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			back, err := Decode(c.text)
			if !errors.Is(err, c.want) || (err == nil) != (back != nil) {
				t.Fatalf("Decode: %v, want %v", err, c.want)
			}
			if err == nil && !bytes.Equal(encode(t, back), text) {
				t.Error("what was read back is another plan")
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	golden, err := os.ReadFile("testdata/plan.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(golden)
	f.Add([]byte(`{"format": 1, "plan_id": "x"}`))
	f.Add([]byte(`{"format": 1, "plan_id": "", "changes": [{"address": "nonsense"}]}`))
	f.Add([]byte("{\n  \"plan_id\": \"\"}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Decode(text)
		if err == nil {
			if _, err := json.Marshal(p); err != nil {
				t.Errorf("a decoded plan cannot be written: %v", err)
			}
			return
		}
		if !errors.Is(err, ErrEdited) && !errors.Is(err, ErrNewer) && !errors.Is(err, ErrMalformed) {
			t.Errorf("an error of no kind: %v", err)
		}
	})
}

// FuzzDecodeSigned reaches what lies behind the hash: any JSON, with the id that fits it.
func FuzzDecodeSigned(f *testing.F) {
	f.Add(`"changes": [{"address": "target.parquet.t", "effect": "create"}], "state": {}`)
	f.Add(`"imports": [{"address": 3}], "state": {"targets": {"x": {}}}`)
	f.Add(`"preconditions": [{"address": "target.parquet.t"}], "state": {"targets": {"target.parquet.t": {}}}`)
	f.Fuzz(func(t *testing.T, rest string) {
		text := []byte("{\n  \"format\": 1,\n  \"plan_id\": \"\",\n" + rest + "}\n")
		id := contentID(text)
		text = bytes.Replace(text, []byte(idField), []byte(idField+id), 1)
		p, err := Decode(text)
		if err == nil {
			p.Check(&lang.Config{}, nil, table.Seen{})
			p.Summary()
			p.Empty()
		}
	})
}

// TestCheck: what makes a reviewed plan stale, and what does not.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(*testing.T, *world)
		want []string // addresses and beginnings of what moved
	}{
		{"nothing", func(*testing.T, *world) {}, nil},
		{"a scheduled import moved the bookmark", func(t *testing.T, w *world) {
			w.now = w.now.Add(24 * time.Hour)
			p, problems := MakeRuns(RunInput{State: w.state, Seen: w.seen, Now: w.now, Due: true})
			if len(problems) > 0 || len(p.Imports) != 1 {
				t.Fatalf("%d imports are due, %v", len(p.Imports), problems)
			}
			for _, i := range p.Imports {
				w.imported(w.state, i)
			}
		}, nil},
		{"the table was rebuilt", func(_ *testing.T, w *world) {
			w.seen.Tables[0].Head.Spec.Since = "2020-01-01T00:00:00Z"
		}, []string{"target.parquet.t Its table t1 was built anew"}},
		{"the table went", func(_ *testing.T, w *world) { w.seen.Tables[0].Deleted = true }, []string{"target.parquet.t Its table t1 is gone"}},
		{"something else was applied there", func(t *testing.T, w *world) {
			p, _ := Make(w.input(Input{Config: load(t, map[string][]byte{"main.hcl": []byte(other(`"90d"`, `"120d"`)(savedConfig))})}))
			w.apply(t, p, nil)
		}, []string{"source.intercom.rows What was applied", "target.parquet.t What was applied", "target.parquet.u What was applied"}},
		{"the state is another one", func(_ *testing.T, w *world) { w.state.Lineage = "elsewhere" }, []string{" The state is another one"}},
		{"the address is not in the state any more", func(_ *testing.T, w *world) {
			for a := range w.state.Sources {
				delete(w.state.Sources, a)
			}
		}, []string{"source.intercom.rows It is not in the state"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, w, cfg := saved(t, other(`"users"`, `"leads"`))
			c.do(t, w)
			got := p.Check(cfg, w.state, w.seen)
			if len(got) != len(c.want) {
				t.Fatalf("moved: %v", got)
			}
			for i, m := range got {
				text := " " + m.What
				if !m.Address.IsZero() {
					text = m.Address.String() + text
				}
				if !strings.HasPrefix(text, c.want[i]) {
					t.Errorf("%q does not begin with %q", text, c.want[i])
				}
			}
		})
	}
}

// TestCheckOnTheWay: a plan that stopped after some of its work is not stale by that work.
func TestCheckOnTheWay(t *testing.T) {
	p, w, cfg := saved(t, func(s string) string {
		return strings.Replace(s, `"users"`, `"leads"`, 1) + "\ntarget \"parquet\" \"v\" {\n  source = source.intercom.rows\n}\n"
	})
	before := *w
	for _, n := range []int{0, 1, len(p.Imports)} {
		*w = world{state: before.state, seen: table.Seen{Tables: append([]table.SeenTable(nil), before.seen.Tables...)}, now: before.now, tables: before.tables}
		part := *p
		part.Imports = p.Imports[:n]
		w.apply(t, &part, nil)
		if moved := p.Check(cfg, w.state, w.seen); len(moved) > 0 {
			t.Errorf("after %d imports: %v", n, moved)
		}
	}
}

func TestCheckConfig(t *testing.T) {
	p, w, _ := saved(t, other(`"users"`, `"leads"`))
	for name, want := range map[string][]string{
		"main.hcl":  {"The file main.hcl was changed"},
		"other.hcl": {"The file main.hcl, which the plan was made from, is gone", "The file other.hcl is new"},
	} {
		moved := p.Check(load(t, map[string][]byte{name: []byte(savedConfig)}), w.state, w.seen)
		if len(moved) != len(want) {
			t.Fatalf("moved: %v, want %q", moved, want)
		}
		for i, m := range moved {
			if !strings.HasPrefix(m.What, want[i]) {
				t.Errorf("moved: %q, want %q", m.What, want[i])
			}
		}
	}
}

func TestCheckNewTable(t *testing.T) {
	p, w, cfg := saved(t, func(s string) string {
		return s + "\ntarget \"parquet\" \"v\" {\n  source = source.intercom.rows\n}\n"
	})
	w.seen.Tables = append(w.seen.Tables, table.SeenTable{ID: "x", Path: "default/v", Head: table.Manifest{Spec: plain()}})
	moved := p.Check(cfg, w.state, w.seen)
	if len(moved) != 1 || !strings.HasPrefix(moved[0].What, "A table stands at default/v") {
		t.Errorf("moved: %v", moved)
	}
}
