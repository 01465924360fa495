package sandbox

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestMixIsABijection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Uint64().Draw(t, "x")
		if unmix(mix(x)) != x {
			t.Fatalf("unmix(mix(%x)) = %x", x, unmix(mix(x)))
		}
	})
}

func TestIdentifiersLeadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		salt := rapid.Uint64().Draw(t, "salt")
		index := rapid.Int32Min(0).Draw(t, "index")
		for _, f := range []idForm{{hex: true}, {base: 99}} {
			id := f.of(salt, index, 1734537424)
			if got, found := f.index(salt, id); !found || got != index {
				t.Fatalf("%s leads to %d, want %d", id, got, index)
			}
		}
	})
}

// TestSameSeedSameBytes: answers depend on seed and clock, not on what was asked
// before or on the path the clock took.
func TestSameSeedSameBytes(t *testing.T) {
	asks := func(g *guest) []byte {
		var b bytes.Buffer
		for _, p := range []string{"/contacts?per_page=150", "/conversations?per_page=150", "/tags", "/segments", "/me"} {
			b.Write(g.ask("GET", p, nil).Body.Bytes())
		}
		return b.Bytes()
	}
	a := visit(t, Options{Seed: 7})
	b := visit(t, Options{Seed: 7})
	b.clock.set(testNow.Add(-40 * 24 * time.Hour)) // before the epoch
	asks(b)
	b.clock.set(testNow.Add(900 * time.Hour))
	asks(b)
	b.clock.set(testNow)
	if !bytes.Equal(asks(a), asks(b)) {
		t.Error("two workspaces of one seed differ")
	}
	if bytes.Equal(asks(a), asks(visit(t, Options{Seed: 8}))) {
		t.Error("two seeds give the same workspace")
	}
}

func TestWorkspaceGrows(t *testing.T) {
	g := visit(t, Options{})
	before := g.w.Rows(contacts)
	talks := len(g.w.Rows(conversations))
	g.clock.set(testNow.Add(10 * time.Hour))
	after := g.w.Rows(contacts)
	if len(after) != len(before)+10 {
		t.Errorf("ten hours add %d contacts, want 10", len(after)-len(before))
	}
	if n := len(g.w.Rows(conversations)); n <= talks {
		t.Errorf("conversations do not grow: %d, then %d", talks, n)
	}
	changed := 0
	for i, r := range before {
		if r["updated_at"] != after[i]["updated_at"] {
			changed++
		}
		if r["id"] != after[i]["id"] || r["created_at"] != after[i]["created_at"] {
			t.Fatalf("contact %d became another", i)
		}
	}
	if changed == 0 {
		t.Error("nothing changed in ten hours")
	}
	quiet := visit(t, Options{Growth: -1})
	if n := len(quiet.w.Rows(contacts)); n != 300 {
		t.Errorf("without growth there are %d contacts, want 300", n)
	}
}

func TestTimesArePlausible(t *testing.T) {
	g := visit(t, Options{})
	now, seconds := testNow.Unix(), map[int64]int{}
	for _, r := range g.w.Rows(contacts) {
		created, updated := whole(t, r["created_at"]), whole(t, r["updated_at"])
		if created > updated || updated > now {
			t.Fatalf("%v: created %d, updated %d, now %d", r["id"], created, updated, now)
		}
		seconds[created]++
	}
	if len(seconds) == len(g.w.Rows(contacts)) {
		t.Error("no two contacts share a second")
	}
}

