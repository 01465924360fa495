package lang

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// testCatalogue is a small service with the settings that the language must cope with.
func testCatalogue() Catalogue {
	ts, str := stream.Scalar(stream.Timestamp), stream.Scalar(stream.String)
	users := stream.Stream{
		Name: "users", Key: []string{"id"}, Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at",
		Filters: []string{"role", "email", "custom_attributes."}, Expands: []string{"tags", "companies"},
		Columns: []stream.Column{
			{Name: "id", Type: str}, {Name: "email", Type: str}, {Name: "created_at", Type: ts}, {Name: "updated_at", Type: ts},
			{Name: "custom_attributes", Type: stream.Scalar(stream.JSON)},
		},
	}
	tags := stream.Stream{Name: "tags", Key: []string{"id"}, Columns: []stream.Column{{Name: "id", Type: str}, {Name: "name", Type: str}}}
	events := stream.Stream{Name: "events", Cursors: []string{"time"}, Columns: []stream.Column{{Name: "time", Type: ts}, {Name: "name", Type: str}}}
	talks := stream.Stream{Name: "conversations", Key: []string{"id"}, Cursors: []string{"updated_at"}, Updated: "updated_at", DeletionFeed: true, Expands: []string{"tags"},
		Columns: []stream.Column{{Name: "id", Type: str}, {Name: "updated_at", Type: ts}}}
	return Catalogue{
		Providers: map[string]Provider{"intercom": {
			Connection: []setting.Setting{
				{Name: "access_token", Kind: setting.String, Ephemeral: true},
				{Name: "region", Kind: setting.String, Default: "us", Values: []string{"us", "eu", "au"}},
				{Name: "base_url", Kind: setting.String, Check: setting.CheckURL},
				{Name: "api_version", Kind: setting.String, Default: "2.16"},
				{Name: "rate_limit", Kind: setting.Float, Default: 0.9},
				{Name: "max_calls", Kind: setting.Int},
				{Name: "app_id", Kind: setting.String, Deprecated: "use oauth instead"},
				{Name: "oauth", Kind: setting.Block, Fields: []setting.Setting{
					{Name: "client_id", Kind: setting.String, Required: true},
					{Name: "client_secret", Kind: setting.String, Ephemeral: true},
				}},
			},
			Source: []setting.Setting{
				{Name: "incremental", Kind: setting.Bool, Default: false},
				{Name: "cursor", Kind: setting.String},
				{Name: "since", Kind: setting.String, Check: setting.CheckSince},
				{Name: "lookback", Kind: setting.Duration, Default: "1h"},
				{Name: "filter", Kind: setting.Map},
				{Name: "expand", Kind: setting.Strings, Values: []string{"tags", "companies"}},
			},
			Check: func(c setting.Values, written func(string) bool) []Finding {
				var out []Finding
				if written("oauth") && written("access_token") {
					out = append(out, Finding{Attribute: "access_token", Warning: true, Detail: "The oauth block wins over access_token. Take one of them out."})
				}
				if share := c.Float("rate_limit"); share > 1 {
					out = append(out, Finding{Attribute: "rate_limit", Detail: "rate_limit is a share of the budget, up to 1."})
				}
				return out
			},
			Streams: func(setting.Values) []stream.Stream { return []stream.Stream{users, tags, events, talks} },
		}},
		Targets:  map[string][]setting.Setting{"parquet": targetSettings()},
		Schedule: schedule.Settings(),
	}
}

func targetSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "source", Kind: setting.Reference, RefKind: "source", Required: true},
		{Name: "database", Kind: setting.String, Default: "default", Check: setting.CheckName, Place: true},
		{Name: "table", Kind: setting.String, Check: setting.CheckName, Place: true},
		{Name: "mode", Kind: setting.String, Default: "append", Values: []string{"append", "replace", "replace_on_new_data", "upsert"}},
		{Name: "key", Kind: setting.Strings},
		{Name: "time_column", Kind: setting.String},
		{Name: "time", Kind: setting.Block, Fields: []setting.Setting{
			{Name: "from", Kind: setting.String, Required: true},
			{Name: "format", Kind: setting.String, Default: "rfc3339", Values: []string{"rfc3339", "date", "unix", "unix_ms"}},
		}},
		{Name: "partition", Kind: setting.String, Default: "month", Values: []string{"none", "hour", "day", "month", "year"}},
		{Name: "timezone", Kind: setting.String, Default: "UTC", Check: setting.CheckZone},
		{Name: "columns", Kind: setting.Strings},
		{Name: "column", Kind: setting.Block, Repeated: true, Label: "name", Fields: []setting.Setting{
			{Name: "name", Kind: setting.String, Required: true},
			{Name: "from", Kind: setting.String},
			{Name: "type", Kind: setting.String, Values: []string{"string", "int", "float", "bool", "timestamp", "json"}},
			{Name: "hash", Kind: setting.Bool, Default: false},
		}},
		{Name: "expect", Kind: setting.Block, Repeated: true, Label: "name", Fields: []setting.Setting{
			{Name: "name", Kind: setting.String, Required: true},
			{Name: "not_null", Kind: setting.Strings},
			{Name: "accepted_values", Kind: setting.Map},
			{Name: "condition", Kind: setting.String, Check: setting.CheckExpr},
			{Name: "unique", Kind: setting.Strings},
			{Name: "min_rows", Kind: setting.Int},
			{Name: "max_age", Kind: setting.Duration},
			{Name: "severity", Kind: setting.String, Default: "error", Values: []string{"error", "warn"}},
		}},
		{Name: "deletes", Kind: setting.String, Default: "keep", Values: []string{"keep", "mark", "remove"}},
		{Name: "sort_by", Kind: setting.Strings},
		{Name: "max_file_size", Kind: setting.Size, Default: "128MiB"},
		{Name: "retain", Kind: setting.Int, Default: int64(2)},
		{Name: "max_shrink", Kind: setting.Float, Default: 0.5},
		{Name: "schedule", Kind: setting.Reference, RefKind: "schedule"},
	}
}

// write makes a folder of files and returns it.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// inMemory shows files that are not on disk; Load's dir must be ".".
func inMemory(files map[string]string) Options {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Options{
		ReadFile: func(p string) ([]byte, error) { return m.ReadFile(filepath.ToSlash(p)) },
		ReadDir:  func(p string) ([]fs.DirEntry, error) { return m.ReadDir(filepath.ToSlash(p)) },
	}
}

func lookup(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := env[name]; return v, ok }
}

// messages writes diagnostics one per line.
func messages(diags Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		b.WriteString(where(place(d)) + " " + d.Summary + ": " + d.Detail + "\n")
	}
	return b.String()
}

func mustLoad(t testing.TB, files map[string]string, o Options) *Config {
	t.Helper()
	cfg, diags := Load(write(t, files), testCatalogue(), o)
	if len(diags) > 0 {
		t.Fatalf("%s", messages(diags))
	}
	return cfg
}

const quickstart = `
inlay {
  required_version = ">= 0.1"
}

variable "intercom_token" {
  type      = string
  sensitive = true
}

connection "intercom" "acme" {
  access_token = var.intercom_token
  region       = "eu"
}

source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  time_column = "created_at"
  timezone    = "Asia/Tokyo"
  schedule    = schedule.nightly
}

schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
  delay    = "30m"
}
`

func TestLoad(t *testing.T) {
	cfg := mustLoad(t, map[string]string{"main.hcl": quickstart}, Options{
		Version: "0.2.0", Env: lookup(map[string]string{"INLAY_VAR_intercom_token": "tok-123"}),
	})
	if got := cfg.Connections[0].Secrets["access_token"].Reveal(); got != "tok-123" {
		t.Errorf("access_token is %q", got)
	}
	target := cfg.Targets[0]
	if target.Schedule == nil || target.Schedule.String() != "schedule.nightly" || target.Source.String() != "source.intercom.users" {
		t.Errorf("target refers to %v and %v", target.Schedule, target.Source)
	}
	for name, want := range map[string]any{"mode": "append", "retain": int64(2), "partition": "month"} {
		if target.Settings[name] != want {
			t.Errorf("%s = %#v, want %#v", name, target.Settings[name], want)
		}
	}
	if target.Path() != "crm/users" {
		t.Errorf("its table stands at %s", target.Path())
	}
	if r := target.At("timezone"); r.File != "main.hcl" || r.Line != 26 {
		t.Errorf("timezone stands at %+v", r)
	}
	if cfg.Schedules[0].Parsed == nil || cfg.Inlay.Warehouse != "warehouse" || cfg.Inlay.State != ".inlay/state.json" {
		t.Errorf("%+v %+v", cfg.Schedules[0], cfg.Inlay)
	}
}

func TestLoadWithoutCredentials(t *testing.T) {
	cfg := mustLoad(t, map[string]string{"main.hcl": quickstart}, Options{})
	m := cfg.Connections[0].Missing
	if len(m) != 1 || m[0].Attribute != "access_token" || m[0].Variable != "var.intercom_token" || m[0].Diagnostic == nil {
		t.Fatalf("missing: %+v", m)
	}
}
