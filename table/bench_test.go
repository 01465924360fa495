package table

import (
	"context"
	"fmt"
	"testing"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// many makes n rows whose keys count up from from, created a second apart.
func many(from, n int) []testRow {
	out := make([]testRow, n)
	for i := range out {
		k := from + i
		out[i] = testRow{ID: fmt.Sprintf("%024d", k*7919%1_000_003), Created: 1_750_000_000 + int64(k), Updated: 1_750_000_000 + int64(k), Name: fmt.Sprintf("Name %d", k), Tags: []string{"a", "b"}, Plan: "pro", Rest: `{"more":"something that nobody declared"}`}
	}
	return out
}

func BenchmarkImport(b *testing.B) {
	page := rowsOf(many(0, 150))
	for b.Loop() {
		h := newHouse(b, nil)
		s := testSpec(spec.Replace, false)
		tbl := h.create(s)
		x, err := tbl.Begin(context.Background(), h.run(s))
		if err != nil {
			b.Fatal(err)
		}
		const pages = 400
		for p := range pages {
			id := page.Leaf("id")
			for i := range id.Strs {
				id.Strs[i] = fmt.Sprintf("%024d", p*150+i)
			}
			if err := x.Write(stream.Batch{Rows: page}); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := x.Commit(Close{}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(pages*150), "rows/op")
	}
}

func BenchmarkUpsert(b *testing.B) {
	h := newHouse(b, nil)
	s := testSpec(spec.Upsert, true)
	tbl := h.create(s)
	h.load(tbl, s, many(0, 200_000))
	changed := many(199_000, 1000)
	for b.Loop() {
		for i := range changed {
			changed[i].Updated++
		}
		h.load(tbl, s, changed)
	}
}

func BenchmarkLook(b *testing.B) {
	h := newHouse(b, nil)
	s := testSpec(spec.Append, true)
	const tables = 1000
	for i := range tables {
		if _, err := h.w.Create(Creation{Run: h.run(s), Path: fmt.Sprintf("crm/t%05d", i)}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		seen, err := h.w.Look()
		if err != nil || len(seen.Tables) != tables {
			b.Fatal(err)
		}
	}
}
