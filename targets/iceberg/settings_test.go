package iceberg

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
)

// What cannot work is said where the configuration is checked, at the attribute to blame.
func TestCheck(t *testing.T) {
	for _, c := range []struct {
		catalog setting.Values
		at, say string // "" for nothing
	}{
		{setting.Values{"type": "rest", "uri": "https://lake.example/iceberg", "token": "x"}, "", ""},
		{setting.Values{"type": "sql", "uri": "sqlite:catalog.db"}, "", ""},
		{setting.Values{"type": "sql", "uri": "postgres://lake@db/catalog"}, "", ""},
		{setting.Values{"type": "glue"}, "", ""},
		{setting.Values{"type": "rest"}, "catalog.uri", "needs its address"},
		{setting.Values{"type": "sql"}, "catalog.uri", "needs the address of its database"},
		{setting.Values{"type": "rest", "uri": "lake.example"}, "catalog.uri", "begins with https://"},
		{setting.Values{"type": "sql", "uri": "mysql://db/x"}, "catalog.uri", "write sqlite:PATH"},
		{setting.Values{"type": "sql", "uri": "postgres://lake:secret@db/catalog"}, "catalog.uri", "PGPASSWORD"},
		{setting.Values{"type": "glue", "uri": "https://x"}, "catalog.uri", "has no uri"},
		{setting.Values{"type": "sql", "uri": "sqlite:x", "token": "x"}, "catalog.token", "has no token"},
		{setting.Values{"type": "glue", "location": "/data"}, "catalog.location", "s3://BUCKET/PREFIX"},
	} {
		written := func(name string) bool { return c.catalog.Has(strings.TrimPrefix(name, "catalog.")) }
		found := check(setting.Values{spec.Catalog: map[string]any(c.catalog)}, written)
		if c.at == "" && len(found) > 0 {
			t.Errorf("%v: %+v", c.catalog, found)
		}
		if c.at != "" && (len(found) != 1 || found[0].Setting != c.at || !strings.Contains(found[0].Detail, c.say)) {
			t.Errorf("%v: %+v, want %s: …%s…", c.catalog, found, c.at, c.say)
		}
	}
}
