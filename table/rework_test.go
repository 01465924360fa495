package table

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// reshape is a spec with other fields.
func reshape(s spec.Spec, edit func(*stream.Shape)) spec.Spec {
	sh := stream.Shape{Fields: slices.Clone(s.Shape.Fields), Omit: slices.Clone(s.Shape.Omit)}
	edit(&sh)
	s.Shape = sh
	return s
}

func TestRewrite(t *testing.T) {
	base := testSpec(spec.Append, false)
	rows := [][]testRow{{ann, bob}, {with(bob, bob.Updated+1, "Bobby"), dan}}
	field := func(name string, k stream.Kind, from ...string) stream.Field {
		return stream.Field{Column: stream.Column{Name: name, Type: stream.Scalar(k)}, From: from}
	}
	retarget := func(settings ...any) spec.Spec { return testSpec(spec.Append, false, settings...) }
	for _, c := range []struct {
		name    string
		to      spec.Spec
		columns []string
		want    []string
	}{
		{"partition", retarget("partition", "day"), []string{"id", "name"}, []string{"id=a;name=Ann;", "id=b;name=Bob;", "id=b;name=Bobby;", "id=d;name=Dan;"}},
		{"none", retarget("partition", "none"), []string{"id"}, []string{"id=a;", "id=b;", "id=b;", "id=d;"}},
		{"upsert", testSpec(spec.Upsert, true), []string{"id", "name"}, []string{"id=a;name=Ann;", "id=b;name=Bobby;", "id=d;name=Dan;"}},
		{"renamed", reshape(base, func(s *stream.Shape) { s.Fields[3].Name = "full_name" }), []string{"full_name"}, []string{"full_name=Ann;", "full_name=Bob;", "full_name=Bobby;", "full_name=Dan;"}},
		{"dropped", reshape(base, func(s *stream.Shape) { s.Fields = slices.Delete(s.Fields, 3, 4); s.Omit = [][]string{{"name"}} }), []string{"id"}, []string{"id=a;", "id=b;", "id=b;", "id=d;"}},
		{"wider", reshape(base, func(s *stream.Shape) { s.Fields[4].Type = stream.Scalar(stream.String) }), []string{"size"}, []string{"size=9007199254740993;", "size=9007199254740993;", "size=9007199254740993;", "size=9007199254740993;"}},
		{"promoted from a struct", reshape(base, func(s *stream.Shape) { s.Fields = append(s.Fields, field("plan", stream.String, "more", "plan")) }), []string{"id", "plan"}, []string{"id=a;plan=pro;", "id=b;plan=null0;", "id=b;plan=null0;", "id=d;plan=null0;"}},
		{"added from the rest", reshape(base, func(s *stream.Shape) { s.Fields = append(s.Fields, field("extra", stream.Int, "extra")) }), []string{"id", "extra", "_rest"}, []string{"id=a;extra=1;_rest=null0;", "id=b;extra=null0;_rest=null0;", "id=b;extra=null0;_rest=null0;", "id=d;extra=null0;_rest=null0;"}},
		{"hashed", reshape(base, func(s *stream.Shape) { s.Fields[3].Hash = true }), []string{"name"}, []string{"name=" + hashed("Ann") + ";", "name=" + hashed("Bob") + ";", "name=" + hashed("Bobby") + ";", "name=" + hashed("Dan") + ";"}},
		{"a field inside a struct", reshape(base, func(s *stream.Shape) {
			s.Fields[6].Type = stream.StructOf(append(slices.Clone(s.Fields[6].Type.Fields), stream.Column{Name: "seats", Type: stream.Scalar(stream.Int)})...)
		}), []string{"id", "more"}, []string{"id=a;more.plan=pro;more.paid=true;more.seats=null1;", "id=b;more.plan=null0;more.paid=null0;more.seats=null0;", "id=b;more.plan=null0;more.paid=null0;more.seats=null0;", "id=d;more.plan=null0;more.paid=null0;more.seats=null0;"}},
		{"the added time from a column", retarget("time_column", "", "time", map[string]any{"from": "created_at"}), []string{"time"}, []string{"time=1738281600000000;", "time=1790812800000000;", "time=1793491200000000;", "time=1793491200000000;"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			tbl := h.create(base)
			for _, r := range rows {
				h.load(tbl, base, r)
			}
			run := h.run(c.to)
			run.HashKey = setting.NewSecret("key")
			m, err := tbl.Rewrite(context.Background(), run)
			if err != nil {
				t.Fatal(err)
			}
			slices.Sort(c.want)
			same(t, dump(t, tbl, c.columns...), c.want)
			sound(t, tbl)
			again, err := tbl.Rewrite(context.Background(), run)
			if err != nil || again.Number != m.Number {
				t.Errorf("the same rewrite again made commit %d after %d: %v", again.Number, m.Number, err)
			}
			if c.to.Mode() == spec.Append && len(c.to.Shape.Fields) == len(base.Shape.Fields) && c.name != "renamed" && c.name != "hashed" && c.name != "wider" && c.name != "a field inside a struct" {
				h.load(tbl, c.to, []testRow{{ID: "new", Created: ann.Created}})
				sound(t, tbl)
			}
		})
	}
}

