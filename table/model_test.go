package table

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// model is what a table should hold, kept as plainly as can be.
type model struct {
	mode        string
	incremental bool
	rows        []testRow // of append full copies; otherwise one per key
}

// run is what one run's rows do to the model.
func (m *model) run(batches [][]testRow) {
	var own []testRow
	for _, b := range batches {
		for _, r := range b {
			own = put(own, r)
		}
	}
	switch {
	case m.mode == spec.Replace, m.mode == spec.ReplaceOnNewData && len(own) > 0:
		m.rows = own
	case m.mode == spec.Upsert:
		for _, r := range own {
			m.rows = put(m.rows, r)
		}
	case m.mode == spec.Append && !m.incremental:
		m.rows = append(m.rows, own...)
	case m.mode == spec.Append:
		for _, r := range own {
			if !has(m.rows, r.ID) {
				m.rows = append(m.rows, r)
			}
		}
	}
}

func has(rows []testRow, id string) bool {
	for _, r := range rows {
		if r.ID == id {
			return true
		}
	}
	return false
}

// put keeps one row per key: the newer, and of equals the later.
func put(rows []testRow, r testRow) []testRow {
	for i, old := range rows {
		if old.ID != r.ID {
			continue
		}
		if old.Updated == 0 || r.Updated == 0 || r.Updated >= old.Updated {
			rows[i] = r
		}
		return rows
	}
	return append(rows, r)
}

func (m *model) erase(id string) {
	var left []testRow
	for _, r := range m.rows {
		if r.ID != id {
			left = append(left, r)
		}
	}
	m.rows = left
}

// drawRow draws a row. A key has a version always or never, as a service either tells it
// or does not: between rows of both sorts there is no order that would not depend on how they are read.
func drawRow(t *rapid.T) testRow {
	id := rapid.IntRange(0, 30).Draw(t, "id")
	r := testRow{
		ID:      fmt.Sprintf("k%02d", id),
		Created: rapid.SampledFrom([]int64{0, unix(2026, 1, 1), unix(2026, 1, 15), unix(2026, 2, 1), unix(1969, 12, 31)}).Draw(t, "created"),
		Name:    rapid.SampledFrom([]string{"", "Ann", "ünï", "a\x00b"}).Draw(t, "name"),
		Plan:    rapid.SampledFrom([]string{"", "pro"}).Draw(t, "plan"),
	}
	if id%4 != 0 {
		r.Updated = rapid.Int64Range(1, 5).Draw(t, "updated")
	}
	switch n := rapid.IntRange(-1, 3).Draw(t, "tags"); {
	case n >= 0:
		r.Tags = []string{}
		for i := range n {
			r.Tags = append(r.Tags, rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, fmt.Sprint("tag", i)))
		}
	}
	return r
}

// Random sequences of everything that changes a table agree with the model: on disk, and
// on an object store, where two machines take turns and lose their mirrors now and then.
func TestRandomHistoriesAgreeWithAModel(t *testing.T) {
	if !*long {
		checks := "12"
		if testing.Short() {
			checks = "4"
		}
		for name, n := range map[string]string{"rapid.checks": checks, "rapid.steps": "12"} {
			if err := flag.Set(name, n); err != nil {
				t.Fatal(err)
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{mode: rapid.SampledFrom([]string{spec.Append, spec.Replace, spec.ReplaceOnNewData, spec.Upsert}).Draw(rt, "mode")}
		m.incremental = m.mode == spec.Upsert || m.mode == spec.Append && rapid.Bool().Draw(rt, "incremental")
		partition := rapid.SampledFrom([]string{PartitionNone, PartitionMonth, PartitionDay}).Draw(rt, "partition")
		of := func() spec.Spec {
			return testSpec(m.mode, m.incremental, "partition", partition, "max_shrink", 1.0)
		}
		h := &house{t: t, dir: scratch(t), clock: &clock{now: day}}
		if rapid.Bool().Draw(rt, "on a store") {
			h.store = objectstest.New(t)
		}
		h.reopen(nil)
		tbl, mirror, other := h.create(of()), h, h.beside()
		ctx := context.Background()
		check := func(err error) {
			if err != nil {
				rt.Fatal(err)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"import": func(rt *rapid.T) {
				batches := rapid.SliceOfN(rapid.SliceOfN(rapid.Custom(drawRow), 0, 12), 0, 4).Draw(rt, "batches")
				x, err := tbl.Begin(ctx, h.run(of()))
				check(err)
				for i, b := range batches {
					check(x.Write(stream.Batch{Rows: rowsOf(b)}))
					if rapid.Bool().Draw(rt, fmt.Sprint("checkpoint", i)) {
						check(x.Checkpoint("on"))
					}
				}
				_, err = x.Commit(Close{})
				check(err)
				m.run(batches)
			},
			"failed import": func(rt *rapid.T) {
				x, err := tbl.Begin(ctx, h.run(of()))
				check(err)
				check(x.Write(stream.Batch{Rows: rowsOf([]testRow{drawRow(rt)})}))
				check(x.Abort())
			},
			"compact": func(*rapid.T) {
				_, err := tbl.Compact(ctx, Run{ID: "compact", Lineage: "lin"})
				check(err)
			},
			"rewrite": func(rt *rapid.T) {
				partition = rapid.SampledFrom([]string{PartitionNone, PartitionMonth, PartitionYear, PartitionHour}).Draw(rt, "to")
				_, err := tbl.Rewrite(ctx, h.run(of()))
				check(err)
			},
			"erase": func(rt *rapid.T) {
				id := fmt.Sprintf("k%02d", rapid.IntRange(0, 30).Draw(rt, "whom"))
				_, err := tbl.Erase(ctx, []stream.Key{{id}}, Run{ID: "erase", Lineage: "lin"})
				check(err)
				m.erase(id)
			},
			"another machine": func(rt *rapid.T) {
				if h.store == nil {
					rt.Skip("there is one")
				}
				if mirror, other = other, mirror; rapid.Bool().Draw(rt, "forgot all") {
					check(os.RemoveAll(mirror.dir))
				}
				var err error
				tbl, err = mirror.w.TableAt("crm/users")
				check(err)
			},
			"time passes": func(*rapid.T) {
				h.clock.now = h.clock.now.Add(2 * time.Hour)
				_, err := tbl.Prune()
				check(err)
			},
			"": func(*rapid.T) {
				same(rt, dump(rt, tbl), want(m.rows...))
				damage, err := tbl.Check(ctx)
				check(err)
				if len(damage) > 0 {
					rt.Fatal(damage)
				}
			},
		})
		check(errors.Join(h.w.Close()))
	})
}

// The number of files grows with the logarithm of the number of commits.
func TestSmallPartsFoldTogether(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	var all []testRow
	most := 0
	for i := range 100 {
		r := testRow{ID: fmt.Sprintf("%03d", i), Created: ann.Created, Name: "n"}
		all = append(all, r)
		most = max(most, len(h.load(tbl, s, []testRow{r}).Parts))
	}
	same(t, dump(t, tbl), want(all...))
	if most > 7 {
		t.Errorf("100 commits made %d parts of one partition", most)
	}
}
