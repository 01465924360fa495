package table

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// column is a field read from a path ("a.b"), or from its own name.
func column(name string, t stream.Type, from ...string) stream.Field {
	if len(from) == 0 {
		from = []string{name}
	} else {
		from = strings.Split(from[0], ".")
	}
	return stream.Field{Column: stream.Column{Name: name, Type: t}, From: from}
}

var (
	aString, anInt, aFloat, aBool = stream.Scalar(stream.String), stream.Scalar(stream.Int), stream.Scalar(stream.Float), stream.Scalar(stream.Bool)
	aTime, aJSON                  = stream.Scalar(stream.Timestamp), stream.Scalar(stream.JSON)
)

// objectSpec is a spec of rows with a key, a time and these fields.
func objectSpec(fields ...stream.Field) spec.Spec {
	s := testSpec(spec.Append, false)
	s.Updated = ""
	s.Shape = stream.Shape{Fields: append([]stream.Field{column("id", aString), column("created_at", aTime)}, fields...)}
	return s
}

// inText is a field that keeps objects and lists as text.
func inText(f stream.Field) stream.Field { f.Text = true; return f }

// importObjects imports JSON objects as a provider would read them for the spec.
func importObjects(t failer, h *house, tbl *Table, s spec.Spec, texts ...string) {
	t.Helper()
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Write(stream.Batch{Rows: objectsOf(t, s, texts...)}); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Commit(Close{}); err != nil {
		t.Fatal(err)
	}
}

// objectsOf decodes JSON objects as a provider would for the spec.
func objectsOf(t failer, s spec.Spec, texts ...string) *stream.Rows {
	t.Helper()
	sh := stream.Shape{Fields: slices.Clone(s.Shape.Fields), Omit: slices.Clone(s.Shape.Omit), NoRest: s.Shape.NoRest}
	for i, f := range sh.Fields {
		sh.Fields[i].From, sh.Fields[i].At = place(f), nil
	}
	d, err := decode.New(sh, decode.Options{HashKey: []byte("key")})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range texts {
		if err := d.Object([]byte(o)); err != nil {
			t.Fatal(err)
		}
	}
	return d.Take()
}

// rewritten imports objects by one spec, rewrites the table to another, and returns its
// rows and the manifest of the rewrite.
func rewritten(t *testing.T, from, to spec.Spec, objects ...string) ([]string, Manifest) {
	t.Helper()
	h := newHouse(t, nil)
	tbl := h.create(from)
	importObjects(t, h, tbl, from, objects...)
	r := h.run(to)
	r.HashKey = setting.NewSecret("key")
	m, err := tbl.Rewrite(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, tbl)
	return dump(t, tbl, shown(to)...), m
}

// shown are the columns of a spec that a test looks at.
func shown(s spec.Spec) []string {
	var out []string
	for _, f := range s.Shape.Fields[2:] {
		out = append(out, f.Name)
	}
	return append(out, stream.Rest)
}

