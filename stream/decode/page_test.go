package decode

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/stream"
	"pgregory.net/rapid"
)

func TestPage(t *testing.T) {
	d := decoder(t, nested, Options{Capture: []string{"id", "updated_at", "tags.has_more", "role"}})
	body := `{"type":"list","data":[
		{"id":"1","updated_at":1734537424,"role":"user","tags":{"data":[],"has_more":true}},
		{"id":2,"updated_at":"2024-12-18T15:57:05Z","role":null,"tags":{"data":[{"id":"x"}]}},
		{"id":"\u0033","tags":null}],
		"total_count":3,"pages":{"next":null}, "x":1, "x":2}`
	var seen []string
	page, err := d.Page([]byte(body), "data", func(e Element) bool {
		id, _ := e.String(0)
		at, ok := e.Time(1)
		more, _ := e.Bool(2)
		role, hasRole := e.String(3)
		seen = append(seen, fmt.Sprintf("%s %d %t %t %s %t", id, at, ok, more, role, hasRole))
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`1 1734537424000000 true true user true`, `2 1734537425000000 true false  false`, `3 0 false false  false`}
	if !slices.Equal(seen, want) {
		t.Errorf("captured %q, want %q", seen, want)
	}
	if page.Elements != 3 || d.Len() != 3 {
		t.Errorf("%d elements, %d rows", page.Elements, d.Len())
	}
	rest := fmt.Sprintf("%s %s %s %s", page.Rest["type"], page.Rest["total_count"], page.Rest["pages"], page.Rest["x"])
	if rest != `"list" 3 {"next":null} 2` || len(page.Rest) != 4 {
		t.Errorf("rest of the page: %s", rest)
	}
	values := rowsOf(t, d.Take())
	if got := show(values[0][5]); got != `{"updated_at":1734537424,"role":"user","tags":{"has_more":true}}` {
		t.Errorf("captures took something out of the rest: %s", got)
	}
}

func TestPageDeeperList(t *testing.T) {
	body := []byte(`{"id":"c1","conversation_parts":{"type":"conversation_part.list","conversation_parts":[{"id":"1"},{"id":"2"}],"total_count":9},"state":"open"}`)
	sh := stream.Shape{Fields: []stream.Field{field(scalar("id", stream.String)), field(scalar("conversation_id", stream.String))}}
	d := decoder(t, sh, Options{})
	d.Inject("conversation_id", "c1")
	page, err := d.Page(body, "conversation_parts.conversation_parts", nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := string(page.Rest["conversation_parts.total_count"]); n != "9" || string(page.Rest["id"]) != `"c1"` || len(page.Rest) != 4 {
		t.Errorf("rest of the page: %v", page.Rest)
	}
	if got := fmt.Sprint(rowsOf(t, d.Take())); got != "[[1 c1 <nil>] [2 c1 <nil>]]" {
		t.Error(got)
	}
	_, elements, err := Envelope(body, "conversation_parts.conversation_parts")
	if err != nil || len(elements) != 2 || string(elements[1]) != `{"id":"2"}` {
		t.Errorf("%s %v", elements, err)
	}
}

func TestPageRefused(t *testing.T) {
	for _, c := range []struct {
		in      string
		kind    Kind
		element int
	}{
		{`{}`, NoList, -1}, {`{"data":null}`, NoList, -1}, {`{"data":{}}`, NoList, -1}, {`{"data":[],"data":[]}`, NoList, -1},
		{`[]`, NotObject, -1}, {``, NotJSON, -1}, {`{"data":[{},1]}`, NotObject, 1}, {`{"data":[{},{"i":1}`, NotJSON, -1},
		{`{"data":[{"i":1},{"i":01}]}`, NotJSON, 1}, {`{"data":[{}]}}`, NotJSON, -1}, {`{"data":[{}],"x":tru}`, NotJSON, -1}, {`{"data":[{},]}`, NotJSON, 1},
		{`{"data":[{"u":1},{"i":{}}`, NotJSON, -1}, {`{"data":[{"i":`, NotJSON, 0},
	} {
		d := decoder(t, kinds, Options{})
		if err := d.Object([]byte(`{"s":"first"}`)); err != nil {
			t.Fatal(err)
		}
		_, err := d.Page([]byte(c.in), "data", func(Element) bool {
			t.Errorf("%s: keep was asked", c.in)
			return true
		})
		var e *Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Element != c.element {
			t.Errorf("%s: %v, want %s in element %d", c.in, err, c.kind, c.element)
		}
		rows := d.Take()
		if rowsOf(t, rows); rows.N != 1 || rows.Misfits != 0 || rows.Unknown != 0 {
			t.Errorf("%s: left %d rows, %d misfits, %d unknown", c.in, rows.N, rows.Misfits, rows.Unknown)
		}
		// Envelope minds everything but what the elements are.
		_, _, err = Envelope([]byte(c.in), "data")
		if elements := c.kind == NotObject && c.element >= 0; elements != (err == nil) {
			t.Errorf("%s: Envelope says %v", c.in, err)
		}
	}
}

// TestKeepIsAFilter says that what keep refuses leaves no trace: the batch is the one of a
// page without those elements.
func TestKeepIsAFilter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, sh := range shapes {
			all, some := decoder(t, sh, Options{}), decoder(t, sh, Options{})
			for range rapid.IntRange(1, 3).Draw(t, "pages") {
				var objects, kept []string
				var verdicts []bool
				for range rapid.IntRange(0, 5).Draw(t, "objects") {
					o := genObject(t, 4)
					ok := rapid.Bool().Draw(t, "keep")
					objects, verdicts = append(objects, o), append(verdicts, ok)
					if ok {
						kept = append(kept, o)
					}
				}
				i := -1
				page := `{"data":[` + strings.Join(objects, ",") + `]}`
				if _, err := all.Page([]byte(page), "data", func(Element) bool { i++; return verdicts[i] }); err != nil {
					t.Fatalf("%s: %v", page, err)
				}
				for _, o := range kept {
					if err := some.Object([]byte(o)); err != nil {
						t.Fatalf("%s: %v", o, err)
					}
				}
			}
			a, b := all.Take(), some.Take()
			got, want := fmt.Sprintf("%q", rowsOf(t, a)), fmt.Sprintf("%q", rowsOf(t, b))
			if got != want || a.Misfits != b.Misfits || a.Unknown != b.Unknown {
				t.Fatalf("misfits %d, unknown %d, %s\nwant %d, %d, %s", a.Misfits, a.Unknown, got, b.Misfits, b.Unknown, want)
			}
		}
	})
}

