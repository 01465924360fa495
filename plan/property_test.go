package plan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// drawConfig draws a configuration: some of a few connections, sources, schedules and
// targets, each with settings of its own.
func drawConfig(t *rapid.T) *lang.Config {
	c := &lang.Config{Inlay: lang.Inlay{Warehouse: "warehouse"}}
	c.Files = []lang.File{{Name: "main.hcl", SHA256: fmt.Sprint(rapid.Uint64().Draw(t, "file"))}}
	connection := setting.Values{
		"region":      rapid.SampledFrom([]any{"us", "eu"}).Draw(t, "region"),
		"api_version": rapid.SampledFrom([]any{"2", "3"}).Draw(t, "version"),
		"rate_limit":  rapid.SampledFrom([]any{0.5, 0.9}).Draw(t, "rate"),
	}
	ca := addr.Address{Kind: addr.Connection, Type: "intercom", Name: "acme"}
	c.Connections = []lang.Connection{{Block: block(t, ca, connection), Provider: "intercom"}}
	streams := testStreams(connection)
	for _, name := range []string{"s1", "s2"} {
		c.Sources = append(c.Sources, drawSource(t, name, ca, streams))
	}
	nightly := addr.Address{Kind: addr.Schedule, Name: "nightly"}
	values := setting.Values{"cron": rapid.SampledFrom([]any{"10 0 * * *", "0 * * * *"}).Draw(t, "cron"), "timezone": "Asia/Tokyo",
		"paused": rapid.Bool().Draw(t, "paused")}
	parsed, err := schedule.FromSettings(values)
	if err != nil {
		t.Fatal(err)
	}
	c.Schedules = []lang.Schedule{{Block: block(t, nightly, values), Parsed: parsed}}
	for _, name := range []string{"a", "b", "c"} {
		if rapid.IntRange(0, 4).Draw(t, "has "+name) > 0 {
			c.Targets = append(c.Targets, drawTarget(t, name, c, nightly))
		}
	}
	return c
}

func block(t *rapid.T, a addr.Address, v setting.Values) lang.Block {
	return lang.Block{Address: a, Settings: v, Enabled: rapid.IntRange(0, 9).Draw(t, a.String()+" enabled") > 0}
}

func drawSource(t *rapid.T, name string, ca addr.Address, streams []stream.Stream) lang.Source {
	st := rapid.SampledFrom(streams).Draw(t, name+" stream")
	v := setting.Values{"stream": st.Name, "lookback": rapid.SampledFrom([]any{"1h", "2h"}).Draw(t, name+" lookback")}
	if s := rapid.SampledFrom([]any{nil, "90d", "30d", "2026-01-01", "2025-01-01"}).Draw(t, name+" since"); s != nil {
		v["since"] = s
	}
	if rapid.Bool().Draw(t, name+" filter") {
		v["filter"] = map[string]any{"role": rapid.SampledFrom([]any{"user", int64(3)}).Draw(t, name+" role")}
	}
	src := lang.Source{Block: block(t, addr.Address{Kind: addr.Source, Type: "intercom", Name: name}, v), Connection: ca, Stream: st}
	if len(st.Cursors) > 0 && rapid.Bool().Draw(t, name+" incremental") {
		src.Cursor = rapid.SampledFrom(st.Cursors).Draw(t, name+" cursor")
		v["incremental"], v["cursor"] = true, src.Cursor
	}
	return src
}

