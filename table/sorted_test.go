package table

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// shuffled makes n wide rows whose names come in no order, with ties.
func shuffled(n int) []testRow {
	r := rand.New(rand.NewPCG(1, 2))
	out := make([]testRow, n)
	for i := range out {
		out[i] = testRow{ID: fmt.Sprintf("%06d", i), Created: ann.Created, Name: fmt.Sprintf("%03d", r.IntN(200)), Rest: `{"wide":"` + strings.Repeat("x", 2000) + `"}`}
	}
	return out
}

// TestSortedParts imports more rows than are in memory at once: each part is sorted by the
// target's columns as a whole, ties stand in order of arrival, and no row is lost.
func TestSortedParts(t *testing.T) {
	rows := shuffled(11_000)
	for _, mode := range []string{spec.Append, spec.Upsert} {
		t.Run(mode, func(t *testing.T) {
			h := newHouse(t, nil)
			s := testSpec(mode, true, "sort_by", []any{"name"})
			tbl := h.create(s)
			x, err := tbl.Begin(context.Background(), h.run(s))
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(rows); i += 500 {
				if err := x.Write(stream.Batch{Rows: rowsOf(rows[i : i+500])}); err != nil {
					t.Fatal(err)
				}
			}
			m, err := x.Commit(Close{})
			if err != nil {
				t.Fatal(err)
			}
			if len(m.Parts) != 1 {
				t.Fatalf("%d parts", len(m.Parts))
			}
			inOrder(t, tbl, len(rows))
			sound(t, tbl)
			if _, err := tbl.Compact(context.Background(), h.run(s)); err != nil {
				t.Fatal(err)
			}
			inOrder(t, tbl, len(rows))
			noLitter(t, h, tbl)
		})
	}
}

func inOrder(t *testing.T, tbl *Table, want int) {
	t.Helper()
	n, last := 0, ""
	for rows, err := range tbl.Rows(context.Background(), []string{"id", "name"}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows.N {
			at := rows.Leaf("name").Strs[i] + " " + rows.Leaf("id").Strs[i]
			if at <= last {
				t.Fatalf("row %d: %s stands behind %s", n, at, last)
			}
			last = at
			n++
		}
	}
	if n != want {
		t.Errorf("%d rows, not %d", n, want)
	}
}
