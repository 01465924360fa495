package checks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/checks/polars"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// TestPolarsReadsTheSame reads tables through a plain glob with Polars, as they are imported
// and after the target has changed in every way that rewrites parts; DuckDB then compares
// what Polars saw with what it sees itself, in all columns, both ways.
func TestPolarsReadsTheSame(t *testing.T) {
	e := duckdb.Open(t)
	p := newProject(t, fourTables, sandbox.Options{Seed: 7, Contacts: 400, Conversations: 120})
	same := func(table string) {
		t.Helper()
		glob := strings.Trim(p.glob(table), "'")
		rows := func(files string) string {
			return fmt.Sprintf("SELECT * FROM read_parquet(%s, hive_partitioning = false)", duckdb.Quote(files))
		}
		e.Same(texts(e, rows(glob)), texts(e, rows(polars.Copy(t, glob))))
	}
	p.must(0, "apply", "-auto-approve")
	for _, table := range []string{"crm/users", "crm/conversations", "crm/tags", "crm/segments"} {
		same(table)
	}
	for _, change := range []string{
		"mode = \"upsert\"\n  partition = \"year\"",
		"mode = \"upsert\"\n  partition = \"year\"\n  columns = [\"*\", \"-avatar\"]\n  column \"plan\" {\n    from = \"custom_attributes.plan\"\n  }",
		"mode = \"upsert\"\n  partition = \"none\"\n  compression = \"none\"\n  column \"full_name\" {\n    from = \"name\"\n  }\n  column \"seats\" {\n    from = \"custom_attributes.seats\"\n    type = \"float\"\n  }",
	} {
		p.write("main.hcl", strings.Replace(fourTables, "timezone    = \"Asia/Tokyo\"", "timezone    = \"Asia/Tokyo\"\n  "+change, 1))
		p.must(0, "apply", "-auto-approve")
		same("crm/users")
	}
}

// texts is a query with its JSON columns as text. Polars takes them for bytes.
func texts(e *duckdb.Engine, query string) string {
	var columns []string
	for _, row := range e.Query("DESCRIBE " + query).Rows {
		name := `"` + strings.ReplaceAll(fmt.Sprint(row[0]), `"`, `""`) + `"`
		switch fmt.Sprint(row[1]) {
		case "JSON":
			name += "::VARCHAR AS " + name
		case "BLOB":
			name = "decode(" + name + ") AS " + name
		}
		columns = append(columns, name)
	}
	return "SELECT " + strings.Join(columns, ", ") + " FROM (" + query + ")"
}
