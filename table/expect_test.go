package table

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/spec"
)

func TestExpectations(t *testing.T) {
	for _, c := range []struct {
		name   string
		expect map[string]any
		broken string // part of the detail; "" holds
	}{
		{"not null holds", map[string]any{"not_null": []any{"name"}}, ""},
		{"not null", map[string]any{"not_null": []any{"created_at"}}, "1 changed rows"},
		{"accepted", map[string]any{"accepted_values": map[string]any{"name": []any{"Ann", "Cleo"}}}, ""},
		{"not accepted", map[string]any{"accepted_values": map[string]any{"name": []any{"Ann"}}}, "1 changed rows"},
		{"condition", map[string]any{"condition": `created_at == null || created_at < "2026-11-01"`}, ""},
		{"broken condition", map[string]any{"condition": `size % 2 == 0`}, "2 changed rows"},
		{"unique", map[string]any{"unique": []any{"id"}}, ""},
		{"not unique", map[string]any{"unique": []any{"size"}}, "2 rows repeat"},
		{"min_rows", map[string]any{"min_rows": int64(3)}, ""},
		{"too few", map[string]any{"min_rows": int64(4)}, "would have 3 rows"},
		{"max_age", map[string]any{"max_age": "9w"}, ""},
		{"too old", map[string]any{"max_age": "1d12h"}, "max_age is 1d12h"},
	} {
		for _, severity := range []string{SeverityError, SeverityWarn} {
			t.Run(c.name+"/"+severity, func(t *testing.T) {
				h := newHouse(t, nil)
				plain := testSpec(spec.Append, true)
				tbl := h.create(plain)
				h.load(tbl, plain, []testRow{{ID: "old", Created: day.Unix() - 40*24*3600}})
				c.expect["name"], c.expect["severity"] = "words", severity
				s := testSpec(spec.Append, true, "expect", []any{c.expect})
				run := h.run(s)
				m, err := load(tbl, run, Close{Bookmark: "new"}, []testRow{ann, cleo})
				var failed *ErrExpect
				switch {
				case c.broken == "" && (err != nil || len(m.Expect) > 0):
					t.Fatalf("%v %+v", err, m.Expect)
				case c.broken != "" && severity == SeverityWarn && (err != nil || len(m.Expect) != 1 || !strings.Contains(m.Expect[0].Detail, c.broken)):
					t.Fatalf("%v %+v", err, m.Expect)
				case c.broken != "" && severity == SeverityError && (!errors.As(err, &failed) || !strings.Contains(failed.Failed[0].Detail, c.broken)):
					t.Fatal(err)
				case failed != nil:
					heldBack(t, h, tbl, run, HeldByExpect, 2)
				}
			})
		}
	}
}

// heldBack checks that a result is staged, readers see the old snapshot, and a later
// attempt of the run can end it without reading again.
func heldBack(t *testing.T, h *house, tbl *Table, run Run, why string, rows int64) {
	t.Helper()
	sound(t, tbl)
	seen, err := h.w.Look()
	if err != nil || len(seen.Tables[0].Staged) != 1 {
		t.Fatalf("%+v %v", seen, err)
	}
	if s := seen.Tables[0].Staged[0]; s.Why != why || s.Rows != rows || s.Run != run.ID {
		t.Fatalf("%+v", s)
	}
	n := 0
	for r, err := range tbl.StagedRows(context.Background(), run.ID, []string{"id"}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		n += r.N
	}
	if int64(n) != rows {
		t.Fatalf("%d staged rows can be looked at", n)
	}
	x, err := tbl.Begin(context.Background(), run)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := x.Closed(); !ok {
		t.Error("the held result cannot be ended")
	}
	if err := x.Abort(); err != nil {
		t.Fatal(err)
	}
}

func TestMaxShrinkHoldsTheResult(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Replace, false)
	tbl := h.create(s)
	var many []testRow
	for i := range 120 {
		many = append(many, testRow{ID: fmt.Sprint(i), Created: ann.Created})
	}
	h.load(tbl, s, many)
	run := h.run(s)
	_, err := load(tbl, run, Close{Bookmark: "next"}, many[:50])
	var shrink *ErrShrink
	if !errors.As(err, &shrink) || shrink.Before != 120 || shrink.After != 50 {
		t.Fatal(err)
	}
	heldBack(t, h, tbl, run, HeldByShrink, 50)
	run.AllowShrink = true
	x, err := tbl.Begin(context.Background(), run)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := x.Closed()
	if !ok {
		t.Fatal("the held result cannot be ended")
	}
	m, err := x.Commit(c)
	if err != nil || m.Rows != 50 || m.Bookmark != "next" {
		t.Fatalf("%+v %v", m, err)
	}
	sound(t, tbl)
}
