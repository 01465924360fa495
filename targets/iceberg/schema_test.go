package iceberg

import (
	"maps"
	"testing"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

func columns(names ...string) []stream.Column {
	var out []stream.Column
	for _, n := range names {
		out = append(out, stream.Column{Name: n, Type: stream.Scalar(stream.String)})
	}
	return out
}

func TestRenamed(t *testing.T) {
	next := 0
	have := fields(columns("id", "mail", "plan"), &next)
	want := fields(columns("id", "email", "tier", "new"), &next)
	got := renamed(have, want, origins{"mail": "email", "plan": "attributes.plan"}, origins{"tier": "attributes.plan", "new": "id"})
	if !maps.Equal(got, map[string]string{"mail": "email", "plan": "tier"}) {
		t.Errorf("renamed: %v", got)
	}
	if got := readOrigins(origins{"a": "b.c"}.text()); !maps.Equal(got, origins{"a": "b.c"}) {
		t.Errorf("read back: %v", got)
	}
}

// Two places are the same when their names are, and the former place is left only within one
// catalog.
func TestPlaces(t *testing.T) {
	at := func(path string, catalog setting.Values) place {
		return placeOf(table.Manifest{Path: path, Spec: spec.Spec{Target: setting.Values{spec.Catalog: map[string]any(catalog)}}})
	}
	a := at("crm/users", setting.Values{"type": "sql", "uri": "sqlite:x", "name": "inlay"})
	b := at("crm/users", setting.Values{"type": "sql", "uri": "sqlite:x", "name": "inlay", "namespace": "lake.raw", "table": "people"})
	c := at("crm/users", setting.Values{"type": "sql", "uri": "sqlite:x", "name": "other"})
	if b.String() != "sql sqlite:x inlay lake.raw.people" || len(b.ident) != 3 {
		t.Errorf("%s", b)
	}
	if ident, ok := b.left(a.String()); !ok || len(ident) != 2 || ident[1] != "users" {
		t.Errorf("left: %v, %t", ident, ok)
	}
	for _, last := range []string{"", b.String(), c.String()} {
		if ident, ok := b.left(last); ok {
			t.Errorf("from %q %v is left", last, ident)
		}
	}
}
