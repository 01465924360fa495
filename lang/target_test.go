package lang

import (
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/addr"
)

const targetScene = `
inlay { hash_key = env("HASH_KEY") }
connection "intercom" "acme" {}
source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}
source "intercom" "new" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}
source "intercom" "changed" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
  cursor      = "updated_at"
}
source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}
source "intercom" "events" {
  connection  = connection.intercom.acme
  stream      = "events"
  incremental = true
}
`

// oneTarget loads a target with these lines and returns it.
func oneTarget(t *testing.T, lines string) Target {
	t.Helper()
	cfg, diags := Load(".", testCatalogue(), inMemory(map[string]string{"main.hcl": targetScene + "target \"parquet\" \"t\" {\n" + lines + "\n}\n"}))
	if len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	return cfg.Targets[0]
}

// TestTargetColumns reads what a target makes of its stream's columns.
func TestTargetColumns(t *testing.T) {
	for _, c := range []struct{ lines, columns, key, cursor, updated, time string }{
		{"source = source.intercom.users", "id email created_at updated_at custom_attributes", "id", "", "updated_at", ""},
		{"source = source.intercom.new", "id email created_at updated_at custom_attributes", "id", "created_at", "updated_at", ""},
		{"source = source.intercom.changed\nmode = \"upsert\"", "id email created_at updated_at custom_attributes", "id", "updated_at", "updated_at", ""},
		{"source = source.intercom.users\ntime_column = \"auto\"", "id email created_at updated_at custom_attributes", "id", "", "updated_at", "created_at"},
		{"source = source.intercom.users\ntime_column = null", "id email created_at updated_at custom_attributes", "id", "", "updated_at", ""},
		{"source = source.intercom.users\ncolumns = [\"id\", \"email\"]", "id email", "id", "", "", ""},
		{"source = source.intercom.users\nkey = [\"email\"]\ncolumns = [\"-created_at\"]", "id email updated_at custom_attributes", "email", "", "updated_at", ""},
		{
			"source = source.intercom.new\ntime_column = \"born\"\ncolumn \"user_id\" { from = \"id\" }\ncolumn \"born\" { from = \"created_at\" }\ncolumn \"changed\" { from = \"updated_at\" }",
			"user_id email born changed custom_attributes", "user_id", "born", "changed", "born",
		},
		{"source = source.intercom.users\ntime_column = \"auto\"\ncolumns = [\"-created_at\"]", "id email updated_at custom_attributes", "id", "", "updated_at", "updated_at"},
		{"source = source.intercom.events\ntime_column = \"time\"", "time name", "", "time", "", "time"},
		{"source = source.intercom.events\ncolumn \"at\" { from = \"time\" }", "at name", "", "at", "", ""},
		{"source = source.intercom.users\ntime { from = \"custom_attributes\" }", "id email created_at updated_at custom_attributes", "id", "", "updated_at", ""},
		{
			"source = source.intercom.users\ntime_column = \"paid\"\ncolumn \"paid\" {\n  from = \"custom_attributes.paid_at\"\n  type = \"int\"\n}",
			"id email created_at updated_at custom_attributes paid", "id", "", "updated_at", "paid",
		},
		{"source = source.intercom.users\ncolumn \"email\" { hash = true }\nsort_by = [\"_rest\", \"time\"]", "id email created_at updated_at custom_attributes", "id", "", "updated_at", ""},
	} {
		got := oneTarget(t, c.lines)
		if columns := strings.Join(fieldNames(got.Shape), " "); columns != c.columns {
			t.Errorf("%s\ngives the columns %s", c.lines, columns)
		}
		if key := strings.Join(got.Key, " "); key != c.key || got.Cursor != c.cursor || got.Updated != c.updated || got.Settings.String("time_column") != c.time {
			t.Errorf("%s\ngives key %s, cursor %s, updated %s, time_column %s", c.lines, key, got.Cursor, got.Updated, got.Settings.String("time_column"))
		}
		if auto := strings.Contains(c.lines, `"auto"`); auto != got.Settings.Bool("time_column_auto") {
			t.Errorf("%s\nauto is %v", c.lines, !auto)
		}
	}
}

// TestTimeColumnsAreListed names what would do where something else was written.
func TestTimeColumnsAreListed(t *testing.T) {
	_, diags := Load(".", testCatalogue(), inMemory(map[string]string{"main.hcl": targetScene +
		"target \"parquet\" \"t\" {\n  source = source.intercom.users\n  time_column = \"email\"\n}\n"}))
	if all := messages(diags); !strings.Contains(all, `"created_at" and "updated_at"`) {
		t.Error(all)
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		constraint, version string
		want                bool
	}{
		{">= 0.1", "0.1.0", true}, {">= 0.1", "v0.2.3", true}, {">= 0.2", "0.1.9", false}, {"> 0.1, < 1", "0.9", true}, {"> 0.1, < 1", "1.0.0", false},
		{"~> 1.2", "1.9.0", true}, {"~> 1.2", "2.0.0", false}, {"~> 1.2.3", "1.2.9", true}, {"~> 1.2.3", "1.3.0", false}, {"~> 1.2.3", "1.2.2", false},
		{"= 1.0", "1.0.0", true}, {"1.0", "1.0.1", false}, {"!= 1.0", "1.0.0", false}, {"<= 1", "1.0.0", true}, {">= 2", "devel", true}, {">= 2", "", true},
		{">= 0.1", "0.1.0-rc1+abc", true},
	} {
		o := inMemory(map[string]string{"main.hcl": "inlay {\n  required_version = \"" + c.constraint + "\"\n}\n"})
		o.Version = c.version
		_, diags := Load(".", testCatalogue(), o)
		if got := !diags.HasErrors(); got != c.want {
			t.Errorf("%s with %s: %v\n%s", c.version, c.constraint, got, messages(diags))
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"connection", "source", "target", "schedule", "created_at", "updated_at", "id"}
	for given, want := range map[string]string{
		"conection": "connection", "soruce": "source", "Target": "target", "crated_at": "created_at", "updatedat": "updated_at",
		"x": "", "table": "", "di": "id", "ids": "id", "": "",
	} {
		if got := addr.Nearest(given, known); got != want {
			t.Errorf("%q was taken for %q, want %q", given, got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	dir := write(t, map[string]string{
		"main.hcl": "", "b.vars": "", "x.hcl.json": "", "notes.md": "", ".hidden.hcl": "", "modules/a/main.hcl": "", ".git/x.hcl": "",
	})
	flat, err := Files(dir, false)
	if want := []string{"b.vars", "main.hcl"}; err != nil || !slices.Equal(flat, want) {
		t.Errorf("%q, %v", flat, err)
	}
	deep, err := Files(dir, true)
	if want := []string{"b.vars", "main.hcl", "modules/a/main.hcl"}; err != nil || !slices.Equal(deep, want) {
		t.Errorf("%q, %v", deep, err)
	}
	if _, err := Files(dir+"/absent", true); err == nil {
		t.Error("a folder that is not there was listed")
	}
}

func TestFormat(t *testing.T) {
	got, diags := Format([]byte("a{\nb=1\nlong   =2 # why\n}\n"), "main.hcl")
	if want := "a {\n  b    = 1\n  long = 2 # why\n}\n"; diags.HasErrors() || string(got) != want {
		t.Errorf("%q %s", got, messages(diags))
	}
	broken := []byte("a {\n")
	if got, diags := Format(broken, "main.hcl"); !diags.HasErrors() || string(got) != string(broken) {
		t.Errorf("%q", got)
	}
}
