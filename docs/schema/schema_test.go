// Package schema holds the JSON Schemas of what inlay writes for machines. Their tests
// make them from the types that are written, and hold real output against them.
package schema

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the schemas anew from the types")

var packages = []string{"addr", "apply", "plan", "providers", "report", "setting", "spec", "state", "stream", "table"}

// document is one schema and where it comes from.
type document struct {
	file, title, description string
	roots                    []name
	fixed                    map[string]object
	// more adds what types cannot say.
	more func(defs object)
}

var hashed = object{"type": "string", "pattern": "^[0-9a-f]{64}$"}

func one(value any) object { return object{"const": value} }

var documents = []document{
	{
		file: "plan.schema.json", title: "inlay plan",
		description: "A plan as plan -out saves it and plan -format=json prints it. The file is canonical JSON, two spaces deep, and plan_id is the SHA-256 of its text with an empty plan_id.",
		roots:       []name{{"plan", "Plan"}},
		fixed:       map[string]object{"plan.Plan.format": one(1), "plan.Plan.plan_id": hashed, "state.State.format": one(1)},
	},
	{
		file: "state.schema.json", title: "inlay state",
		description: "The state file. A spec, which many targets have in common, stands once under specs. The checksum is the SHA-256 of the file without the checksum's digits.",
		roots:       []name{{"state", "stored"}},
		fixed: map[string]object{
			"state.stored.kind": one("inlay state"), "state.stored.format": one(1),
			"state.stored.checksum": hashed, "state.storedSource.settings": plainTypes[name{"setting", "Values"}],
		},
	},
	{
		file: "events.schema.json", title: "inlay events",
		description: "One line of the stream that apply and run print with -format=json. The first line is the plan, the last the summary, also after a failure or an interrupt.",
		roots:       []name{{"report", "planJSON"}, {"report", "eventJSON"}, {"report", "summaryJSON"}},
		fixed: map[string]object{
			"report.planJSON.type": one("plan"), "report.summaryJSON.type": one("summary"),
			"plan.Plan.format": one(1), "plan.Plan.plan_id": hashed, "state.State.format": one(1),
			"stream.Calls.waited_seconds": {"type": "number"},
		},
		more: func(defs object) {
			defs["report.EventJSON"].(object)["allOf"] = []any{
				needs([]string{"at", "address", "run", "import"}, "apply_start"),
				needs([]string{"at", "address", "run", "rows", "pages"}, "progress"),
				needs([]string{"at", "address", "run", "rows"}, "checkpoint"),
				needs([]string{"at", "address", "run", "result"}, "apply_complete"),
				needs([]string{"at", "error"}, "apply_failed"),
				needs([]string{"at", "change"}, "change_start", "change_complete"),
				needs([]string{"at", "serial"}, "state"),
				needs([]string{"at", "message"}, "note", "apply_skipped", "apply_not_started"),
			}
		},
	},
	{
		file: "diagnostics.schema.json", title: "inlay diagnostics",
		description: "What validate -format=json prints.",
		roots:       []name{{"report", "findingsJSON"}},
		fixed:       map[string]object{"report.findingsJSON.format": one(1)},
	},
}

// TestSchemasAreThoseOfTheTypes makes every schema from the Go types and compares.
// go test ./docs/schema -update writes them.
func TestSchemasAreThoseOfTheTypes(t *testing.T) {
	src := read(t, packages...)
	for _, d := range documents {
		t.Run(d.file, func(t *testing.T) {
			g := &generator{source: src, t: t, defs: object{}, fixed: d.fixed}
			made := g.document(d.title, d.description, d.roots...)
			if d.more != nil {
				d.more(g.defs)
			}
			text := encoded(t, made)
			if *update {
				if err := os.WriteFile(d.file, text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			stands, err := os.ReadFile(d.file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(stands, text) {
				t.Errorf("%s is not what the types say; run go test ./docs/schema -update", d.file)
			}
		})
	}
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