func TestEveryRowCanBeReadByItsID(t *testing.T) {
	g := visit(t, Options{Conversations: 40, Contacts: 60})
	must(g.w.AddContact(Object{"id": "chosen-id"}))
	for _, r := range g.w.Rows(contacts) {
		if got := g.get("GET", "/contacts/"+r["id"].(string), nil); got["email"] != r["email"] {
			t.Fatalf("%v: %v", r["id"], got["email"])
		}
	}
	var parts []string
	for _, r := range g.w.Rows(conversations) {
		got := g.get("GET", "/conversations/"+r["id"].(string), nil)
		list := got["conversation_parts"].(map[string]any)
		ids := idsOf(objectsOf(list["conversation_parts"]))
		if n := whole(t, r["statistics"].(map[string]any)["count_conversation_parts"]); int(n) != len(ids) || whole(t, list["total_count"]) != n {
			t.Errorf("%v: %d parts, statistics say %d", r["id"], len(ids), n)
		}
		parts = append(parts, ids...)
	}
	want := idsOf(g.w.Rows("conversation_parts"))
	slices.Sort(parts)
	slices.Sort(want)
	if !slices.Equal(parts, want) || len(slices.Compact(parts)) != len(want) {
		t.Errorf("%d parts read, %d known", len(parts), len(want))
	}
	g.refused("GET", "/contacts/nobody", nil, 404)
	g.refused("GET", "/conversations/1", nil, 404)
}

func TestCredentialsVersionAndAccept(t *testing.T) {
	g := visit(t, Options{})
	for name, c := range map[string]struct {
		header, value string
		status        int
	}{
		"no token":        {"Authorization", "", 401},
		"wrong token":     {"Authorization", "Bearer other", 401},
		"number version":  {"Intercom-Version", "2.1", 400},
		"future version":  {"Intercom-Version", "9.9", 400},
		"padded version":  {"Intercom-Version", "2.016", 400},
		"no version":      {"Intercom-Version", "", 200},
		"preview version": {"Intercom-Version", "Preview", 200},
		"accepts HTML":    {"Accept", "text/html", 406},
	} {
		r := httptest.NewRequest("GET", "/tags", nil)
		r.Header.Set("Authorization", "Bearer sandbox")
		r.Header.Set("Intercom-Version", "2.16")
		r.Header.Set(c.header, c.value)
		rec := httptest.NewRecorder()
		g.w.ServeHTTP(rec, r)
		if rec.Code != c.status {
			t.Errorf("%s: %d, want %d", name, rec.Code, c.status)
		}
		if has := rec.Header().Get("X-RateLimit-Limit") != ""; has != (rec.Code != 401) {
			t.Errorf("%s: rate limit headers with status %d: %t", name, rec.Code, has)
		}
	}
	if code := g.refused("GET", "/nothing", nil, 404); code != "not_found" {
		t.Error(code)
	}
	g.refused("POST", "/tags", map[string]any{}, 404)
}

func TestRateWindows(t *testing.T) {
	g := visit(t, Options{RateLimit: 5})
	start := testNow.Truncate(10 * time.Second)
	g.clock.set(start.Add(3 * time.Second))
	for i := range 5 {
		rec := g.ask("GET", "/tags", nil)
		if rec.Code != 200 || rec.Header().Get("X-RateLimit-Remaining") != string(rune('4'-i)) {
			t.Fatalf("request %d: %d, %v remain", i+1, rec.Code, rec.Header().Get("X-RateLimit-Remaining"))
		}
	}
	rec := g.ask("GET", "/tags", nil)
	if rec.Code != http.StatusTooManyRequests || !strings.Contains(rec.Body.String(), "rate_limit_exceeded") || !strings.Contains(rec.Body.String(), "5 in 10_seconds") {
		t.Fatalf("the sixth request: %d %s", rec.Code, rec.Body)
	}
	reset := must(http.ParseTime(rec.Header().Get("Date"))).Add(7 * time.Second)
	if got := rec.Header().Get("X-RateLimit-Reset"); got != string(number(nil, "", reset.Unix())) {
		t.Errorf("reset %s, want %d", got, reset.Unix())
	}
	g.clock.set(start.Add(10 * time.Second))
	if rec := g.ask("GET", "/tags", nil); rec.Code != 200 {
		t.Errorf("the next window: %d", rec.Code)
	}
	if s := g.w.Stats(); s.Throttled != 1 || s.BusiestWindow != 6 || s.Calls["GET /tags"] != 7 || s.Statuses[429] != 1 {
		t.Errorf("%+v", s)
	}
}
