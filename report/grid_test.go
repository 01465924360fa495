package report

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/stream"
)

func TestGrid(t *testing.T) {
	g := Grid{
		Columns: []Column{{Name: "name"}, {Name: "rows", Right: true}},
		Rows:    [][]Cell{{Text("users"), Number(41200)}, {Text("a\x1b[31m,\"b\""), {"", nil}}},
		Empty:   "Nothing.",
	}
	for format, want := range map[string]string{
		"text": "name          rows\nusers       41,200\na [31m,\"b\"\n",
		"json": "[\n  {\"name\": \"users\", \"rows\": 41200},\n  {\"name\": \"a\\u001b[31m,\\\"b\\\"\", \"rows\": null}\n]\n",
		"csv":  "name,rows\nusers,41200\n\"a\x1b[31m,\"\"b\"\"\",\n",
	} {
		var b strings.Builder
		if err := g.Show(&b, Style{}, format); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%s: got\n%s\nwant\n%s", format, b.String(), want)
		}
	}
	g.Rows = nil
	for format, want := range map[string]string{"text": "Nothing.\n", "json": "[]\n", "csv": "name,rows\n"} {
		var b strings.Builder
		if err := g.Show(&b, Style{}, format); err != nil || b.String() != want {
			t.Errorf("%s: got %q, %v", format, b.String(), err)
		}
	}
}

// TestGridOnNarrowScreens: nothing is wider than the screen, names and states are whole, and
// what is left out is named.
func TestGridOnNarrowScreens(t *testing.T) {
	g := Grid{
		Columns: []Column{{Name: "run"}, {Name: "slot"}, {Name: "calls", Right: true, Minor: true}, {Name: "status"}, {Name: "error"}},
		Rows: [][]Cell{
			{Text("20261123-174020-wsgdc0"), Text(""), Number(1400), Text("failed"), Text("the service refused the token, and nothing was read")},
			{Text("20261123-180000-aaaaaa"), Text(""), Number(2), Text("done"), Text("")},
		},
	}
	for width, want := range map[int]string{
		0: "run                     slot  calls  status  error\n" +
			"20261123-174020-wsgdc0        1,400  failed  the service refused the token, and nothing was read\n" +
			"20261123-180000-aaaaaa            2  done\n",
		70: "run                     calls  status  error\n" +
			"20261123-174020-wsgdc0  1,400  failed  the service refused the token,\n" +
			"                                       and nothing was read\n" +
			"20261123-180000-aaaaaa      2  done\n",
		60: "run                     status  error\n" +
			"20261123-174020-wsgdc0  failed  the service refused the\n" +
			"                                token, and nothing was read\n" +
			"20261123-180000-aaaaaa  done\n\n" +
			"1 column not shown here (-format=json shows all): calls\n",
		42: "run                     status  error\n" +
			"20261123-174020-wsgdc0  failed  the\n" +
			"                                service\n" +
			"                                refused\n" +
			"                                the token,\n" +
			"                                and\n" +
			"                                nothing\n" +
			"                                was read\n" +
			"20261123-180000-aaaaaa  done\n\n" +
			"1 column not shown here (-format=json\nshows all): calls\n",
	} {
		var b strings.Builder
		if err := g.Show(&b, Style{Width: width}, "text"); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%d columns: got\n%s\nwant\n%s", width, b.String(), want)
		}
	}
}

// TestGridFits: at any width no line is wider than the screen, except the list of what is
// left out, whose words stay whole.
func TestGridFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "columns")
		g := Grid{Ruled: rapid.Bool().Draw(t, "ruled")}
		for range n {
			g.Columns = append(g.Columns, Column{
				Name: rapid.StringMatching(`[a-z]{1,9}`).Draw(t, "name"), Right: rapid.Bool().Draw(t, "right"), Minor: rapid.Bool().Draw(t, "minor"),
			})
		}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			var row []Cell
			for range n {
				row = append(row, Text(rapid.StringMatching(`([a-z]{0,9}|小明|é| )*`).Draw(t, "cell")))
			}
			g.Rows = append(g.Rows, row)
		}
		s := Style{Width: rapid.IntRange(0, 120).Draw(t, "width")}
		var b strings.Builder
		if err := g.Show(&b, s, "text"); err != nil {
			t.Fatal(err)
		}
		table, _, _ := strings.Cut(b.String(), "\n\n")
		for line := range strings.Lines(table) {
			if s.Width > 0 && columnsOf(strings.TrimSuffix(line, "\n")) > s.Width {
				t.Fatalf("%d columns: %q", s.Width, line)
			}
		}
	})
}

func TestColumnsOf(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "小明 Xu": 7, "e\u0301": 1, "Köln": 4, "🙂": 2} {
		if got := columnsOf(text); got != want {
			t.Errorf("%q takes %d columns, not %d", text, got, want)
		}
	}
	if got := cut("小明小明", 4); got != "小…" {
		t.Errorf("cut to %q", got)
	}
}

