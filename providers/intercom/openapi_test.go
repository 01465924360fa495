package intercom

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

// undescribed are query parameters that Intercom takes and its description leaves out.
var undescribed = []string{
	"GET /articles page", "GET /articles per_page", "GET /help_center/collections page", "GET /help_center/collections per_page",
	"GET /help_center/help_centers page", "GET /admins/activity_logs page", "GET /admins/activity_logs per_page",
	"GET /news/news_items page", "GET /news/news_items per_page", "GET /contacts/{}/notes page",
}

// TestRequestsMatchTheDescription reads every stream and holds each request against
// Intercom's published description: endpoint, parameters, body and headers.
func TestRequestsMatchTheDescription(t *testing.T) {
	folder := os.Getenv("INLAY_OPENAPI")
	if folder == "" {
		t.Skip("INLAY_OPENAPI does not name the folder of Intercom's API description: requests are not validated against it")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(folder, "api.intercom.io-2.16.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, sandbox.Options{Seed: 91, Contacts: 2500, Conversations: 40, Companies: 30, Tickets: 20, Articles: 40, Growth: -1}, nil)
	var mu sync.Mutex
	seen := map[string]bool{} // endpoints and excuses
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		if err != nil {
			t.Error(err)
		}
		q.Body = io.NopCloser(bytes.NewReader(body))
		mu.Lock()
		defer mu.Unlock()
		matches(t, doc, q, body, seen)
		r.world.ServeHTTP(w, q)
	}))
	defer front.Close()
	s, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.acme", World: r.outside(),
		Settings: setting.Values{"base_url": front.URL, "api_version": "2.16"}, Secrets: setting.Secrets{"access_token": setting.NewSecret(canary)}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	r.session = s
	for _, d := range declared() {
		if d.Name == "contact_segments" {
			continue // two thousand requests of one form
		}
		if g := r.read(full(d.Name))[0]; g.err != nil {
			t.Errorf("%s: %v", d.Name, g.err)
		}
		if len(d.Cursors) > 0 {
			r.read(incremental(d.Name, d.Cursors[0], mark{Format: bookmarkFormat, Column: "updated_at", Watermark: 1790000000}.bookmark()))
		}
	}
	filtered := full("conversations")
	filtered.Settings["filter"] = map[string]any{"state": "open", "tag": []any{"1", "2"}}
	r.read(filtered)
	if len(seen) < 24 {
		t.Errorf("only %d endpoints were asked", len(seen))
	}
	for _, excuse := range undescribed {
		if !seen[excuse] {
			t.Errorf("%s needs no excuse", excuse)
		}
	}
}

// matches holds one request against the description and notes what it met.
func matches(t *testing.T, doc *openapi3.T, q *http.Request, body []byte, seen map[string]bool) {
	endpoint, op := find(doc, q)
	if op == nil {
		t.Errorf("%s %s is not described", q.Method, q.URL.Path)
		return
	}
	seen[endpoint] = true
	if v := q.Header.Get("Intercom-Version"); v != "2.16" || q.Header.Get("Accept") != "application/json" || !strings.HasPrefix(q.Header.Get("Authorization"), "Bearer ") {
		t.Errorf("%s is asked with version %q and Accept %q", endpoint, v, q.Header.Get("Accept"))
	}
	described := map[string]*openapi3.Parameter{}
	for _, p := range op.Parameters {
		if p.Value.In == "query" {
			described[p.Value.Name] = p.Value
		}
		if p.Value.Required && p.Value.In == "query" && !q.URL.Query().Has(p.Value.Name) {
			t.Errorf("%s lacks the parameter %s", endpoint, p.Value.Name)
		}
	}
	for name, values := range q.URL.Query() {
		p := described[name]
		if excuse := endpoint + " " + name; p == nil && !slices.Contains(undescribed, excuse) {
			t.Errorf("%s has no parameter %s", endpoint, name)
		} else if p == nil {
			seen[excuse] = true
		}
		if p == nil || p.Schema == nil {
			continue
		}
		if err := p.Schema.Value.VisitJSON(typed(p.Schema.Value, values[0])); err != nil {
			t.Errorf("%s: %s=%s: %v", endpoint, name, values[0], err)
		}
	}
	if op.RequestBody != nil {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Errorf("%s: %v", endpoint, err)
		} else if err := op.RequestBody.Value.Content.Get("application/json").Schema.Value.VisitJSON(v); err != nil {
			t.Errorf("%s: %s: %v", endpoint, body, err)
		}
	}
}

// find returns the operation of a request; literal parts of a path win over parameters.
func find(doc *openapi3.T, q *http.Request) (string, *openapi3.Operation) {
	best, endpoint := (*openapi3.Operation)(nil), ""
	for pattern, item := range doc.Paths.Map() {
		op := item.GetOperation(q.Method)
		if op == nil {
			continue
		}
		have, want := strings.Split(q.URL.Path, "/"), strings.Split(pattern, "/")
		fits, literal := len(have) == len(want), true
		for i := 0; fits && i < len(want); i++ {
			if strings.HasPrefix(want[i], "{") {
				want[i], literal = "{}", false
				continue
			}
			fits = want[i] == have[i]
		}
		if fits && (best == nil || literal) {
			best, endpoint = op, q.Method+" "+strings.Join(want, "/")
		}
	}
	return endpoint, best
}

// typed reads a parameter as its schema wants it.
func typed(s *openapi3.Schema, text string) any {
	if s.Type.Is("integer") || s.Type.Is("number") {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	}
	if s.Type.Is("boolean") && (text == "true" || text == "false") {
		return text == "true"
	}
	return text
}
