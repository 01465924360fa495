package plan

import (
	"fmt"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// manyTargets is a configuration of n targets, each with a source of its own, of 40 columns.
func manyTargets(tb testing.TB, n int) *lang.Config {
	st := stream.Stream{Name: "users", Key: []string{"id"}, Cursors: []string{"created_at"}}
	for i := range 40 {
		st.Columns = append(st.Columns, stream.Column{Name: fmt.Sprintf("column_%02d", i), Type: stream.Scalar(stream.String), Doc: "what it holds"})
	}
	shape, err := st.Shape(nil, nil, nil)
	if err != nil {
		tb.Fatal(err)
	}
	nightly := addr.Address{Kind: addr.Schedule, Name: "nightly"}
	when := setting.Values{"cron": "10 0 * * *", "timezone": "Asia/Tokyo"}
	parsed, err := schedule.FromSettings(when)
	if err != nil {
		tb.Fatal(err)
	}
	acme := addr.Address{Kind: addr.Connection, Type: "intercom", Name: "acme"}
	c := &lang.Config{
		Connections: []lang.Connection{{Block: lang.Block{Address: acme, Enabled: true, Settings: setting.Values{"region": "us", "api_version": "2"}}, Provider: "intercom"}},
		Schedules:   []lang.Schedule{{Block: lang.Block{Address: nightly, Enabled: true, Settings: when}, Parsed: parsed}},
	}
	defaults := setting.Values{}
	for _, s := range table.Settings() {
		if s.Default != nil && !s.Place {
			defaults[s.Name] = s.Default
		}
	}
	for i := range n {
		key := fmt.Sprintf("%05d", i)
		src := addr.Address{Kind: addr.Source, Type: "intercom", Name: "all", Key: key, Keyed: true}
		tgt := addr.Address{Kind: addr.Target, Type: "parquet", Name: "all", Key: key, Keyed: true}
		c.Sources = append(c.Sources, lang.Source{Connection: acme, Stream: st, Block: lang.Block{Address: src, Enabled: true,
			Settings: setting.Values{"stream": "users", "incremental": true, "lookback": "1h"}}})
		c.Targets = append(c.Targets, lang.Target{Source: src, Schedule: &nightly, Stream: st, Shape: shape, Key: st.Key, Cursor: "created_at",
			Database: "default", Table: "t" + key, Block: lang.Block{Address: tgt, Enabled: true, Settings: defaults}})
	}
	return c
}

// quiet is a state and a warehouse in which a configuration is applied and imported.
func quiet(tb testing.TB, c *lang.Config) Input {
	p, problems := Make(Input{Config: c, Now: start})
	if len(problems) > 0 {
		tb.Fatal(problems)
	}
	st, seen := settled(p, state.State{Lineage: "home"}, start)
	for i := range seen.Tables {
		seen.Tables[i].Head.Rows = 1
	}
	return Input{Config: c, State: reread(tb, &st), Seen: seen, Now: start.Add(time.Hour)}
}

// TestCostIsLinear counts allocations, which do not depend on the machine: twice the
// targets may cost little more than twice.
func TestCostIsLinear(t *testing.T) {
	cost := func(n int) float64 {
		in := quiet(t, manyTargets(t, n))
		return testing.AllocsPerRun(1, func() {
			if p, problems := Make(in); !p.Empty() || len(problems) > 0 {
				t.Fatalf("%d changes, %d imports, %v", len(p.Changes), len(p.Imports), problems)
			}
		})
	}
	small, large := cost(500), cost(1000)
	if large > 2.3*small {
		t.Errorf("500 targets take %.0f allocations, 1000 take %.0f", small, large)
	}
}

func BenchmarkMakeNothingToDo(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := quiet(b, manyTargets(b, n))
			b.ReportAllocs()
			for b.Loop() {
				if p, _ := Make(in); !p.Empty() {
					b.Fatal("something to do")
				}
			}
		})
	}
}
