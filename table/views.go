package table

import (
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// Views is SQL that gives DuckDB one schema per database and one view per living table.
// Each view names the parts of the snapshot that was seen, so a query of it never meets two
// snapshots and never finds its files gone, for as long as that snapshot is kept: at least
// an hour after the next commit. Then the views are to be made again. The warehouse is named
// as DuckDB finds it: an absolute folder, or a URL.
func Views(seen Seen, warehouse string) string {
	tables := slices.DeleteFunc(slices.Clone(seen.Tables), func(s SeenTable) bool { return s.Deleted || s.Path == "" })
	slices.SortFunc(tables, func(a, b SeenTable) int { return strings.Compare(a.Path, b.Path) })
	var out strings.Builder
	schema := ""
	for _, s := range tables {
		db, name, _ := strings.Cut(s.Path, "/")
		if db != schema {
			schema = db
			fmt.Fprintf(&out, "CREATE SCHEMA IF NOT EXISTS %s;\n", quoteName(db))
		}
		fmt.Fprintf(&out, "CREATE OR REPLACE VIEW %s.%s AS %s;\n", quoteName(db), quoteName(name), selection(s, warehouse))
	}
	return out.String()
}

// selection is the query that gives a table's rows.
func selection(s SeenTable, warehouse string) string {
	if len(s.Head.Parts) == 0 {
		return emptySelection(s.Head.Columns)
	}
	var files []string
	for _, p := range s.Head.Parts {
		files = append(files, "\n  "+quoteText(strings.TrimSuffix(filepath.ToSlash(warehouse), "/")+"/"+path.Join(homes, s.ID, "parts", p.Name)))
	}
	return "SELECT * FROM read_parquet([" + strings.Join(files, ",") + "], hive_partitioning = false)"
}

// emptySelection gives no row, with a table's columns.
func emptySelection(columns []stream.Column) string {
	var list []string
	for _, c := range columns {
		list = append(list, fmt.Sprintf("CAST(NULL AS %s) AS %s", sqlType(c.Type), quoteName(c.Name)))
	}
	return "SELECT " + strings.Join(list, ", ") + " WHERE false"
}

// sqlType is the type that DuckDB gives a column.
func sqlType(t stream.Type) string {
	switch t.Kind {
	case stream.Int:
		return "BIGINT"
	case stream.Float:
		return "DOUBLE"
	case stream.Bool:
		return "BOOLEAN"
	case stream.Timestamp:
		return "TIMESTAMP WITH TIME ZONE"
	case stream.JSON:
		return "JSON"
	case stream.List:
		return sqlType(*t.Elem) + "[]"
	case stream.Struct:
		var list []string
		for _, f := range t.Fields {
			list = append(list, quoteName(f.Name)+" "+sqlType(f.Type))
		}
		return "STRUCT(" + strings.Join(list, ", ") + ")"
	}
	return "VARCHAR"
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quoteText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