func drawTarget(t *rapid.T, name string, c *lang.Config, nightly addr.Address) lang.Target {
	src := rapid.SampledFrom(c.Sources).Draw(t, name+" source")
	modes := []any{"append", "replace", "replace_on_new_data", "upsert"}
	v := setting.Values{
		"mode":             rapid.SampledFrom(modes).Draw(t, name+" mode"),
		"partition":        rapid.SampledFrom([]any{"none", "day", "month"}).Draw(t, name+" partition"),
		"timezone":         rapid.SampledFrom([]any{"UTC", "Asia/Tokyo"}).Draw(t, name+" zone"),
		"on_schema_change": rapid.SampledFrom([]any{"add", "ignore"}).Draw(t, name+" schema"),
		"on_remove":        rapid.SampledFrom([]any{"keep", "delete"}).Draw(t, name+" remove"),
		"first_import":     rapid.SampledFrom([]any{"now", "scheduled"}).Draw(t, name+" first"),
		"max_shrink":       0.5, "retain": rapid.Int64Range(1, 3).Draw(t, name+" retain"), "auto_create": true,
	}
	tgt := lang.Target{
		Database: rapid.SampledFrom([]string{"default", "crm"}).Draw(t, name+" database"), Table: name,
		Block:  block(t, addr.Address{Kind: addr.Target, Type: "parquet", Name: name}, v),
		Format: "parquet", Source: src.Address, Stream: src.Stream, Key: src.Stream.Key, Cursor: src.Cursor, Updated: src.Stream.Updated,
	}
	var selection []string
	var overrides []stream.Override
	for _, col := range src.Stream.Columns {
		needed := col.Name == "id" || strings.HasSuffix(col.Name, "_at")
		switch rapid.IntRange(0, 5).Draw(t, name+" "+col.Name) {
		case 0:
			if !needed {
				selection = append(selection, "-"+col.Name)
			}
		case 1:
			if !needed && col.Type.Kind == stream.String {
				overrides = append(overrides, stream.Override{Name: col.Name, Hash: true})
			}
		case 2:
			if !needed {
				overrides = append(overrides, stream.Override{Name: "x_" + col.Name, From: col.Name})
			}
		}
	}
	shape, err := src.Stream.Shape(selection, overrides, nil)
	if err != nil {
		t.Fatal(err)
	}
	tgt.Shape = shape
	if rapid.Bool().Draw(t, name+" time") && src.Stream.Updated != "" {
		v["time_column"] = "updated_at"
	}
	if rapid.Bool().Draw(t, name+" scheduled") {
		tgt.Schedule = &nightly
	}
	return tgt
}

// TestAppliedPlanLeavesNothing: whatever is declared, and then declared instead, once it
// is applied the next plan has nothing to do; the same inputs give the same bytes; and the
// plan is not stale by its own work. Imports that fail leave their work to be shown again.
// A backfill leaves a slot that was due as well to the next plan.
func TestAppliedPlanLeavesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := &world{now: start}
		for step := range 3 {
			c := drawConfig(r)
			p, problems := Make(w.input(Input{Config: c}))
			if len(problems) > 0 {
				r.Fatalf("step %d: %v", step, problems)
			}
			same, _ := Make(w.input(Input{Config: c}))
			one, err := p.Encode()
			two, _ := same.Encode()
			if err != nil || !bytes.Equal(one, two) {
				r.Fatalf("the same inputs gave two plans (%v)", err)
			}
			failing := map[addr.Address]bool{}
			for _, i := range p.Imports {
				failing[i.Address] = rapid.IntRange(0, 3).Draw(r, "fails") == 0
			}
			w.apply(t, p, failing)
			if moved := p.Check(c, w.state, w.seen); len(moved) > 0 && step > 0 {
				r.Fatalf("step %d: stale by its own work: %v", step, moved)
			}
			rest, problems := Make(w.input(Input{Config: c}))
			for _, i := range rest.Imports {
				if !failing[i.Address] && !(i.Why == Due && backfills(p)[i.Address]) {
					r.Fatalf("step %d: %s succeeded and is shown again\n%s", step, i.Address, render(rest, problems))
				}
				delete(failing, i.Address)
			}
			for a, f := range failing {
				if f {
					r.Fatalf("step %d: %s failed and is not shown again\n%s", step, a, render(rest, problems))
				}
			}
			w.apply(t, rest, nil)
			if late := backfills(rest); len(late) > 0 {
				slots, _ := Make(w.input(Input{Config: c}))
				for _, i := range slots.Imports {
					if i.Why != Due || !late[i.Address] {
						r.Fatalf("step %d: %s is not a slot left by a backfill", step, i.Address)
					}
				}
				w.apply(t, slots, nil)
			}
			if done, problems := Make(w.input(Input{Config: c})); !done.Empty() || len(problems) > 0 {
				r.Fatalf("step %d: still something to do\n%s", step, render(done, problems))
			}
			w.now = w.now.Add(time.Duration(rapid.IntRange(1, 72).Draw(r, "hours")) * time.Hour)
		}
	})
}

func backfills(p *Plan) map[addr.Address]bool {
	out := map[addr.Address]bool{}
	for _, i := range p.Imports {
		if i.Backfill {
			out[i.Address] = true
		}
	}
	return out
}

// TestDiffOfEqualConfigs: a configuration differs in nothing from itself.
func TestDiffOfEqualConfigs(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := drawConfig(r)
		if p := Diff(c, c); p.HasChanges() {
			r.Fatalf("differs from itself:\n%s", render(p, nil))
		}
	})
}
