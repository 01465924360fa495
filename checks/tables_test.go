package checks

import (
	"slices"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// fourTables is the main job: the four streams into four tables.
const fourTables = `
connection "intercom" "acme" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
  base_url     = env("INLAY_TEST_URL")
}
source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}
source "intercom" "conversations" {
  connection  = connection.intercom.acme
  stream      = "conversations"
  incremental = true
}
source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}
source "intercom" "segments" {
  connection = connection.intercom.acme
  stream     = "segments"
}
target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  time_column = "created_at"
  timezone    = "Asia/Tokyo"
}
target "parquet" "conversations" {
  source      = source.intercom.conversations
  database    = "crm"
  time_column = "created_at"
  partition   = "day"
}
target "parquet" "tags" {
  source   = source.intercom.tags
  database = "crm"
  mode     = "replace"
}
target "parquet" "segments" {
  source   = source.intercom.segments
  database = "crm"
  mode     = "replace_on_new_data"
}
`

// places says where the service keeps the values of columns that do not stand at the top
// of its objects under their own name; it is written from the API's documentation.
var places = map[string]map[string][]string{
	"users": {
		"social_profiles": {"social_profiles", "data"},
		"tags":            {"tags", "data"}, "tags_count": {"tags", "total_count"},
		"notes": {"notes", "data"}, "notes_count": {"notes", "total_count"},
		"companies": {"companies", "data"}, "companies_count": {"companies", "total_count"},
		"opted_out_subscription_types": {"opted_out_subscription_types", "data"}, "opted_out_count": {"opted_out_subscription_types", "total_count"},
		"opted_in_subscription_types": {"opted_in_subscription_types", "data"}, "opted_in_count": {"opted_in_subscription_types", "total_count"},
	},
	"conversations": {
		"contacts":       {"contacts", "contacts"},
		"tags":           {"tags", "tags"},
		"teammates":      {"teammates", "admins"},
		"linked_objects": {"linked_objects", "data"}, "linked_objects_count": {"linked_objects", "total_count"},
	},
}

// columnsOf lists a stream's columns with the places where the service keeps them.
func columnsOf(t *testing.T, name string) []stream.Field {
	t.Helper()
	streams := intercom.New().Streams(setting.Values{"api_version": "2.16"})
	i := slices.IndexFunc(streams, func(s stream.Stream) bool { return s.Name == name })
	if i < 0 {
		t.Fatalf("no stream %s", name)
	}
	var out []stream.Field
	for _, c := range streams[i].Columns {
		from := places[name][c.Name]
		if from == nil {
			from = []string{c.Name}
		}
		out = append(out, stream.Field{Column: c, From: from})
	}
	return out
}

// TestTablesEqualTheService reads every table back with DuckDB and compares all columns
// with the service's answers, both ways.
func TestTablesEqualTheService(t *testing.T) {
	e := duckdb.Open(t)
	p := newProject(t, fourTables, sandbox.Options{Seed: 7, Contacts: 700, Conversations: 300})
	p.must(0, "apply", "-auto-approve")
	for _, name := range []string{"users", "conversations", "tags", "segments"} {
		t.Run(name, func(t *testing.T) {
			objects := p.ws.Rows(name)
			if name == "segments" {
				objects = p.ask("/segments?include_count=true", "segments")
			}
			expect(t, e, "id", columnsOf(t, name), objects, p.glob("crm/"+name))
		})
	}
	if got := e.One("select count(*) from glob(" + p.glob("crm/users") + ")"); got == "1" {
		t.Error("the users are not partitioned")
	}
	wrong := e.One("select count(*) from read_parquet(" + p.glob("crm/users") + ", hive_partitioning=true, hive_types_autocast=false) where created_at_month <> strftime(created_at at time zone 'Asia/Tokyo', '%Y-%m')")
	if wrong != "0" {
		t.Errorf("%s users stand in the folder of another month than theirs in Tokyo", wrong)
	}
	if out := p.must(0, "plan", "-detailed-exitcode"); out == "" {
		t.Error("plan says nothing")
	}
}
