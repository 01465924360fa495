package iceberg

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/table"
)

// The types of catalogs.
const (
	typeREST = "rest"
	typeGlue = "glue"
	typeSQL  = "sql"
)

// Kind is target "iceberg".
func Kind() project.TargetKind {
	return project.TargetKind{
		Name: "iceberg", Settings: settings(), Check: check,
		Publisher: func(w project.TargetWorld) table.Publisher { return &publisher{w} },
	}
}

func settings() []setting.Setting {
	return []setting.Setting{{Name: spec.Catalog, Kind: setting.Block, Required: true,
		Doc: "The Iceberg catalog in which the table is shown, and its name there.",
		Fields: []setting.Setting{
			{Name: "type", Kind: setting.String, Required: true, Values: []string{typeREST, typeGlue, typeSQL}, Doc: "How the catalog is spoken to."},
			{Name: "uri", Kind: setting.String, Doc: "rest: the catalog's address. sql: sqlite:PATH, relative to the folder of the configuration, or postgres://USER@HOST/DATABASE, whose password comes from PGPASSWORD."},
			{Name: "name", Kind: setting.String, Default: "inlay", Doc: "sql: the catalog's name, under which one database holds several."},
			{Name: "warehouse", Kind: setting.String, Doc: "rest: which of its warehouses the catalog shall use, where it has several."},
			{Name: "namespace", Kind: setting.String, Doc: "The namespace of the table, with dots between levels; the target's database when absent."},
			{Name: "table", Kind: setting.String, Doc: "The table's name in the catalog; the target's table when absent."},
			{Name: "location", Kind: setting.String, Doc: "A URL below which Iceberg's own files of the table stand; the table's home in the warehouse when absent."},
			{Name: "oauth_uri", Kind: setting.String, Check: setting.CheckURL, Doc: "rest: where a credential is exchanged for a token; the catalog itself when absent."},
			{Name: "scope", Kind: setting.String, Doc: "rest: the scope a token is asked for."},
			{Name: "token", Kind: setting.String, Ephemeral: true, Doc: "rest: the token the catalog is asked with."},
			{Name: "credential", Kind: setting.String, Ephemeral: true, Doc: "rest: CLIENT_ID:CLIENT_SECRET, which is exchanged for a token."},
		}}}
}

// check says what of a catalog block does not go together.
func check(settings setting.Values, written func(string) bool) []providers.Finding {
	block := settings.Block(spec.Catalog)
	if block == nil {
		return nil // it is missing, which was said
	}
	var out []providers.Finding
	say := func(name, format string, args ...any) {
		out = append(out, providers.Finding{Setting: spec.Catalog + "." + name, Detail: fmt.Sprintf(format, args...)})
	}
	kind := block.String("type")
	for name, kinds := range map[string][]string{
		"uri": {typeREST, typeSQL}, "warehouse": {typeREST}, "oauth_uri": {typeREST}, "scope": {typeREST}, "token": {typeREST}, "credential": {typeREST},
	} {
		if kind != "" && written(spec.Catalog+"."+name) && !slices.Contains(kinds, kind) {
			say(name, "A catalog of the type %q has no %s; it is for %s. Take it out.", kind, name, strings.Join(kinds, " and "))
		}
	}
	if problem := wrongURI(kind, block.String("uri")); problem != "" {
		say("uri", "%s", problem)
	}
	if loc := block.String("location"); loc != "" && !strings.HasPrefix(loc, "s3://") && !strings.HasPrefix(loc, "file:///") {
		say("location", "%q is not a place for Iceberg's files; write s3://BUCKET/PREFIX or file:///FOLDER.", loc)
	}
	slices.SortFunc(out, func(a, b providers.Finding) int { return strings.Compare(a.Setting, b.Setting) })
	return out
}

// wrongURI is what is wrong with a catalog's address; "" for nothing.
func wrongURI(kind, uri string) string {
	u, err := url.Parse(uri)
	switch {
	case kind == typeGlue || kind == "":
		return ""
	case uri == "" && kind == typeSQL:
		return "A catalog of the type \"sql\" needs the address of its database: uri = \"sqlite:catalog.db\", or postgres://USER@HOST/DATABASE."
	case uri == "":
		return "A catalog of the type \"rest\" needs its address: uri = \"https://…\"."
	case err != nil:
		return fmt.Sprintf("%q is not an address.", uri)
	case kind == typeREST && u.Scheme != "https" && u.Scheme != "http":
		return fmt.Sprintf("%q is not the address of a REST catalog, which begins with https://.", uri)
	case kind == typeSQL && u.Scheme != "sqlite" && u.Scheme != "postgres":
		return fmt.Sprintf("%q is not a database that catalogs are kept in here; write sqlite:PATH or postgres://USER@HOST/DATABASE.", uri)
	}
	if _, secret := u.User.Password(); secret {
		return "The address would be stored with its password. Leave the password out, and set PGPASSWORD in the environment."
	}
	return ""
}
