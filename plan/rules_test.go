package plan

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// ruleCase is a change to which one rule applies, and no rule before it.
type ruleCase struct {
	before, after func(*spec.Spec)
	from, to      any
	column        columnKind
	name          string
}

func set(name string, v any) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Target[name] = v }
}

func since(v string) func(*spec.Spec)  { return func(s *spec.Spec) { s.Since = v } }
func incremental(s *spec.Spec)         { s.Source["incremental"] = true }
func cursor(v string) func(*spec.Spec) { return func(s *spec.Spec) { s.Cursor = v } }
func types(k stream.Kind) func(*spec.Spec) {
	return func(s *spec.Spec) { s.Shape.Fields[1].Type = stream.Scalar(k) }
}

// ruleCases are by block, attribute and the rule's own words for when it applies.
var ruleCases = map[string]ruleCase{
	"connection base_url both addresses are on this machine": {from: "http://localhost:1", to: "http://127.0.0.1:2"},
	"connection base_url ": {from: "http://localhost:1", to: "https://example.com"},
	"connection api_version a column has another type there": {after: types(stream.Int)},
	"connection oauth.account both name an account":          {from: "a", to: "b"},
	"source cursor the bookmark's column stays the same":     {before: cursor("created_at"), after: cursor("created_at")},
	"source cursor ": {before: cursor("created_at"), after: cursor("updated_at")},
	"source since it is later, or says the same":  {before: since("2025-01-01T00:00:00Z"), after: since("2026-01-01T00:00:00Z")},
	"source since every run replaces the table":   {before: since("2025-01-01T00:00:00Z"), after: set("mode", "replace")},
	"source since every run appends a whole read": {before: since("2025-01-01T00:00:00Z")},
	"source since ":                  {before: since("2025-01-01T00:00:00Z"), after: incremental},
	"source expand it asks for less": {from: []any{"tags", "notes"}, to: []any{"tags"}},
	"source expand ":                 {from: []any{"tags"}, to: []any{"notes"}},
	"target mode it becomes upsert":  {after: set("mode", "upsert")},
	"target mode it becomes upsert, by a key that the table's files lack":   {before: dropTime, after: keyed},
	"target key in upsert, and the table's files lack it":                   {before: upsertWithoutTime, after: keyed},
	"target mode it becomes replace and the table holds more than one read": {after: set("mode", "replace")},
	"target mode ":                                                {before: set("mode", "replace"), after: set("mode", "replace_on_new_data")},
	"target key in upsert":                                        {before: set("mode", "upsert"), after: set("mode", "upsert")},
	"target hash_key both keys are known":                         {from: "1", to: "2"},
	"target time_column it names the same column as before":       {before: set("time_column", "created_at"), after: set("time_column", "created_at")},
	"target time_column the added time takes its place":           {before: set("time_column", "created_at")},
	"target time_column the table lacks the column":               {before: dropTime, after: set("time_column", "created_at")},
	"target time_column ":                                         {after: set("time_column", "created_at")},
	"target time the added time becomes the moment of the upload": {before: set("time", map[string]any{"from": "created_at"})},
	"target time the table lacks the column it is read from":      {before: dropTime, after: set("time", map[string]any{"from": "created_at"})},
	"target time ": {after: set("time", map[string]any{"from": "created_at"})},
	"target deletes rows are marked, before or after":                              {from: "keep", to: "mark"},
	"target timezone the table has no partitions, and no time is read in the zone": {before: set("partition", "none"), after: set("partition", "none")},
	"target columns a column is new":                                               {column: columnAdded},
	"target columns a column that was left out comes back":                         {column: columnRestored},
	"target columns a column is left out":                                          {column: columnDropped},
	"target columns a column is renamed":                                           {column: columnRenamed},
	"target columns fields are added inside a column":                              {column: columnWidened},
	"target columns a column has another type":                                     {column: columnRetyped},
	"target columns the table's files cannot give the column as it shall be":       {after: types(stream.Float), column: columnRetyped, name: "created_at"},
	"target column the table's files cannot give the column as it shall be":        {after: types(stream.Float), column: columnRetyped, name: "created_at"},
	"target columns a column is hashed":                                            {column: columnHashed},
	"target columns a column is no longer hashed":                                  {column: columnUncovered},
	"target column a column is new":                                                {column: columnAdded},
	"target column a column that was left out comes back":                          {column: columnRestored},
	"target column a column is left out":                                           {column: columnDropped},
	"target column a column is renamed":                                            {column: columnRenamed},
	"target column fields are added inside a column":                               {column: columnWidened},
	"target column a column has another type":                                      {column: columnRetyped},
	"target column a column is hashed":                                             {column: columnHashed},
	"target column a column is no longer hashed":                                   {column: columnUncovered},
}

