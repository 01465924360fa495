package schema

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// folder is a folder of configuration in which commands run.
type folder struct {
	t   *testing.T
	dir string
	now time.Time
}

func newFolder(t *testing.T, text string) *folder {
	f := &folder{t, t.TempDir(), time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	f.write("main.hcl", text)
	return f
}

func (f *folder) write(name, text string) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(text), 0o644); err != nil {
		f.t.Fatal(err)
	}
}

// run runs a command, which must exit with code, and returns its standard output.
func (f *folder) run(code int, args ...string) []byte {
	f.t.Helper()
	var out, problems bytes.Buffer
	got := cli.Main(f.t.Context(), append([]string{"inlay", "-chdir=" + f.dir}, args...), project.World{
		Now:   func() time.Time { return f.now },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Env:   func(string) (string, bool) { return "", false },
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &problems,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	})
	if got != code {
		f.t.Fatalf("inlay %v: exit %d, not %d\n%s%s", args, got, code, out.String(), problems.String())
	}
	return out.Bytes()
}

const sample = `
variable "share" {
  type    = number
  default = 0.5
}
connection "intercom" "demo" {
  rate_limit = var.share
  sandbox { contacts = 60 }
}
schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
}
source "intercom" "users" {
  connection  = connection.intercom.demo
  stream      = "users"
  incremental = true
}
source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}
target "parquet" "users" {
  source      = source.intercom.users
  time_column = "created_at"
  partition   = "PARTITION"
  schedule    = schedule.nightly
  column "plan" {
    from = "custom_attributes.plan"
    type = "string"
  }
}
target "parquet" "all" {
  for_each = toset(["a", "b"])
  source   = source.intercom.tags
  table    = "tags_${each.key}"
}
output "path" {
  value = "default/users"
}
`

// wrong is a configuration with several mistakes.
const wrong = `
source "intercom" "tags" {
  connection = connection.intercom.demo
  straem     = "tags"
}
tarjet "parquet" "tags" {}
`

// outputs are real documents, by the file of their schema.
func outputs(t *testing.T) map[string][][]byte {
	f := newFolder(t, strings.Replace(sample, "PARTITION", "month", 1))
	out := map[string][][]byte{}
	add := func(schema string, documents ...[]byte) { out[schema] = append(out[schema], documents...) }
	plans := func(args ...string) {
		add("plan.schema.json", f.run(0, append([]string{"plan", "-format=json"}, args...)...))
	}
	lines := func(text []byte) {
		add("events.schema.json", bytes.Split(bytes.TrimSpace(text), []byte("\n"))...)
	}
	plans()
	lines(f.run(0, "apply", "-auto-approve", "-format=json"))
	plans()
	state, err := os.ReadFile(filepath.Join(f.dir, ".inlay", "state.json"))
	if err != nil {
		t.Fatal(err)
	}
	add("state.schema.json", state)
	f.now = f.now.Add(24 * time.Hour)
	plans("-only=target.parquet.users")
	lines(f.run(0, "run", "-due", "-format=json"))
	f.write("main.hcl", strings.Replace(sample, "PARTITION", "day", 1))
	plans("-run=all", "-reimport=target.parquet.all[\"a\"]")
	lines(f.run(0, "apply", "-auto-approve", "-format=json"))
	plans("-destroy")
	add("diagnostics.schema.json", f.run(0, "validate", "-format=json"))

	g := newFolder(t, strings.Replace(strings.Replace(sample, "PARTITION", "day", 1), "sandbox { contacts = 60 }", `access_token = env("NOT_SET")`, 1))
	lines(g.run(7, "apply", "-auto-approve", "-format=json"))
	g.write("main.hcl", wrong)
	add("diagnostics.schema.json", g.run(1, "validate", "-format=json"))
	add("testdata/sarif-2.1.0-parts.schema.json", g.run(1, "validate", "-format=sarif"), f.run(0, "validate", "-format=sarif"))
	add("plan.schema.json", f.run(0, "diff", "-format=json", empty(t), f.dir))
	return out
}

func empty(t *testing.T) string {
	return newFolder(t, "").dir
}

func compiled(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parsed(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return v
}

// TestOutputIsAsTheSchemasSay holds real output against the schemas, and the same output
// with one thing changed, at every place where a schema has a say, against them too: the
// schema must not accept that.
func TestOutputIsAsTheSchemasSay(t *testing.T) {
	for file, documents := range outputs(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := compiled(t, file)
			kinds := map[string]bool{}
			for _, text := range documents {
				v := parsed(t, text)
				if err := s.Validate(v); err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				if kind, ok := v.(map[string]any)["type"].(string); ok {
					kinds[kind] = true
				}
				strict(t, s, v)
			}
			if file == "events.schema.json" {
				for _, k := range []string{"plan", "apply_start", "progress", "apply_complete", "apply_failed", "change_start", "change_complete", "state", "summary"} {
					if !kinds[k] {
						t.Errorf("no event %s was held against the schema", k)
					}
				}
			}
		})
	}
}

// strict changes the top members of a document one at a time.
func strict(t *testing.T, s *jsonschema.Schema, v any) {
	t.Helper()
	members := v.(map[string]any)
	members["surprise"] = true
	if s.Validate(v) == nil {
		t.Error("a member that nobody declared is accepted")
	}
	delete(members, "surprise")
	for name, was := range members {
		members[name] = json.Number("0.5")
		if s.Validate(v) == nil {
			t.Errorf("%s = 0.5 is accepted", name)
		}
		members[name] = was
	}
	if changes, ok := members["changes"].([]any); ok && len(changes) > 0 {
		change := changes[0].(map[string]any)
		for name, wrong := range map[string]any{"effect": "explode", "address": "users", "surprise": true} {
			was, had := change[name]
			change[name] = wrong
			if s.Validate(v) == nil {
				t.Errorf("a change with %s = %v is accepted", name, wrong)
			}
			if change[name] = was; !had {
				delete(change, name)
			}
		}
	}
	if s.Validate(v) != nil {
		t.Fatal("the document was not put back as it was")
	}
}
