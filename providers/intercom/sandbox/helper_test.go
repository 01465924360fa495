package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// testClock is a clock that moves only when told to.
type testClock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *testClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// guest is a client of a workspace under test.
type guest struct {
	t     *testing.T
	w     *Workspace
	clock *testClock
	// version is the Intercom-Version it sends.
	version string
}

var testNow = time.Date(2026, time.November, 23, 12, 17, 3, 0, time.UTC)

// visit makes a small workspace on a clock that stands still.
func visit(t *testing.T, o Options) *guest {
	t.Helper()
	clock := &testClock{t: testNow}
	if o.Now == nil {
		o.Now = clock.now
	}
	if o.Contacts == 0 {
		o.Contacts = 300
	}
	if o.Conversations == 0 {
		o.Conversations = 90
	}
	if o.Companies == 0 {
		o.Companies = 250
	}
	if o.RateLimit == 0 {
		o.RateLimit = 1 << 30
	}
	return &guest{t: t, w: New(o), clock: clock, version: "2.16"}
}

// ask sends a request past the network and returns the answer.
func (g *guest) ask(method, path string, body any) *httptest.ResponseRecorder {
	g.t.Helper()
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			g.t.Fatal(err)
		}
	}
	r := httptest.NewRequest(method, "http://sandbox.test"+path, &b)
	r.Header.Set("Authorization", "Bearer sandbox")
	r.Header.Set("Intercom-Version", g.version)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	g.w.ServeHTTP(rec, r)
	return rec
}

// get asks and wants 200 with a JSON object.
func (g *guest) get(method, path string, body any) map[string]any {
	g.t.Helper()
	rec := g.ask(method, path, body)
	if rec.Code != http.StatusOK {
		g.t.Fatalf("%s %s: %d %s", method, path, rec.Code, rec.Body)
	}
	v, err := decoded(rec.Body.Bytes())
	if err != nil {
		g.t.Fatalf("%s %s: %v in %.300s", method, path, err, rec.Body)
	}
	return v.(map[string]any)
}

// refused asks and wants an error in the envelope; it returns its code.
func (g *guest) refused(method, path string, body any, status int) string {
	g.t.Helper()
	rec := g.ask(method, path, body)
	if rec.Code != status {
		g.t.Fatalf("%s %s: %d %s, want %d", method, path, rec.Code, rec.Body, status)
	}
	var e struct {
		Type      string
		RequestID string `json:"request_id"`
		Errors    []struct{ Code, Message string }
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &e); err != nil || e.Type != "error.list" || e.RequestID == "" || len(e.Errors) != 1 || e.Errors[0].Message == "" {
		g.t.Fatalf("%s %s: not an error envelope: %s", method, path, rec.Body)
	}
	return e.Errors[0].Code
}

// search reads every page of a search and returns the rows.
func (g *guest) search(path, key string, query any, field, order string, perPage int) []map[string]any {
	g.t.Helper()
	var out []map[string]any
	page := map[string]any{"per_page": perPage}
	for n := 1; ; n++ {
		if n > 2000 {
			g.t.Fatal("the pages do not end")
		}
		a := g.get("POST", path, map[string]any{"query": query, "sort": map[string]any{"field": field, "order": order}, "pagination": page})
		out = append(out, objectsOf(a[key])...)
		next := nextCursor(a)
		if next == "" {
			return out
		}
		page["starting_after"] = next
	}
}

func objectsOf(v any) []map[string]any {
	var out []map[string]any
	list, _ := v.([]any)
	for _, o := range list {
		out = append(out, o.(map[string]any))
	}
	return out
}

func nextCursor(a map[string]any) string {
	pages, _ := a["pages"].(map[string]any)
	next, _ := pages["next"].(map[string]any)
	cursor, _ := next["starting_after"].(string)
	return cursor
}

func idsOf(rows []map[string]any) []string {
	out := []string{}
	for _, r := range rows {
		out = append(out, fmt.Sprint(r["id"]))
	}
	return out
}

func where(field, operator string, value any) map[string]any {
	return map[string]any{"field": field, "operator": operator, "value": value}
}

func group(operator string, queries ...any) map[string]any {
	return map[string]any{"operator": operator, "value": queries}
}

func whole(t *testing.T, v any) int64 {
	t.Helper()
	n, err := unix(v)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