func dropTime(s *spec.Spec) { s.Shape.Fields = s.Shape.Fields[:1] }

func upsertWithoutTime(s *spec.Spec) {
	dropTime(s)
	s.Target["mode"] = "upsert"
}

// keyed is an upsert by a column that not every table has.
func keyed(s *spec.Spec) { s.Target["mode"], s.Key = "upsert", []string{"updated_at"} }

// plain is a spec in append that reads everything.
func plain() spec.Spec {
	text := stream.Scalar(stream.String)
	field := func(name string) stream.Field {
		return stream.Field{Column: stream.Column{Name: name, Type: text}, From: []string{name}}
	}
	return spec.Spec{
		Provider: "intercom", Connection: setting.Values{}, Source: setting.Values{"stream": "users"},
		Target: setting.Values{"mode": "append", "partition": "month"},
		Shape:  stream.Shape{Fields: []stream.Field{field("id"), field("created_at"), field("updated_at")}},
		Key:    []string{"id"},
	}
}

// TestRules finds for every rule a change to which it is the one that applies: no rule
// stands in the shadow of another.
func TestRules(t *testing.T) {
	b := newBook()
	used := map[string]bool{}
	for _, r := range Rules() {
		name := string(r.Block) + " " + r.Attribute + " " + r.When
		c, found := ruleCases[name]
		if r.When != "" && !found {
			t.Errorf("%s: no case", name)
		}
		if r.Why == "" || strings.HasSuffix(r.Why, ".") {
			t.Errorf("%s: the reason %q is not a sentence without its full stop", name, r.Why)
		}
		used[name] = true
		before, after := plain(), plain()
		if c.before != nil {
			c.before(&before)
		}
		if c.after != nil {
			c.after(&after)
		}
		path := r.Attribute
		if path == "*" {
			path = "something new"
		}
		got := b.rule(r.Block, path, change{before: &before, after: &after, from: c.from, to: c.to, column: c.column, name: c.name})
		if got.When != r.When || got.Attribute != r.Attribute || got.Effect != r.Effect {
			t.Errorf("%s: the rule that applies is %q %q %s", name, got.Attribute, got.When, got.Effect)
		}
	}
	for name := range ruleCases {
		if !used[name] {
			t.Errorf("the case %q is of no rule", name)
		}
	}
}

// TestRulesCoverSettings: whatever can be declared and stored has a rule of its own.
func TestRulesCoverSettings(t *testing.T) {
	provider := intercom.New()
	ruled := map[string]bool{}
	for _, r := range Rules() {
		ruled[string(r.Block)+" "+r.Attribute] = true
	}
	for _, c := range []struct {
		block    addr.Kind
		settings []setting.Setting
	}{
		{addr.Connection, provider.ConnectionSettings()},
		{addr.Source, provider.SourceSettings()},
		{addr.Target, table.Settings()},
		{addr.Schedule, schedule.Settings()},
	} {
		for _, s := range c.settings {
			one := ruled[string(c.block)+" "+s.Name] || c.block == addr.Schedule && ruled["schedule *"]
			if !s.Ephemeral && !one {
				t.Errorf("%s %s has no rule: what does a change of it do to a table?", c.block, s.Name)
			}
		}
	}
}
