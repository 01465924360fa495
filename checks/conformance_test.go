package checks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
	"github.com/inlay-sync/inlay/table"
)

// conforming is a row as the service writes it and as DuckDB must show it.
type conforming struct{ object, row string }

// The rows of the conformance suite. a, b, c and d are keys; a0 is older than a1, bTie as
// old as b1, c2 newer than c1.
var (
	a1 = conforming{
		`{"id":"a","updated_at":1700000000,"s":"x","i":9007199254740993,"f":0.5,"b":true,"t":1700000000,"j":{"k":[1,{}]},"l":[1,null,3],"ls":[{"a":1,"b":["x",null]},{},null],"st":{"a":-1,"b":"é"}}`,
		`{"id":"a","updated_at":"2023-11-14 22:13:20+00","s":"x","i":9007199254740993,"f":0.5,"b":true,"t":"2023-11-14 22:13:20+00","j":{"k":[1,{}]},"l":[1,null,3],"ls":[{"a":1,"b":["x",null]},{"a":null,"b":null},null],"st":{"a":-1,"b":"é"},"none":null,"_rest":null}`,
	}
	a0   = nulls("a", `"s":"older",`, 1690000000, "2023-07-22 04:26:40+00")
	b1   = nulls("b", ``, 1700000000, "2023-11-14 22:13:20+00")
	bTie = nulls("b", `"s":"tie",`, 1700000000, "2023-11-14 22:13:20+00")
	c1   = conforming{
		`{"id":"c","updated_at":1700000000,"s":"","i":0,"f":12345678901234567890.123456789,"t":1600000000,"j":"","l":[],"ls":[],"st":{}}`,
		`{"id":"c","updated_at":"2023-11-14 22:13:20+00","s":"","i":0,"f":null,"b":null,"t":"2020-09-13 12:26:40+00","j":"","l":[],"ls":[],"st":{"a":null,"b":null},"none":null,"_rest":{"f":12345678901234567890.123456789}}`,
	}
	c2 = conforming{
		`{"id":"c","updated_at":1700000001,"i":"many","t":1500000000,"unknown":{"z":1}}`,
		`{"id":"c","updated_at":"2023-11-14 22:13:21+00","s":null,"i":null,"f":null,"b":null,"t":"2017-07-14 02:40:00+00","j":null,"l":null,"ls":null,"st":null,"none":null,"_rest":{"i":"many","unknown":{"z":1}}}`,
	}
	d1 = nulls("d", `"s":"'\"\\\u0001",`, 1700000002, "2023-11-14 22:13:22+00")
)

// nulls is a row without values but a key, a version, and some text.
func nulls(id, text string, updated int64, shown string) conforming {
	s := `"s":null,`
	if text != "" {
		s = text
	}
	return conforming{
		fmt.Sprintf(`{"id":%q,%s"updated_at":%d}`, id, text, updated),
		fmt.Sprintf(`{"id":%q,%s"updated_at":%q,"i":null,"f":null,"b":null,"t":null,"j":null,"l":null,"ls":null,"st":null,"none":null,"_rest":null}`, id, s, shown),
	}
}

// conformingSpec has a column of every kind, one of which never has a value.
func conformingSpec(mode, cursor string) spec.Spec {
	scalar := stream.Scalar
	inner := stream.StructOf(stream.Column{Name: "a", Type: scalar(stream.Int)}, stream.Column{Name: "b", Type: stream.ListOf(scalar(stream.String))})
	s := spec.Spec{
		Provider: "test", Connection: setting.Values{}, Source: setting.Values{"stream": "all", "incremental": cursor != ""},
		Target: setting.Values{"mode": mode, "time_column": "t", "partition": "year", "timezone": "UTC"},
		Key:    []string{"id"}, Updated: "updated_at", Cursor: cursor,
	}
	for _, c := range []stream.Column{
		{Name: "id", Type: scalar(stream.String)}, {Name: "updated_at", Type: scalar(stream.Timestamp)},
		{Name: "s", Type: scalar(stream.String)}, {Name: "i", Type: scalar(stream.Int)}, {Name: "f", Type: scalar(stream.Float)},
		{Name: "b", Type: scalar(stream.Bool)}, {Name: "t", Type: scalar(stream.Timestamp)}, {Name: "j", Type: scalar(stream.JSON)},
		{Name: "l", Type: stream.ListOf(scalar(stream.Int))}, {Name: "ls", Type: stream.ListOf(inner)},
		{Name: "st", Type: stream.StructOf(stream.Column{Name: "a", Type: scalar(stream.Int)}, stream.Column{Name: "b", Type: scalar(stream.String)})},
		{Name: "none", Type: scalar(stream.String)},
	} {
		s.Shape.Fields = append(s.Shape.Fields, stream.Field{Column: c, From: []string{c.Name}})
	}
	return s
}