func TestRewriteDecodesAgain(t *testing.T) {
	pair := stream.StructOf(stream.Column{Name: "a", Type: anInt}, stream.Column{Name: "b", Type: aString})
	for _, c := range []struct {
		name    string
		from    []stream.Field
		to      []stream.Field
		object  string
		want    string
		misfits int64
	}{
		{"a new list from the rest", nil, []stream.Field{column("l", stream.ListOf(anInt))},
			`{"l":[1,"x",3],"more":true}`, `l=1;null2;3;_rest={"l":[null,"x"],"more":true};`, 1},
		{"a new struct from the rest", nil, []stream.Field{column("s", pair)},
			`{"s":{"a":1,"b":"two","c":null,"d":4}}`, `s.a=1;s.b=two;_rest={"s":{"d":4}};`, 0},
		{"a new list of structs from the rest", nil, []stream.Field{column("l", stream.ListOf(pair), "l.data")},
			`{"l":{"type":"list","data":[{"a":1},{"b":"x","z":[]}]}}`, `l.a=1;null3;l.b=null3;x;_rest={"l":{"type":"list","data":[null,{"z":[]}]}};`, 0},
		{"a new column that does not fit", nil, []stream.Field{column("n", anInt)},
			`{"n":"none","m":1}`, `n=null0;_rest={"n":"none","m":1};`, 1},
		{"promoted from JSON", []stream.Field{column("ca", aJSON)}, []stream.Field{column("ca", aJSON), column("n", anInt, "ca.n"), column("l", stream.ListOf(aString), "ca.l")},
			`{"ca":{"n":9007199254740993,"l":["x","y"]}}`, `ca={"n":9007199254740993,"l":["x","y"]};n=9007199254740993;l=x;y;_rest=null0;`, 0},
		{"promoted from JSON without fitting", []stream.Field{column("ca", aJSON)}, []stream.Field{column("ca", aJSON), column("n", anInt, "ca.n")},
			`{"ca":{"n":"many"}}`, `ca={"n":"many"};n=null0;_rest=null0;`, 1},
		{"promoted twice", []stream.Field{column("ca", aJSON), column("n", aString, "ca.n")}, []stream.Field{column("ca", aJSON), column("n", aString, "ca.n"), column("m", anInt, "ca.n")},
			`{"ca":{"n":7}}`, `ca={"n":7};n=7;m=7;_rest=null0;`, 0},
		{"text to int", []stream.Field{column("n", aString)}, []stream.Field{column("n", anInt)},
			`{"n":"12"}`, `n=12;_rest=null0;`, 0},
		{"text to int that it is not", []stream.Field{column("n", aString)}, []stream.Field{column("n", anInt)},
			`{"n":"a \"dozen\"\n","r":1}`, `n=null0;_rest={"n":"a \"dozen\"\u000a","r":1};`, 1},
		{"what did not fit fits now", []stream.Field{column("n", anInt)}, []stream.Field{column("n", aString)},
			`{"n":"many"}`, `n=many;_rest=null0;`, 0},
		{"int to double", []stream.Field{column("n", anInt)}, []stream.Field{column("n", aFloat)},
			`{"n":12}`, `n=12;_rest=null0;`, 0},
		{"int to double beyond its digits", []stream.Field{column("n", anInt)}, []stream.Field{column("n", aFloat)},
			`{"n":9007199254740993}`, `n=null0;_rest={"n":9007199254740993};`, 1},
		{"29 digits to text", []stream.Field{column("n", aFloat)}, []stream.Field{column("n", aString)},
			`{"n":12345678901234567890.123456789}`, `n=12345678901234567890.123456789;_rest=null0;`, 0},
		{"everything to text", []stream.Field{column("i", anInt), column("f", aFloat), column("b", aBool), column("t", aTime), column("j", aJSON), column("l", stream.ListOf(anInt)), column("s", pair)},
			[]stream.Field{column("i", aString), column("f", aString), column("b", aString), column("t", aString), inText(column("j", aString)), inText(column("l", aString)), inText(column("s", aString))},
			`{"i":-1,"f":0.5,"b":false,"t":1734537424,"j":{"x":"\""},"l":[1,null],"s":{"b":"é"}}`,
			`i=-1;f=0.5;b=false;t=1734537424;j={"x":"\""};l=[1,null];s={"b":"é"};_rest=null0;`, 0},
		{"instant to int", []stream.Field{column("t", aTime)}, []stream.Field{column("t", anInt)},
			`{"t":1734537424}`, `t=1734537424;_rest=null0;`, 0},
		{"a field inside a list", []stream.Field{column("l", stream.ListOf(stream.StructOf(stream.Column{Name: "a", Type: anInt})))}, []stream.Field{column("l", stream.ListOf(pair))},
			`{"l":[{"a":1},null,{"a":2,"b":"two"},{}]}`, `l.a=1;null2;2;null3;l.b=null3;null2;two;null3;_rest=null0;`, 0},
		{"empty and null", []stream.Field{column("l", stream.ListOf(pair))}, []stream.Field{column("l", stream.ListOf(pair)), column("n", anInt, "l.n")},
			`{"l":[]}`, `l.a=null1;l.b=null1;n=null0;_rest=null0;`, 0},
		{"a column that the stream lost", []stream.Field{column("n", anInt), column("l", stream.ListOf(anInt))}, nil,
			`{"n":1,"l":[2],"x":3}`, `_rest={"l":[2],"n":1,"x":3};`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			object := `{"id":"a","created_at":1734537424,` + c.object[1:]
			got, m := rewritten(t, objectSpec(c.from...), objectSpec(c.to...), object)
			if len(got) != 1 || sortedRest(got[0]) != sortedRest(c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if m.Counts.Misfits != c.misfits {
				t.Errorf("%d values did not fit, not %d", m.Counts.Misfits, c.misfits)
			}
		})
	}
}

