package sandbox

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

// knownErrors are the places where Intercom's description of version 2.16 does
// not describe what Intercom answers. An error is excused when its place in the
// answer, without the numbers of list items, ends with path.
var knownErrors = []struct{ endpoint, path, why string }{
	{"", "pages.next", "the next page is an absolute URL where pages have numbers, as the example of /conversations/deleted shows; the schema says a cursor"},
	{"", "ai_agent", "null when no agent took part, as the description's own examples show"},
	{"", "statistics.time_to_first_close", "null until the conversation is closed"},
	{"", "statistics.time_to_last_close", "null until the conversation is closed"},
	{"", "statistics.first_close_at", "null until the conversation is closed"},
	{"", "statistics.last_close_at", "null until the conversation is closed"},
	{"", "statistics.last_closed_by_id", "null until the conversation is closed"},
	{"", "conversation_parts.email_message_metadata", "null for parts that were no email, as the examples show"},
	{"", "conversation_parts.assigned_to", "null for parts that assign nobody, as the examples show"},
	{"", "custom_attributes.resolved by bot", "attributes of conversations may be true or false; the schema forgets those"},
	{"", "custom_attributes.renewal", "attributes of companies may be dates, which are numbers; the schema says texts"},
	{"", "notes.type", "a company's notes are the reference list that contacts have, not a note.list"},
	{"", "data.email", "a lead may have no address"},
	{"", "data.email_domain", "a lead may have no address"},
}

// knownStatuses are answers that Intercom gives and does not describe.
var knownStatuses = map[string]string{
	"GET /contacts/{id} 404": "an unknown contact",
}

// described loads Intercom's published description, which INLAY_OPENAPI's folder
// holds.
func described(t *testing.T) *openapi3.T {
	t.Helper()
	folder := os.Getenv("INLAY_OPENAPI")
	if folder == "" {
		t.Skip("INLAY_OPENAPI does not name the folder of Intercom's API description: answers are not validated against it")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(folder, "api.intercom.io-2.16.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// operation finds the description of an endpoint, whatever its parameters are
// called.
func operation(doc *openapi3.T, method, path string) *openapi3.Operation {
	for p, item := range doc.Paths.Map() {
		if shape(p) == shape(path) {
			return item.GetOperation(method)
		}
	}
	return nil
}

func shape(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if strings.HasPrefix(p, "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// leaves flattens validation errors.
func leaves(err error) []*openapi3.SchemaError {
	switch e := err.(type) {
	case nil:
		return nil
	case openapi3.MultiError:
		var out []*openapi3.SchemaError
		for _, inner := range e {
			out = append(out, leaves(inner)...)
		}
		return out
	case *openapi3.SchemaError:
		return []*openapi3.SchemaError{e}
	}
	return []*openapi3.SchemaError{{Reason: err.Error()}}
}

// place is where in an answer an error is, without the numbers of list items.
func place(e *openapi3.SchemaError) string {
	var out []string
	for _, p := range e.JSONPointer() {
		if strings.Trim(p, "0123456789") != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, ".")
}

func TestAnswersMatchTheDescription(t *testing.T) {
	doc := described(t)
	g := visit(t, Options{})
	used := map[int]bool{}
	for _, rt := range g.w.routes {
		if rt.open() {
			continue
		}
		op := operation(doc, rt.method, rt.pattern)
		if op == nil {
			t.Errorf("%s is not described", rt.name())
			continue
		}
		for _, a := range g.answersOf(rt) {
			response := op.Responses.Value(a.status)
			if _, known := knownStatuses[rt.name()+" "+a.status]; response == nil && known {
				continue
			}
			if response == nil {
				t.Errorf("%s: status %s is not described", rt.name(), a.status)
				continue
			}
			schema := response.Value.Content["application/json"].Schema.Value
			for _, e := range leaves(schema.VisitJSON(a.value, openapi3.MultiErrors())) {
				where := place(e)
				known := false
				for i, k := range knownErrors {
					if k.endpoint == rt.name() || k.endpoint == "" {
						if strings.HasSuffix(where, k.path) {
							known, used[i] = true, true
						}
					}
				}
				if !known {
					t.Errorf("%s: %s: %s (%v)", rt.name(), where, e.Reason, e.Value)
				}
			}
		}
	}
	for i, k := range knownErrors {
		if !used[i] {
			t.Errorf("the known error %s %s did not occur", k.endpoint, k.path)
		}
	}
}

type answered struct {
	status string
	value  any
}

// answersOf asks an endpoint as a client would, and once without credentials.
func (g *guest) answersOf(rt route) []answered {
	g.t.Helper()
	path := rt.pattern
	if strings.Contains(path, "{id}") {
		of := strings.Split(path, "/")[1]
		rows := g.w.Rows(of)
		var out []answered
		for _, r := range rows[:12] {
			out = append(out, g.answer(rt.method, strings.Replace(path, "{id}", r["id"].(string), 1)))
		}
		return append(out, g.answer(rt.method, strings.Replace(path, "{id}", "404404404404404404404404", 1)))
	}
	if rt.pattern == "/admins/activity_logs" {
		path += "?created_at_after=0"
	}
	return []answered{g.answer(rt.method, path)}
}

func (g *guest) answer(method, path string) answered {
	g.t.Helper()
	var body any
	if strings.HasSuffix(path, "/search") {
		body = map[string]any{"query": where("created_at", ">", 0), "pagination": map[string]any{"per_page": 150}}
	}
	rec := g.ask(method, path, body)
	var v any
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		g.t.Fatalf("%s %s: %v", method, path, err)
	}
	if rec.Code >= http.StatusInternalServerError {
		g.t.Fatalf("%s %s: %d", method, path, rec.Code)
	}
	return answered{string(number(nil, "", int64(rec.Code))), v}
}