func hashed(text string) string {
	h := hmac.New(sha256.New, []byte("key"))
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

func TestRollbackKeepsTheSlot(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Replace, false)
	tbl := h.create(s)
	first := h.run(s)
	first.Slot = "2026-11-22T00:10@UTC"
	one, err := load(tbl, first, Close{Bookmark: "one"}, []testRow{ann})
	if err != nil {
		t.Fatal(err)
	}
	second := h.run(s)
	second.Slot = "2026-11-23T00:10@UTC"
	if _, err := load(tbl, second, Close{Bookmark: "two"}, []testRow{bob}); err != nil {
		t.Fatal(err)
	}
	m, err := tbl.Rollback(one.Number, h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bookmark != "one" || m.Slot != second.Slot {
		t.Errorf("bookmark %q, slot %q", m.Bookmark, m.Slot)
	}
	same(t, dump(t, tbl), want(ann))
	sound(t, tbl)
	if _, err := load(tbl, second, Close{}, []testRow{bob}); !errors.Is(err, ErrSlotDone) {
		t.Errorf("the slot was imported again: %v", err)
	}
}

func TestCompactAndDelete(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	for i := range 5 {
		h.load(tbl, s, []testRow{{ID: string(rune('a' + i)), Created: ann.Created, Name: "n"}})
	}
	before := dump(t, tbl)
	m, err := tbl.Compact(context.Background(), Run{ID: "compact", Lineage: "lin"})
	if err != nil || len(m.Parts) != 1 {
		t.Fatalf("%d parts, %v", len(m.Parts), err)
	}
	same(t, dump(t, tbl), before)
	sound(t, tbl)
	if err := tbl.Delete(Run{ID: "delete", Lineage: "other"}); err == nil {
		t.Error("another owner deleted the table")
	}
	for range 2 {
		if err := tbl.Delete(Run{ID: "delete", Lineage: "lin"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tbl.Begin(context.Background(), h.run(s)); !errors.Is(err, ErrDeleted) {
		t.Errorf("a run began on a deleted table: %v", err)
	}
	if _, err := os.Lstat(filepath.Join(h.dir, "crm/users")); err == nil {
		t.Error("the link is still there")
	}
	seen, err := h.w.Look()
	if err != nil || len(seen.Tables) != 1 || !seen.Tables[0].Deleted || seen.Tables[0].Pending {
		t.Errorf("%+v %v", seen, err)
	}
	if again := h.create(s); again.ID() == tbl.ID() {
		t.Error("the id was used again")
	}
}

func TestSettleMovesAndDetaches(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann})
	m, err := tbl.Settle(h.run(s), Settlement{Path: "sales/people", OnRemove: OnRemoveDelete, PreventDestroy: true})
	if err != nil || m.Path != "sales/people" || !m.PreventDestroy {
		t.Fatalf("%+v %v", m, err)
	}
	if _, err := os.Lstat(filepath.Join(h.dir, "crm/users")); err == nil {
		t.Error("the old link is still there")
	}
	again, err := tbl.Settle(h.run(s), Settlement{Path: "sales/people", OnRemove: OnRemoveDelete, PreventDestroy: true})
	if err != nil || again.Number != m.Number {
		t.Errorf("nothing changed and commit %d was made: %v", again.Number, err)
	}
	if err := tbl.Delete(Run{Lineage: "lin"}); err == nil {
		t.Error("a protected table was deleted")
	}
	if _, err := tbl.Settle(h.run(testSpec(spec.Append, true, "partition", "day")), Settlement{}); err == nil {
		t.Error("another partition was taken for a mere setting")
	}
	if m, err = tbl.Settle(Run{ID: "x"}, Settlement{Detach: true}); err != nil || m.Lineage != "" {
		t.Fatalf("%q %v", m.Lineage, err)
	}
	r := h.run(s)
	r.Lineage = "next"
	if m, err = tbl.Settle(r, Settlement{}); err != nil || m.Lineage != "next" {
		t.Fatalf("%q %v", m.Lineage, err)
	}
	same(t, dump(t, tbl), want(ann))
	sound(t, tbl)
}