func TestInject(t *testing.T) {
	sh := stream.Shape{Fields: []stream.Field{
		field(scalar("id", stream.String)), field(scalar("parent", stream.String), "conversation_id"), hashed("secret", "owner"),
	}, Omit: [][]string{{"left_out"}}}
	d := decoder(t, sh, Options{})
	step := func(text, want string) {
		t.Helper()
		if err := d.Object([]byte(text)); err != nil {
			t.Fatal(err)
		}
		values := rowsOf(t, d.Take())
		if got := show(values[0]); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
	step(`{"id":1}`, `[1 null null null]`)
	d.Inject("conversation_id", `a"b`)
	d.Inject("owner", "me")
	d.Inject("left_out", "x")
	d.Inject("unheard of", "x")
	step(`{"id":1,"conversation_id":7,"conversation_id":8}`, `[1 a"b `+hmacHex("me")+` null]`)
	step(`{}`, `[null a"b `+hmacHex("me")+` null]`)
	d.Inject("conversation_id", "c")
	d.Inject("owner", "")
	step(`{"left_out":1}`, `[null c null null]`)
	d.Reset()
	step(`{"conversation_id":7}`, `[null 7 null null]`)
}

func TestDropLast(t *testing.T) {
	d := decoder(t, nested, Options{Capture: []string{"id"}})
	for i, in := range []string{`{"id":"a","nums":[1,2],"u":1}`, `{"id":"b","nums":[1,"x"],"u":1}`, `{"id":"c","nums":null}`} {
		if err := d.Object([]byte(in)); err != nil {
			t.Fatal(err)
		}
		if id, _ := d.Last().String(0); id == "b" {
			d.DropLast()
			d.DropLast()
		} else if string(d.Last().Text) != in {
			t.Errorf("row %d: text is %s", i, d.Last().Text)
		}
	}
	rows := d.Take()
	values := rowsOf(t, rows)
	if rows.N != 2 || rows.Misfits != 0 || rows.Unknown != 1 || show(values[1][0]) != "c" {
		t.Errorf("%d rows, %d misfits, %d unknown: %v", rows.N, rows.Misfits, rows.Unknown, values)
	}
}

// TestManyUnknownNames passes the number of undeclared names that are foreseen.
func TestManyUnknownNames(t *testing.T) {
	d := decoder(t, kinds, Options{})
	for _, dup := range []bool{false, true, false} {
		var b strings.Builder
		b.WriteString(`{"s":"x"`)
		for i := range 300 {
			fmt.Fprintf(&b, `,"u%d":%d`, i, i)
		}
		if dup {
			b.WriteString(`,"u299":"last","s":"y"`)
		}
		b.WriteString(`}`)
		if err := d.Object([]byte(b.String())); err != nil {
			t.Fatal(err)
		}
		rows := d.Take()
		values := rowsOf(t, rows)
		rest, s := show(values[0][6]), show(values[0][0])
		if rows.Unknown != 300 || strings.Count(rest, `"u299"`) != 1 || strings.Contains(rest, "last") != dup || (s == "y") != dup {
			t.Errorf("unknown %d, s %s, rest %s", rows.Unknown, s, rest)
		}
	}
}

func TestNoRest(t *testing.T) {
	sh := kinds
	sh.NoRest = true
	got, rows := decodeOne(t, sh, `{"s":"a","i":{},"u":1}`)
	if got != "s=a" || len(rows.Columns) != 6 || rows.Misfits != 1 || rows.Unknown != 1 {
		t.Errorf("%s, misfits %d, unknown %d", got, rows.Misfits, rows.Unknown)
	}
}

// TestBatchesAreApart changes nothing in a batch that was taken.
func TestBatchesAreApart(t *testing.T) {
	d := decoder(t, nested, Options{})
	var batches []*stream.Rows
	for i := range 5 {
		for k := range 20 {
			if err := d.Object(fmt.Appendf(nil, `{"id":"%d\u002d%d","nums":[%d,%d],"u":%d}`, i, k, i, k, i)); err != nil {
				t.Fatal(err)
			}
		}
		batches = append(batches, d.Take())
	}
	for i, rows := range batches {
		for k, v := range rowsOf(t, rows) {
			if got, want := show(v), fmt.Sprintf(`[%d-%d null [%d %d] null null {"u":%d}]`, i, k, i, k, i); got != want {
				t.Fatalf("%s, want %s", got, want)
			}
		}
	}
}
