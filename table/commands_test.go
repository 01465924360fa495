package table

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable/durabletest"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// Every operation of every command that writes fails in every way; the command run again
// ends as if nothing had been.
func TestEveryCommandMayFail(t *testing.T) {
	ctx, s := context.Background(), testSpec(spec.Append, false)
	daily := testSpec(spec.Append, false, "partition", "day")
	own := func(id string) Run { return Run{ID: id, Address: "target.parquet.users", Lineage: "lin"} }
	for _, c := range []struct {
		name string
		do   func(*Table) error
		want []testRow
	}{
		{"rewrite", func(tbl *Table) error {
			r := own("rewrite")
			r.Spec = daily
			_, err := tbl.Rewrite(ctx, r)
			return err
		}, []testRow{ann, bob, ann, cleo}},
		{"compact", func(tbl *Table) error { _, err := tbl.Compact(ctx, own("compact")); return err }, []testRow{ann, bob, ann, cleo}},
		{"erase", func(tbl *Table) error {
			_, err := tbl.Erase(ctx, []stream.Key{{"a"}}, own("erase"))
			return err
		}, []testRow{bob, cleo}},
		{"rollback", func(tbl *Table) error { _, err := tbl.Rollback(2, own("rollback")); return err }, []testRow{ann, bob}},
		{"move", func(tbl *Table) error {
			r := own("move")
			r.Spec = s
			_, err := tbl.Settle(r, Settlement{Path: "sales/people"})
			return err
		}, []testRow{ann, bob, ann, cleo}},
		{"prune", func(tbl *Table) error { _, err := tbl.Prune(); return err }, []testRow{ann, bob, ann, cleo}},
		{"delete", func(tbl *Table) error { return tbl.Delete(own("delete")) }, nil},
	} {
		step := every(29)
		for k, way := range durabletest.Ways() {
			t.Run(c.name+"/"+string(way), func(t *testing.T) {
				t.Parallel()
				for n := 1 + 2*k%step; ; n += step {
					h := newHouse(t, nil)
					tbl := h.create(s)
					h.load(tbl, s, []testRow{ann, bob})
					h.load(tbl, s, []testRow{ann, cleo})
					faults := &durabletest.Nth{N: n, Way: way}
					h.reopen(faults)
					again := &Table{wh: h.w, id: tbl.id}
					err := c.do(again)
					reached := faults.Reached()
					if !reached && err != nil {
						t.Fatal(err)
					}
					h.reopen(nil)
					again = &Table{wh: h.w, id: tbl.id}
					if err := c.do(again); err != nil {
						t.Fatalf("after operation %d: %v", n, err)
					}
					endsAs(t, h, again, c.want, fmt.Sprintf("operation %d", n))
					if !reached {
						break
					}
				}
			})
		}
	}
}

func endsAs(t *testing.T, h *house, tbl *Table, rows []testRow, after string) {
	t.Helper()
	if rows == nil {
		seen, err := h.w.Look()
		if err != nil || len(seen.Tables) != 1 || !seen.Tables[0].Deleted || seen.Tables[0].Pending || len(seen.Foreign) > 0 {
			t.Fatalf("after %s: %+v %v", after, seen, err)
		}
		return
	}
	if err := tbl.Publish(); err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	same(t, dump(t, tbl, "id", "name"), names(rows))
	sound(t, tbl)
	h.clock.now = time.Now().Add(3 * time.Hour)
	if _, err := tbl.Prune(); err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	sound(t, tbl)
	noLitter(t, h, tbl)
	seen, err := h.w.Look()
	if err != nil || seen.Tables[0].Pending || len(seen.Foreign) > 0 {
		t.Fatalf("after %s: %+v %v", after, seen, err)
	}
}

func names(rows []testRow) []string {
	var out []string
	for _, r := range rows {
		out = append(out, fmt.Sprintf("id=%s;name=%s;", r.ID, r.Name))
	}
	slices.Sort(out)
	return out
}
