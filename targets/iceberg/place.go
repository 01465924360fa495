package iceberg

import (
	"strings"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/table"
)

// place is a table's place in a catalog.
type place struct {
	settings setting.Values // of the catalog block
	ident    []string       // the namespace's levels and the table's name
}

func placeOf(m table.Manifest) place {
	p := place{settings: m.Spec.Target.Block(spec.Catalog)}
	database, name, _ := strings.Cut(m.Path, "/")
	if ns := p.settings.String("namespace"); ns != "" {
		database = ns
	}
	if n := p.settings.String("table"); n != "" {
		name = n
	}
	p.ident = append(strings.Split(database, "."), name)
	return p
}

// catalog names the catalog, without the table.
func (p place) catalog() string {
	words := []string{p.settings.String("type")}
	for _, s := range []string{"uri", "warehouse"} {
		if v := p.settings.String(s); v != "" {
			words = append(words, v)
		}
	}
	if p.settings.String("type") == typeSQL {
		words = append(words, p.settings.String("name"))
	}
	return strings.Join(words, " ")
}

func (p place) table() string { return strings.Join(p.ident, ".") }

// String names the place; two places with one name are the same.
func (p place) String() string { return p.catalog() + " " + p.table() }

// left is the table's former place, if it was another one in the same catalog.
func (p place) left(last string) (ident []string, ok bool) {
	name, same := strings.CutPrefix(last, p.catalog()+" ")
	if !same || name == p.table() || strings.Contains(name, " ") {
		return nil, false
	}
	return strings.Split(name, "."), true
}