func TestRowsGrid(t *testing.T) {
	columns := []stream.Column{
		{Name: "id", Type: stream.Scalar(stream.String)},
		{Name: "tags", Type: stream.ListOf(stream.StructOf(stream.Column{Name: "id", Type: stream.Scalar(stream.Int)}, stream.Column{Name: "name", Type: stream.Scalar(stream.String)}))},
		{Name: "at", Type: stream.Scalar(stream.Timestamp)},
		{Name: "_rest", Type: stream.Scalar(stream.JSON)},
	}
	r := stream.NewRows(columns)
	r.N = 3
	id, tagID, tagName, at, rest := &r.Leaves[0], &r.Leaves[1], &r.Leaves[2], &r.Leaves[3], &r.Leaves[4]
	id.AppendString("a", 0)
	tagID.AppendInt(1, 0)
	tagName.AppendString("x", 0)
	tagID.AppendInt(2, 1)
	tagName.AppendNull(3, 1)
	at.AppendInt(1700000000000000, 0)
	rest.AppendString(`{"b":1,"a":2}`, 0)
	id.AppendString("b", 0)
	tagID.AppendNull(1, 0)
	tagName.AppendNull(1, 0)
	at.AppendNull(0, 0)
	rest.AppendNull(0, 0)
	id.AppendNull(0, 0)
	tagID.AppendNull(0, 0)
	tagName.AppendNull(0, 0)
	at.AppendInt(1, 0)
	rest.AppendString("{", 0)
	var b strings.Builder
	if err := RowsGrid(columns, []*stream.Rows{r}, 100).Show(&b, Style{}, "json"); err != nil {
		t.Fatal(err)
	}
	want := `[
  {"id": "a", "tags": [{"id":1,"name":"x"},{"id":2,"name":null}], "at": "2023-11-14T22:13:20Z", "_rest": {"b":1,"a":2}},
  {"id": "b", "tags": [], "at": null, "_rest": null},
  {"id": null, "tags": null, "at": "1970-01-01T00:00:00.000001Z", "_rest": "{"}
]
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	b.Reset()
	if err := RowsGrid(columns[:1], nil, 10).Show(&b, Style{Width: 80}, "text"); err != nil || b.String() != "id:string\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

// TestRowsRoundTrip writes random values level by level, as the layout of stream.Rows says,
// and reads them back.
func TestRowsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typ := drawType(t, 3)
		columns := []stream.Column{{Name: "v", Type: typ}}
		rows := stream.NewRows(columns)
		var want []string
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			v := drawValue(t, typ)
			text, err := compact(v)
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, text)
			w := &levels{leaves: rows.Leaves}
			w.write(typ, v, 0, 0, 0)
			rows.N++
		}
		for i, row := range RowsGrid(columns, []*stream.Rows{rows}, 100).Rows {
			got, err := compact(row[0].Value)
			if err != nil || got != want[i] {
				t.Fatalf("row %d of %s: got %s, want %s (%v)", i, typ, got, want[i], err)
			}
		}
	})
}

func drawType(t *rapid.T, depth int) stream.Type {
	kinds := []stream.Kind{stream.Int, stream.String}
	if depth > 0 {
		kinds = append(kinds, stream.List, stream.Struct)
	}
	switch k := rapid.SampledFrom(kinds).Draw(t, "kind"); k {
	case stream.List:
		return stream.ListOf(drawType(t, depth-1))
	case stream.Struct:
		return stream.StructOf(stream.Column{Name: "a", Type: drawType(t, depth-1)}, stream.Column{Name: "b", Type: drawType(t, depth-1)})
	default:
		return stream.Scalar(k)
	}
}

func drawValue(t *rapid.T, typ stream.Type) any {
	if rapid.IntRange(0, 3).Draw(t, "null") == 0 {
		return nil
	}
	switch typ.Kind {
	case stream.Int:
		return rapid.Int64().Draw(t, "int")
	case stream.List:
		out := []any{}
		for range rapid.IntRange(0, 3).Draw(t, "length") {
			out = append(out, drawValue(t, *typ.Elem))
		}
		return out
	case stream.Struct:
		return members{{"a", drawValue(t, typ.Fields[0].Type)}, {"b", drawValue(t, typ.Fields[1].Type)}}
	}
	return rapid.StringMatching(`[a-z]*`).Draw(t, "string")
}

// levels is the naive writer of the layout.
type levels struct{ leaves []stream.Vector }

func (w *levels) write(t stream.Type, v any, leaf int, def, rep uint8) {
	if v == nil {
		for i := range leaves(t) {
			w.leaves[leaf+i].AppendNull(def, rep)
		}
		return
	}
	switch t.Kind {
	case stream.List:
		if len(v.([]any)) == 0 {
			for i := range leaves(t) {
				w.leaves[leaf+i].AppendNull(def+1, rep)
			}
		}
		inner := w.leaves[leaf].MaxRep - depth(*t.Elem)
		for i, e := range v.([]any) {
			r := rep
			if i > 0 {
				r = inner
			}
			w.write(*t.Elem, e, leaf, def+2, r)
		}
	case stream.Struct:
		for i, f := range t.Fields {
			w.write(f.Type, v.(members)[i].value, leaf, def+1, rep)
			leaf += leaves(f.Type)
		}
	case stream.Int:
		w.leaves[leaf].AppendInt(v.(int64), rep)
	default:
		w.leaves[leaf].AppendString(v.(string), rep)
	}
}

// depth is how many lists the first leaf of t stands in.
func depth(t stream.Type) uint8 {
	switch t.Kind {
	case stream.List:
		return 1 + depth(*t.Elem)
	case stream.Struct:
		return depth(t.Fields[0].Type)
	}
	return 0
}

func TestMembersKeepTheirOrder(t *testing.T) {
	out, err := json.Marshal(members{{"z", 1}, {"a", nil}})
	if err != nil || string(out) != `{"z":1,"a":null}` {
		t.Errorf("%s, %v", out, err)
	}
}
