package plan

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// testStreams are a small service's. Version "3" has one column more, and one of another type.
func testStreams(connection setting.Values) []stream.Stream {
	text, ts, num := stream.Scalar(stream.String), stream.Scalar(stream.Timestamp), stream.Scalar(stream.Int)
	location := stream.StructOf(stream.Column{Name: "city", Type: text})
	users := stream.Stream{
		Name: "users", Key: []string{"id"}, Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", Announced: true,
		Columns: []stream.Column{
			{Name: "id", Type: text}, {Name: "email", Type: text}, {Name: "created_at", Type: ts}, {Name: "updated_at", Type: ts},
			{Name: "score", Type: num}, {Name: "location", Type: location}, {Name: "custom_attributes", Type: stream.Scalar(stream.JSON)},
		},
	}
	users.Filters, users.Expands = []string{"role"}, []string{"tags", "companies"}
	leads := users
	leads.Name = "leads"
	tags := stream.Stream{Name: "tags", Key: []string{"id"}, Columns: []stream.Column{{Name: "id", Type: text}, {Name: "name", Type: text}}}
	talks := stream.Stream{Name: "conversations", Key: []string{"id"}, Cursors: []string{"updated_at"}, Updated: "updated_at",
		Columns: []stream.Column{{Name: "id", Type: text}, {Name: "updated_at", Type: ts}}}
	talks.Filters = []string{"state"}
	parts := talks
	parts.Name, parts.Parent = "conversation_parts", "conversations"
	if connection.String("api_version") == "3" {
		tags.Columns = append(tags.Columns[:2:2], stream.Column{Name: "colour", Type: text})
		users.Columns = append(users.Columns[:4:4], stream.Column{Name: "score", Type: text}, users.Columns[5], users.Columns[6])
	}
	return []stream.Stream{users, leads, tags, talks, parts}
}

func testCatalogue() lang.Catalogue {
	return lang.Catalogue{
		Providers: map[string]lang.Provider{"intercom": {
			Connection: []setting.Setting{
				{Name: "access_token", Kind: setting.String, Ephemeral: true},
				{Name: "oauth", Kind: setting.Block, Fields: []setting.Setting{
					{Name: "client_id", Kind: setting.String}, {Name: "account", Kind: setting.String}}},
				{Name: "region", Kind: setting.String, Default: "us", Values: []string{"us", "eu", "au"}},
				{Name: "base_url", Kind: setting.String, Check: setting.CheckURL},
				{Name: "api_version", Kind: setting.String, Default: "2"},
				{Name: "rate_limit", Kind: setting.Float, Default: 0.9},
				{Name: "sandbox", Kind: setting.Block, Fields: []setting.Setting{
					{Name: "seed", Kind: setting.Int}, {Name: "growth", Kind: setting.Duration}, {Name: "latency", Kind: setting.Duration}}},
			},
			Source: []setting.Setting{
				{Name: "incremental", Kind: setting.Bool, Default: false},
				{Name: "cursor", Kind: setting.String},
				{Name: "since", Kind: setting.String, Check: setting.CheckSince},
				{Name: "lookback", Kind: setting.Duration, Default: "1h"},
				{Name: "filter", Kind: setting.Map},
				{Name: "expand", Kind: setting.Strings, Values: []string{"tags", "companies"}},
			},
			Streams: testStreams,
		}},
		Targets:  map[string][]setting.Setting{"parquet": table.Settings()},
		Schedule: schedule.Settings(),
	}
}

// load writes files to a folder and reads them as a configuration.
func load(t testing.TB, files map[string][]byte) *lang.Config {
	t.Helper()
	dir := t.TempDir()
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, diags := lang.Load(dir, testCatalogue(), lang.Options{Env: func(name string) (string, bool) { return "value of " + name, true }})
	for _, d := range diags {
		if d.Severity == 1 {
			t.Fatalf("configuration: %v", d)
		}
	}
	return c
}
