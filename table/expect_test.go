package table

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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

func TestConditions(t *testing.T) {
	kinds := map[string]valueKind{"n": numberValue, "f": numberValue, "s": textValue, "b": boolValue, "t": timeValue, "z": numberValue}
	compile := func(text string) (*condition, error) {
		return compileCondition(text, func(c string) (valueKind, error) {
			k, ok := kinds[c]
			if !ok {
				return 0, fmt.Errorf("there is no column %q", c)
			}
			return k, nil
		})
	}
	row := map[string]value{"n": {exact: true, n: 9007199254740993, f: 9007199254740992}, "f": {f: 2.5}, "s": {s: "hi ${x}"}, "b": {b: true},
		"t": {exact: true, n: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC).UnixMicro()}, "z": {null: true}}
	for text, want := range map[string]string{
		"n == 9007199254740993": "true", "n == 9007199254740992": "false", "n - 1 == 9007199254740992": "true", "f * 2 == 5": "true",
		"1 + 2 * 3 == 7 && b": "true", "(1 + 2) * 3 == 7": "false", "!b || f < 3": "true", "-f < 0": "true", `s == "hi $${x}"`: "true",
		`t >= "2026-01-02" && t < "2026-01-02T00:00:01Z"`: "true", "z == null": "true", "z != null": "false", "z > 1": "null", "z > 1 && !b": "false",
		"z > 1 || b": "true", "7 / 2 == 3.5": "true", "7 % 4 == 3": "true", "1 / 0 == 1": "false", "true": "true", "null": "null",
		"9223372036854775807 + 1 > 0": "true",
	} {
		c, err := compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		values := make([]value, len(c.columns))
		for i, name := range c.columns {
			values[i] = row[name]
		}
		got := "null"
		if v := c.eval(values); !v.null {
			got = fmt.Sprint(v.b)
		}
		if got != want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "n +", "n", "nope == 1", `n == "x"`, "s && b", "f(1)", "n ? 1 : 2", "(n == 1", `"open`, "n == 1 1", strings.Repeat("(", 500)} {
		if _, err := compile(text); err == nil {
			t.Errorf("%q was accepted", text)
		}
	}
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{`a == 1`, `!(a < b) && s != "x"`, `"\u00e9" == s`, `1e999 > 0`, `-9223372036854775808 / -1 == 1`, "a--b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := compileCondition(text, func(string) (valueKind, error) { return numberValue, nil })
		if err == nil {
			c.eval(make([]value, len(c.columns)))
		}
	})
}
