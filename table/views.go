package table

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Views is SQL that gives DuckDB one schema per database and one view per living table,
// each over the table's path. A view finds the newest snapshot whenever it is asked.
func Views(seen Seen, warehouseDir string) string {
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
		glob := filepath.ToSlash(filepath.Join(warehouseDir, s.Path)) + "/**/*.parquet"
		fmt.Fprintf(&out, "CREATE OR REPLACE VIEW %s.%s AS SELECT * FROM read_parquet(%s, hive_partitioning = false);\n",
			quoteName(db), quoteName(name), "'"+strings.ReplaceAll(glob, "'", "''")+"'")
	}
	return out.String()
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
