package table

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// TestRewritableSaysWhatRewriteDoes asks of changes whether they can be made from a
// table's files, and makes them: what was said is what happens.
func TestRewritableSaysWhatRewriteDoes(t *testing.T) {
	hash := func(f stream.Field) stream.Field { f.Hash, f.Type = true, aString; return f }
	omit := func(s spec.Spec, paths ...string) spec.Spec {
		for _, p := range paths {
			s.Shape.Omit = append(s.Shape.Omit, strings.Split(p, "."))
		}
		return s
	}
	keyed := func(s spec.Spec, key string) spec.Spec {
		s.Target = setting.Values{"mode": spec.Upsert, "time_column": "created_at", "partition": "month"}
		s.Key = []string{key}
		return s
	}
	const object = `{"id":"a","created_at":1734537424,"n":12,"m":"12","f":0.5,"b":true,"t":1734537424,"j":{"k":"v"},"l":["1"],"s":{"a":"1"}}`
	inside := func(k stream.Kind) stream.Type {
		return stream.StructOf(stream.Column{Name: "a", Type: stream.Scalar(k)})
	}
	for _, c := range []struct {
		name     string
		from, to spec.Spec
		refused  string // the column; "" when it can be done
	}{
		{"int to double", objectSpec(column("n", anInt)), objectSpec(column("n", aFloat)), ""},
		{"int to text", objectSpec(column("n", anInt)), objectSpec(column("n", aString)), ""},
		{"double to text", objectSpec(column("f", aFloat)), objectSpec(column("f", aString)), ""},
		{"bool to text", objectSpec(column("b", aBool)), objectSpec(column("b", aString)), ""},
		{"instant to text", objectSpec(column("t", aTime)), objectSpec(column("t", aString)), ""},
		{"JSON to text", objectSpec(column("s", aJSON)), objectSpec(inText(column("s", aString))), ""},
		{"a list to text", objectSpec(column("l", stream.ListOf(aString))), objectSpec(inText(column("l", aString))), ""},
		{"a struct to JSON", objectSpec(column("s", inside(stream.String))), objectSpec(column("s", aJSON)), ""},
		{"text of a list to a list", objectSpec(inText(column("l", aString))), objectSpec(column("l", stream.ListOf(aString))), "l"},
		{"JSON to struct", objectSpec(column("s", aJSON)), objectSpec(column("s", inside(stream.String))), ""},
		{"text to int", objectSpec(column("m", aString)), objectSpec(column("m", anInt)), ""},
		{"text to double", objectSpec(column("m", aString)), objectSpec(column("m", aFloat)), "m"},
		{"text to instant", objectSpec(column("m", aString)), objectSpec(column("m", aTime)), "m"},
		{"text to bool inside a struct", objectSpec(column("s", inside(stream.String))), objectSpec(column("s", inside(stream.Bool))), "s"},
		{"text to double inside a list", objectSpec(column("l", stream.ListOf(aString))), objectSpec(column("l", stream.ListOf(aFloat))), "l"},
		{"hashed", objectSpec(column("m", aString)), objectSpec(hash(column("m", aString))), ""},
		{"a hashed list", objectSpec(column("l", stream.ListOf(aString))), objectSpec(hash(column("l", aString))), "l"},
		{"no longer hashed", objectSpec(hash(column("m", aString))), objectSpec(column("m", aString)), "m"},
		{"shown inside what is hashed", objectSpec(hash(column("s", aString))), objectSpec(column("sa", aString, "s.a")), "sa"},
		{"left out", objectSpec(column("m", aString)), omit(objectSpec(), "m"), ""},
		{"left out and back", omit(objectSpec(), "m"), objectSpec(column("m", aString)), "m"},
		{"new", objectSpec(), objectSpec(column("m", aString)), ""},
		{"upsert", objectSpec(), keyed(objectSpec(), "id"), ""},
		{"upsert by a column of another name and type", objectSpec(column("n", anInt)), keyed(objectSpec(column("number", aString, "n")), "number"), ""},
		{"upsert by a key that is hashed", objectSpec(column("m", aString)), keyed(objectSpec(hash(column("m", aString))), "m"), ""},
		{"upsert by a key that older files lack", objectSpec(), keyed(objectSpec(column("m", aString)), "m"), "m"},
		{"another key that older files lack", keyed(objectSpec(), "id"), keyed(objectSpec(column("m", aString)), "m"), "m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			tbl := h.create(c.from)
			importObjects(t, h, tbl, c.from, object)
			head, err := tbl.Head()
			if err != nil {
				t.Fatal(err)
			}
			said := Rewritable(head, c.to)
			r := h.run(c.to)
			r.HashKey = setting.NewSecret("key")
			_, err = tbl.Rewrite(context.Background(), r)
			var lacking *ErrLacking
			if c.refused == "" {
				if said != nil || err != nil {
					t.Fatalf("it was said %v and done %v", said, err)
				}
				sound(t, tbl)
				other := newHouse(t, nil)
				fresh := other.create(c.to)
				importObjects(t, other, fresh, c.to, object)
				got, want := dump(t, tbl), dump(t, fresh)
				same(t, []string{sortedRest(got[0])}, []string{sortedRest(want[0])})
				return
			}
			if !errors.As(said, &lacking) || lacking.Column != c.refused || !errors.As(err, &lacking) {
				t.Fatalf("it was said %v and done %v", said, err)
			}
			sound(t, tbl)
			empty := newHouse(t, nil).create(c.from)
			if head, err = empty.Head(); err != nil || Rewritable(head, c.to) != nil {
				t.Errorf("an empty table lacks something: %v", err)
			}
		})
	}
}

// TestRewriteRefusesRowsWithoutAKey makes a table of one row per key of rows of which one
// lacks it: nothing happens, and no row is taken for another.
func TestRewriteRefusesRowsWithoutAKey(t *testing.T) {
	from := objectSpec(column("mail", aString))
	to := objectSpec(column("mail", aString))
	to.Target, to.Key = setting.Values{"mode": spec.Upsert, "time_column": "created_at"}, []string{"mail"}
	h := newHouse(t, nil)
	tbl := h.create(from)
	importObjects(t, h, tbl, from, `{"id":"a","created_at":1,"mail":"x"}`, `{"id":"b","created_at":1}`, `{"id":"c","created_at":1}`)
	_, err := tbl.Rewrite(context.Background(), h.run(to))
	var row *ErrRow
	if !errors.As(err, &row) || row.Column != "mail" {
		t.Fatalf("got %v", err)
	}
	same(t, dump(t, tbl, "id"), []string{"id=a;", "id=b;", "id=c;"})
	sound(t, tbl)
}