// TestRewriteKnowsWrappedLists rewrites tables whose list and its count stand inside an
// object that the service puts around them.
func TestRewriteKnowsWrappedLists(t *testing.T) {
	at := func(f stream.Field, path ...string) stream.Field { f.At = path; return f }
	one, two := stream.Column{Name: "id", Type: aString}, stream.Column{Name: "x", Type: anInt}
	tags := func(t stream.Type) stream.Field { return at(column("tags", t), "tags", "data") }
	count := func(t stream.Type) stream.Field { return at(column("tags_count", t), "tags", "total_count") }
	from := objectSpec(tags(stream.ListOf(stream.StructOf(one))), count(anInt))
	const object = `{"id":"a","created_at":1734537424,"tags":{"data":[{"id":"1","x":5},{"id":"2"}],"total_count":2}}`
	without := func(s spec.Spec, path string) spec.Spec { s.Shape.Omit = [][]string{{path}}; return s }
	for _, c := range []struct {
		name string
		to   spec.Spec
		want string
	}{
		{"a field inside", objectSpec(tags(stream.ListOf(stream.StructOf(one, two))), count(anInt)), `tags.id=1;2;tags.x=5;null3;tags_count=2;_rest=null0;`},
		{"to JSON", objectSpec(tags(aJSON), count(anInt)), `tags=[{"id":"1","x":5},{"id":"2"}];tags_count=2;_rest=null0;`},
		{"to text", objectSpec(inText(tags(aString)), count(anInt)), `tags=[{"id":"1","x":5},{"id":"2"}];tags_count=2;_rest=null0;`},
		{"the count left out", without(objectSpec(tags(stream.ListOf(stream.StructOf(one)))), "tags_count"), `tags.id=1;2;_rest={"tags":{"data":[{"x":5}]}};`},
		{"the list left out", without(objectSpec(count(aString)), "tags"), `tags_count=2;_rest=null0;`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, _ := rewritten(t, from, c.to, object)
			if len(got) != 1 || sortedRest(got[0]) != sortedRest(c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	got, _ := rewritten(t, without(objectSpec(count(anInt)), "tags"), without(objectSpec(count(aString)), "tags"), object)
	if len(got) != 1 || !strings.HasPrefix(got[0], "tags_count=2;") {
		t.Errorf("the count beside a list that was never kept is %s", got)
	}
}

// sortedRest is a line of a dump with the members of its rest in order.
func sortedRest(line string) string {
	head, rest, ok := strings.Cut(line, "_rest=")
	if !ok {
		return line
	}
	return head + "_rest=" + sortedJSON(strings.TrimSuffix(rest, ";"))
}

func sortedJSON(text string) string {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return text
	}
	out, err := json.Marshal(v)
	if err != nil {
		return text
	}
	return string(out)
}

// TestRewriteEqualsImport imports random objects by one shape and rewrites the table to
// another: it has to hold what an import by the other shape would have made.
func TestRewriteEqualsImport(t *testing.T) {
	inner := func(types ...stream.Type) stream.Type {
		var out []stream.Column
		for i, t := range types {
			out = append(out, stream.Column{Name: string(rune('a' + i)), Type: t})
		}
		return stream.StructOf(out...)
	}
	choices := [][]stream.Field{
		{column("n", anInt)}, {column("n", aFloat)}, {column("n", aJSON)},
		{column("l", stream.ListOf(anInt))}, {column("l", stream.ListOf(inner(anInt, aFloat)))}, {column("l", stream.ListOf(stream.ListOf(aFloat)))}, {column("l", aJSON)},
		{column("s", inner(anInt))}, {column("s", inner(anInt, aFloat, stream.ListOf(aBool)))}, {column("s", aJSON)},
		{column("s", inner(anInt, inner(aBool))), column("deep", aBool, "s.b.a")},
		{column("s", aJSON), column("sa", anInt, "s.a"), column("sb", stream.ListOf(anInt), "s.b")},
	}
	texts := [][]stream.Field{{inText(column("l", aString))}, {inText(column("s", aString))}} // of which no other type can be made
	shape := func(choices [][]stream.Field) *rapid.Generator[spec.Spec] {
		return rapid.Custom(func(t *rapid.T) spec.Spec {
			var fields []stream.Field
			for _, name := range []string{"n", "l", "s"} {
				mine := [][]stream.Field{nil}
				for _, c := range choices {
					if c[0].Name == name {
						mine = append(mine, c)
					}
				}
				fields = append(fields, rapid.SampledFrom(mine).Draw(t, name)...)
			}
			return objectSpec(fields...)
		})
	}
	rapid.Check(t, func(rt *rapid.T) {
		from, to := shape(choices).Draw(rt, "from"), shape(append(texts, choices...)).Draw(rt, "to")
		var objects []string
		for i := range rapid.IntRange(1, 6).Draw(rt, "rows") {
			objects = append(objects, fmt.Sprintf(`{"id":"%d","created_at":%d,"n":%s,"l":%s,"s":%s,"u":%s}`, i, 1734537424+i*9_000_000,
				anyJSON(rt, 1), anyJSON(rt, 3), anyJSON(rt, 3), anyJSON(rt, 1)))
		}
		h := newHouse(t, nil)
		defer h.close()
		tbl := h.create(from)
		importObjects(rt, h, tbl, from, objects...)
		if _, err := tbl.Rewrite(context.Background(), h.run(to)); err != nil {
			rt.Fatal(err)
		}
		got := dump(rt, tbl)
		other := newHouse(t, nil)
		defer other.close()
		fresh := other.create(to)
		importObjects(rt, other, fresh, to, objects...)
		want := dump(rt, fresh)
		for _, list := range [][]string{got, want} {
			for i := range list {
				list[i] = sortedRest(list[i])
			}
			slices.Sort(list)
		}
		same(rt, got, want)
	})
}

// anyJSON is a JSON value with at most depth levels of nesting. Numbers are written the
// one way in which they come back, and objects have their members in order.
func anyJSON(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 6).Draw(t, "kind")
	if depth == 0 {
		kind %= 5
	}
	switch kind {
	case 0:
		return "null"
	case 1:
		return fmt.Sprint(rapid.IntRange(-5, 5).Draw(t, "int"))
	case 2:
		return rapid.SampledFrom([]string{`"x"`, `""`, `"é\n"`, `"seven"`}).Draw(t, "text")
	case 3:
		return "true"
	case 4:
		return "9007199254740993"
	case 5:
		var list []string
		for range rapid.IntRange(0, 3).Draw(t, "elements") {
			list = append(list, anyJSON(t, depth-1))
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	var list []string
	for _, name := range []string{"a", "b", "c"} {
		if rapid.Bool().Draw(t, "member") {
			if v := anyJSON(t, depth-1); v != "null" { // which is the same as absent
				list = append(list, fmt.Sprintf("%q:%s", name, v))
			}
		}
	}
	return "{" + strings.Join(list, ",") + "}"
}
