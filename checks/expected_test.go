package checks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/stream"
)

// expect writes what a table should hold as NDJSON, worked out from the service's own
// answers the slow and plain way, and compares it with the table in DuckDB, both ways, in
// every column. JSON columns are compared row by row as values, since their text keeps
// the order of keys in which it came.
func expect(t *testing.T, e *duckdb.Engine, key string, columns []stream.Field, objects []map[string]any, glob string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "expected.ndjson")
	var out bytes.Buffer
	for _, o := range objects {
		line, err := json.Marshal(plainRow(columns, o))
		if err != nil {
			t.Fatal(err)
		}
		out.Write(append(line, '\n'))
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	var types, names []string
	for _, c := range columns {
		if c.Type.Kind == stream.JSON {
			expectJSON(t, e, key, c, objects, glob)
			continue
		}
		types = append(types, duckdb.Quote(c.Name)+": "+duckdb.Quote(sqlType(c.Type)))
		names = append(names, `"`+c.Name+`"`)
	}
	want := fmt.Sprintf("select %s from read_json(%s, format='newline_delimited', maximum_object_size=200000000, columns={%s})", strings.Join(names, ", "), duckdb.Quote(file), strings.Join(types, ", "))
	e.Same(fmt.Sprintf("select %s from read_parquet(%s)", strings.Join(names, ", "), glob), want)
	if n := e.One("select count(*) from read_parquet(" + glob + ")"); n != fmt.Sprint(len(objects)) {
		t.Errorf("the table has %s rows, the service %d", n, len(objects))
	}
}

func expectJSON(t *testing.T, e *duckdb.Engine, key string, c stream.Field, objects []map[string]any, glob string) {
	t.Helper()
	want := map[string]string{}
	for _, o := range objects {
		if v := plainRow([]stream.Field{c}, o)[c.Name]; v != nil {
			want[fmt.Sprint(o[key])] = v.(string)
		}
	}
	got := e.Query(fmt.Sprintf(`select "%s", cast("%s" as varchar) from read_parquet(%s) where "%s" is not null`, key, c.Name, glob, c.Name))
	for _, row := range got.Rows {
		id, value := fmt.Sprint(row[0]), parse(t, fmt.Sprint(row[1]))
		if canonical(value) != want[id] {
			t.Errorf("%s of %s is %s, not %s", c.Name, id, canonical(value), want[id])
		}
		delete(want, id)
	}
	for id, v := range want {
		t.Errorf("%s of %s is null, not %s", c.Name, id, v)
	}
}

func parse(t *testing.T, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v
}

// sqlType is the type DuckDB must see.
func sqlType(t stream.Type) string {
	switch t.Kind {
	case stream.Int:
		return "BIGINT"
	case stream.Float:
		return "DOUBLE"
	case stream.Bool:
		return "BOOLEAN"
	case stream.Timestamp:
		return "TIMESTAMPTZ"
	case stream.List:
		return sqlType(*t.Elem) + "[]"
	case stream.Struct:
		var fields []string
		for _, f := range t.Fields {
			fields = append(fields, `"`+f.Name+`" `+sqlType(f.Type))
		}
		return "STRUCT(" + strings.Join(fields, ", ") + ")"
	}
	return "VARCHAR"
}

// plainRow puts an object into columns with maps and type switches: nothing of the
// decoder under test.
func plainRow(columns []stream.Field, o map[string]any) map[string]any {
	row := map[string]any{}
	for _, c := range columns {
		var v any = o
		for _, step := range c.From {
			m, _ := v.(map[string]any)
			v = m[step]
		}
		row[c.Name] = plain(c.Type, v)
	}
	return row
}

func plain(t stream.Type, v any) any {
	if v == nil {
		return nil
	}
	switch t.Kind {
	case stream.Timestamp:
		return plainTime(v)
	case stream.String:
		if s, ok := v.(string); ok {
			return s
		}
		return canonical(v)
	case stream.JSON:
		return canonical(v)
	case stream.List:
		list, ok := v.([]any)
		if !ok {
			return nil
		}
		out := make([]any, len(list))
		for i, e := range list {
			out[i] = plain(*t.Elem, e)
		}
		return out
	case stream.Struct:
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		out := map[string]any{}
		for _, f := range t.Fields {
			out[f.Name] = plain(f.Type, m[f.Name])
		}
		return out
	}
	return v
}

func plainTime(v any) any {
	if s, ok := v.(string); ok {
		return s
	}
	n, err := v.(json.Number).Int64()
	if err != nil {
		return nil
	}
	return time.Unix(n, 0).UTC().Format("2006-01-02T15:04:05Z")
}

// canonical writes JSON with sorted keys.
func canonical(v any) string {
	switch v := v.(type) {
	case map[string]any:
		parts := []string{}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, text(k)+":"+canonical(v[k]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case []any:
		parts := []string{}
		for _, e := range v {
			parts = append(parts, canonical(e))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	return text(v)
}

func text(v any) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}