// suite is one table of the conformance suite.
type suite struct {
	t    *testing.T
	e    *duckdb.Engine
	dir  string
	w    *table.Warehouse
	tbl  *table.Table
	runs int
}

func newSuite(t *testing.T, e *duckdb.Engine, s spec.Spec) *suite {
	t.Helper()
	dir := t.TempDir()
	w, err := table.Open(dir, table.Options{Now: time.Now, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	c := &suite{t: t, e: e, dir: dir, w: w}
	if c.tbl, err = w.Create(table.Creation{Path: "crm/all", Run: c.run(s)}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *suite) run(s spec.Spec) table.Run {
	c.runs++
	return table.Run{ID: fmt.Sprintf("r%d", c.runs), Address: "target.parquet.all", Lineage: "lin", Started: time.Now(), Spec: s, Workspace: table.Workspace{Provider: "test", ID: "w"}, Full: !s.Incremental()}
}

func (c *suite) load(s spec.Spec, rows ...conforming) {
	c.t.Helper()
	d, err := decode.New(s.Shape, decode.Options{})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, r := range rows {
		if err := d.Object([]byte(r.object)); err != nil {
			c.t.Fatal(err)
		}
	}
	x, err := c.tbl.Begin(context.Background(), c.run(s))
	if err != nil {
		c.t.Fatal(err)
	}
	if err := x.Write(stream.Batch{Rows: d.Take()}); err != nil {
		c.t.Fatal(err)
	}
	if _, err := x.Commit(table.Close{}); err != nil {
		c.t.Fatal(err)
	}
}

func (c *suite) files() string {
	return "read_parquet(" + duckdb.Quote(c.dir+"/crm/all/**/*.parquet") + ", hive_partitioning = false)"
}

// holds compares all columns of all rows, as JSON, and proves the table.
func (c *suite) holds(rows ...conforming) {
	c.t.Helper()
	var got, want []string
	for _, r := range c.e.Query("select cast(to_json(r) as varchar) from (select * replace (cast(j as varchar) as j, cast(_rest as varchar) as _rest) from " + c.files() + ") r").Rows {
		got = append(got, ordered(c.t, fmt.Sprint(r[0]), "j", stream.Rest)) // as text: DuckDB would round their numbers
	}
	for _, r := range rows {
		want = append(want, ordered(c.t, r.row))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		c.t.Errorf("the table holds\n%s\nand should hold\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	c.oneSchema()
	damage, err := c.tbl.Check(context.Background())
	if err != nil || len(damage) > 0 {
		c.t.Errorf("the table is damaged: %v, %v", damage, err)
	}
}

// ordered is the text of a JSON object with its members in order and its numbers as they
// stand; the members inside are JSON texts themselves.
func ordered(t *testing.T, text string, inside ...string) string {
	t.Helper()
	v := parse(t, text)
	for _, name := range inside {
		if s, ok := v.(map[string]any)[name].(string); ok {
			v.(map[string]any)[name] = parse(t, s)
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out.String())
}

// oneSchema checks that every part has the same columns, types and order: readers that
// take the schema of the first file, or refuse files that differ, read all of them rightly.
func (c *suite) oneSchema() {
	c.t.Helper()
	n := c.e.One("select count(distinct s) from (select file_name, list((name, type, converted_type, repetition_type, num_children)) s from parquet_schema(" +
		duckdb.Quote(c.dir+"/crm/all/**/*.parquet") + ") group by file_name)")
	if n != "1" {
		c.t.Errorf("the parts have %s different schemas", n)
	}
}

// types are the columns with their types, as DuckDB sees them.
func (c *suite) types(rows string) string {
	c.t.Helper()
	var out []string
	for _, r := range c.e.Query("select column_name, column_type from (describe select * from " + rows + ")").Rows {
		out = append(out, fmt.Sprint(r[0], " ", r[1]))
	}
	return strings.Join(out, "; ")
}

// TestConformance holds every mode, with a column of every kind, against what DuckDB reads.
func TestConformance(t *testing.T) {
	e := duckdb.Open(t)
	first, second := []conforming{a1, b1, c1}, []conforming{a0, bTie, c2, d1}
	for _, c := range []struct {
		name, mode, cursor string
		want               []conforming
		none               []conforming // after a further import that brought nothing
	}{
		{"append all", spec.Append, "", []conforming{a1, b1, c1, a0, bTie, c2, d1}, nil},
		{"append new", spec.Append, "t", []conforming{a1, b1, c1, d1}, nil},
		{"append changed", spec.Append, "updated_at", []conforming{a1, b1, c1, a0, c2, d1}, nil},
		{"replace", spec.Replace, "", second, []conforming{}},
		{"replace on new data", spec.ReplaceOnNewData, "", second, second},
		{"upsert", spec.Upsert, "updated_at", []conforming{a1, bTie, c2, d1}, nil},
		{"upsert all", spec.Upsert, "", []conforming{a1, bTie, c2, d1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := conformingSpec(c.mode, c.cursor)
			k := newSuite(t, e, s)
			k.holds()
			types := k.types(k.files())
			k.load(s, first...)
			k.holds(first...)
			k.load(s, second...)
			k.holds(c.want...)
			if got := k.types(k.files()); got != types {
				t.Errorf("the empty table had the columns\n%s\nand has now\n%s", types, got)
			}
			k.load(s)
			if c.none == nil {
				c.none = c.want
			}
			k.holds(c.none...)
		})
	}
}

// TestConformanceOfTypes names the type of every column, of a table without rows too, and
// of its view.
func TestConformanceOfTypes(t *testing.T) {
	e := duckdb.Open(t)
	s := conformingSpec(spec.Replace, "")
	k := newSuite(t, e, s)
	const want = "id VARCHAR; updated_at TIMESTAMP WITH TIME ZONE; s VARCHAR; i BIGINT; f DOUBLE; b BOOLEAN; t TIMESTAMP WITH TIME ZONE; j JSON; " +
		"l BIGINT[]; ls STRUCT(a BIGINT, b VARCHAR[])[]; st STRUCT(a BIGINT, b VARCHAR); none VARCHAR; _rest JSON"
	view := func() string {
		seen, err := k.w.Look()
		if err != nil {
			t.Fatal(err)
		}
		e.Query(table.Views(seen, k.dir))
		return "crm.all"
	}
	for _, rows := range [][]conforming{nil, {b1}, {a1, c1}} {
		k.load(s, rows...)
		view()
		for _, from := range []string{k.files(), `crm."all"`} {
			if got := strings.ReplaceAll(k.types(from), `"`, ""); got != want {
				t.Errorf("%d rows, %s:\n%s\nnot\n%s", len(rows), from, got, want)
			}
			if n := e.One("select count(*) from " + from); n != fmt.Sprint(len(rows)) {
				t.Errorf("%s rows in %s, not %d", n, from, len(rows))
			}
		}
	}
}

// TestConformanceOfEvolution changes columns under a table that has parts of several
// commits, and reads all of them with one plain glob.
func TestConformanceOfEvolution(t *testing.T) {
	e := duckdb.Open(t)
	s := conformingSpec(spec.Append, "")
	k := newSuite(t, e, s)
	k.load(s, a1, b1)
	k.load(s, c2)
	wide := conformingSpec(spec.Append, "")
	wide.Shape.Fields = append(wide.Shape.Fields,
		stream.Field{Column: stream.Column{Name: "k", Type: stream.ListOf(stream.Scalar(stream.JSON))}, From: []string{"j", "k"}},
		stream.Field{Column: stream.Column{Name: "unknown", Type: stream.StructOf(stream.Column{Name: "z", Type: stream.Scalar(stream.Int)})}, From: []string{"unknown"}})
	wide.Shape.Fields[3].Type = stream.Scalar(stream.String) // i
	if _, err := k.tbl.Rewrite(context.Background(), k.run(wide)); err != nil {
		t.Fatal(err)
	}
	more := func(c conforming, old, i, members string) conforming {
		c.row = strings.Replace(strings.TrimSuffix(c.row, "}")+members+"}", `"i":`+old, `"i":`+i, 1)
		return c
	}
	evolved := []conforming{
		more(a1, `9007199254740993`, `"9007199254740993"`, `,"k":[1,{}],"unknown":null`), more(b1, `null`, `null`, `,"k":null,"unknown":null`),
		more(conforming{row: strings.Replace(c2.row, `{"i":"many","unknown":{"z":1}}`, "null", 1)}, `null`, `"many"`, `,"k":null,"unknown":{"z":1}`),
	}
	k.holds(evolved...)
	k.load(wide, d1)
	k.holds(append(evolved, more(d1, `null`, `null`, `,"k":null,"unknown":null`))...)
}
