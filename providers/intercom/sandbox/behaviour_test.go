package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestEveryBehaviourIsDescribed: Behaviours and the struct list the same.
func TestEveryBehaviourIsDescribed(t *testing.T) {
	var fields, described []string
	typ := reflect.TypeFor[Behaviour]()
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
		fields = append(fields, name)
	}
	for _, d := range Behaviours() {
		described = append(described, d.Name)
		if d.Doc == "" || strings.Contains(d.Doc, "\n") {
			t.Errorf("%s is not described in one line", d.Name)
		}
		if _, checked := behaviourChecks[d.Name]; !checked {
			t.Errorf("no test switches on %s", d.Name)
		}
	}
	if !slices.Equal(fields, described) {
		t.Errorf("described %v, declared %v", described, fields)
	}
}

func TestBehaviours(t *testing.T) {
	for name, check := range behaviourChecks {
		t.Run(name, func(t *testing.T) { check(t, visit(t, Options{})) })
	}
}

// with switches on one behaviour the way a flag does.
func (g *guest) with(name, value string) {
	g.t.Helper()
	b := Behaviour{}
	if err := b.Set(name, value); err != nil {
		g.t.Fatal(err)
	}
	g.w.Behave(b)
}

// also switches on another one.
func (g *guest) also(name, value string) {
	g.t.Helper()
	b := g.w.behaviour
	if err := b.Set(name, value); err != nil {
		g.t.Fatal(err)
	}
	g.w.Behave(b)
}

// users reads all contacts by updated_at, at 50 a page.
func (g *guest) users() []map[string]any {
	g.t.Helper()
	return g.search("/contacts/search", "data", where("created_at", ">", 0), "updated_at", "ascending", 50)
}

// pages reads up to n pages of contacts and returns their rows and answers.
func (g *guest) pages(n int) (rows [][]string, answers []map[string]any) {
	g.t.Helper()
	page := map[string]any{"per_page": 100}
	for range n {
		a := g.get("POST", "/contacts/search", map[string]any{"query": where("created_at", ">", 0), "pagination": page,
			"sort": map[string]any{"field": "updated_at", "order": "ascending"}})
		rows, answers = append(rows, idsOf(objectsOf(a["data"]))), append(answers, a)
		next := nextCursor(a)
		if next == "" {
			break
		}
		page["starting_after"] = next
	}
	return rows, answers
}

func (g *guest) total(a map[string]any) int { return int(whole(g.t, a["total_count"])) }

// scroll opens a company scroll and reads at most n pages, until it ends or is
// refused.
func (g *guest) scroll(n int) (rows, pages, status int, code string) {
	g.t.Helper()
	path := "/companies/scroll"
	for range n {
		rec := g.ask("GET", path, nil)
		if rec.Code != 200 {
			return rows, pages, rec.Code, rec.Body.String()
		}
		var a struct {
			Data  []json.RawMessage
			Param string `json:"scroll_param"`
		}
		if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil {
			g.t.Fatal(err)
		}
		pages++
		if len(a.Data) == 0 {
			break
		}
		rows += len(a.Data)
		path = "/companies/scroll?scroll_param=" + a.Param
	}
	return rows, pages, 200, ""
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

var behaviourChecks = map[string]func(t *testing.T, g *guest){
	"search_lag": func(t *testing.T, g *guest) {
		g.with("search_lag", "5m")
		n := len(g.users()) // whatever was added in the last five minutes is gone
		id := must(g.w.AddContact(Object{}))
		g.w.Update(contacts, idsOf(g.users())[0], Object{"name": "changed"})
		g.clock.set(testNow.Add(4 * time.Minute))
		want(t, "rows at once", len(g.users()), n)
		g.get("GET", "/contacts/"+id, nil)
		if rows := g.users(); rows[0]["name"] != "changed" {
			t.Errorf("the change moved the row in the index before its time, or is not shown: %v", rows[0]["name"])
		}
		g.clock.set(testNow.Add(5 * time.Minute))
		want(t, "rows later", len(g.users()), n+1)
	},
	"faults": func(t *testing.T, g *guest) {
		g.with("faults", `[{"path":"/tags","nth":2,"status":503,"body":"html"}]`)
		for i, status := range []int{200, 503, 200} {
			want(t, fmt.Sprint("request ", i+1), g.ask("GET", "/tags", nil).Code, status)
		}
	},
	"spike_every": spike, "spike": spike,
	"throttle_every": func(t *testing.T, g *guest) {
		g.with("throttle_every", "3")
		for i, status := range []int{200, 200, 429, 200} {
			want(t, fmt.Sprint("request ", i+1), g.ask("GET", "/tags", nil).Code, status)
		}
	},
	"throttle_reset": func(t *testing.T, g *guest) {
		for value, reset := range map[string]string{"missing": "", "negative": "-1", "huge": "9223372036854775807",
			"past": fmt.Sprint(testNow.Unix() - 3600), "garbage": "soon"} {
			g.with("throttle_reset", value)
			g.also("throttle_every", "1")
			rec := g.ask("GET", "/tags", nil)
			want(t, value, fmt.Sprint(rec.Code, rec.Header().Get("X-RateLimit-Reset")), fmt.Sprint(429, reset))
		}
	},
	"missing_scope": func(t *testing.T, g *guest) {
		g.with("missing_scope", `["conversations"]`)
		want(t, "code", g.refused("POST", "/conversations/search", map[string]any{}, 403), "forbidden")
		g.get("GET", "/tags", nil)
	},
	"scope_status": func(t *testing.T, g *guest) {
		g.with("missing_scope", `["tickets"]`)
		g.also("scope_status", "401")
		want(t, "code", g.refused("POST", "/tickets/search", map[string]any{}, 401), "unauthorized")
	},
	"plan_restricted": func(t *testing.T, g *guest) {
		g.with("plan_restricted", `["conversations"]`)
		want(t, "code", g.refused("GET", "/conversations", nil, 403), "api_plan_restricted")
	},
	"scroll_busy": func(t *testing.T, g *guest) {
		g.with("scroll_busy", "2")
		for range 2 {
			want(t, "code", g.refused("GET", "/companies/scroll", nil, 400), "scroll_exists")
		}
		g.get("GET", "/companies/scroll", nil)
	},
	"scroll_expires": func(t *testing.T, g *guest) {
		g.with("scroll_expires", "2")
		_, pages, status, _ := g.scroll(5)
		want(t, "pages before", pages, 1)
		want(t, "status", status, 404)
		_, _, status, _ = g.scroll(5)
		want(t, "status of another", status, 200)
	},
	"scroll_fails": func(t *testing.T, g *guest) {
		g.with("scroll_fails", "2")
		_, _, status, body := g.scroll(5)
		want(t, "status", status, 500)
		want(t, "says so", strings.Contains(body, "Please restart the scroll operation"), true)
		rows, _, status, _ := g.scroll(30)
		want(t, "status of another", status, 200)
		want(t, "rows", rows, len(g.w.Rows(companies)))
	},
	"endless_scroll": func(t *testing.T, g *guest) {
		g.with("endless_scroll", "true")
		rows, pages, _, _ := g.scroll(30)
		want(t, "pages", pages, 30)
		want(t, "more rows than companies", rows > len(g.w.Rows(companies)), true)
	},
	"repeat_cursor": func(t *testing.T, g *guest) {
		g.with("repeat_cursor", "true")
		rows, answers := g.pages(6)
		want(t, "pages", len(rows), 6)
		want(t, "cursor", nextCursor(answers[2]), nextCursor(answers[1]))
		want(t, "rows repeat", slices.Equal(rows[2], rows[3]), true)
	},
	"endless_pages": func(t *testing.T, g *guest) {
		g.with("endless_pages", "rows")
		rows, answers := g.pages(20)
		want(t, "pages", len(rows), 20)
		want(t, "cursors differ", nextCursor(answers[8]) != nextCursor(answers[9]), true)
		g.with("endless_pages", "empty")
		rows, _ = g.pages(20)
		want(t, "pages", len(rows), 20)
		want(t, "rows of the last", len(rows[19]), 0)
	},
	"duplicate_pages": func(t *testing.T, g *guest) {
		plain, _ := g.pages(50)
		g.with("duplicate_pages", "true")
		rows, answers := g.pages(50)
		want(t, "pages", len(rows), 2*len(plain))
		want(t, "rows repeat", slices.Equal(rows[0], rows[1]) && slices.Equal(rows[2], rows[3]), true)
		want(t, "cursors differ", nextCursor(answers[0]) != nextCursor(answers[1]), true)
	},
	"null_next": func(t *testing.T, g *guest) {
		g.with("null_next", "true")
		_, answers := g.pages(50)
		next, there := answers[len(answers)-1]["pages"].(map[string]any)["next"]
		want(t, "next is there", there, true)
		want(t, "next", next, nil)
	},
	"shrink_total": func(t *testing.T, g *guest) {
		g.with("shrink_total", "7")
		_, answers := g.pages(3)
		want(t, "total of page 3", g.total(answers[2]), g.total(answers[0])-14)
	},
	"hidden_rows": func(t *testing.T, g *guest) {
		all := len(g.users())
		g.with("hidden_rows", "10")
		rows, answers := g.pages(50)
		want(t, "rows", len(slices.Concat(rows...)), all-all/10)
		want(t, "total", g.total(answers[0]), all)
	},
	"move_rows": func(t *testing.T, g *guest) {
		all := idsOf(g.users())
		g.with("move_rows", "true")
		rows, _ := g.pages(50)
		got := slices.Concat(rows...)
		want(t, "rows", len(got), len(all))
		moved := all[100] // would have been the first of the second page
		want(t, "a row moved", slices.Index(got, moved) > 200, true)
	},
	"ties": func(t *testing.T, g *guest) {
		g.with("ties", "240h")
		at := map[string]int{}
		for _, r := range g.users() {
			at[fmt.Sprint(r["updated_at"])]++
		}
		want(t, "few moments", len(at) < 100, true)
		want(t, "rows", len(g.users()), len(g.w.Rows(contacts)))
	},
	"type_flips": func(t *testing.T, g *guest) {
		g.with("type_flips", "1")
		r := g.users()[0]
		want(t, "name", fmt.Sprintf("%v", r["name"]), "7")
		if _, text := r["has_hard_bounced"].(string); !text {
			t.Errorf("has_hard_bounced is %v", r["has_hard_bounced"])
		}
	},
	"unknown_fields": func(t *testing.T, g *guest) {
		g.with("unknown_fields", "true")
		for _, a := range []map[string]any{g.users()[0], objectsOf(g.get("GET", "/tags", nil)["data"])[0]} {
			_, there := a["brand_new"]
			want(t, "brand_new is there", there, true)
		}
	},
	"duplicate_keys": func(t *testing.T, g *guest) {
		g.with("duplicate_keys", "1")
		body := g.ask("GET", "/tags", nil).Body.String()
		want(t, "types", strings.Count(body, `"type":"tag"`), strings.Count(body, `"type":"duplicate"`))
	},
	"deep_nesting": func(t *testing.T, g *guest) {
		g.with("deep_nesting", "5000")
		want(t, "deep", strings.Count(g.ask("GET", "/tags", nil).Body.String(), strings.Repeat("[", 5000)), 1)
	},
	"huge_field": func(t *testing.T, g *guest) {
		g.with("huge_field", "3000000")
		want(t, "size", g.ask("GET", "/tags", nil).Body.Len() > 3_000_000, true)
	},
	"clock_skew": func(t *testing.T, g *guest) {
		g.with("clock_skew", "-8760h")
		date := must(http.ParseTime(g.ask("GET", "/tags", nil).Header().Get("Date")))
		want(t, "off by", testNow.Sub(date), 8760*time.Hour)
	},
	"next_host": func(t *testing.T, g *guest) {
		next := func() string {
			return g.get("GET", "/articles?per_page=5", nil)["pages"].(map[string]any)["next"].(string)
		}
		want(t, "its own", next(), "http://sandbox.test/articles?page=2&per_page=5")
		g.with("next_host", "https://elsewhere.example")
		want(t, "another", next(), "https://elsewhere.example/articles?page=2&per_page=5")
	},
	"many_tags": func(t *testing.T, g *guest) {
		g.with("many_tags", "1")
		r := g.users()[0]
		list := r["tags"].(map[string]any)
		want(t, "shown", len(objectsOf(list["data"])), 10)
		want(t, "has_more", list["has_more"].(bool), true)
		want(t, "all", len(objectsOf(g.get("GET", list["url"].(string), nil)["data"])), 14)
	},
	"many_parts": func(t *testing.T, g *guest) {
		g.with("many_parts", "1")
		id := g.w.Rows(conversations)[0]["id"].(string)
		list := g.get("GET", "/conversations/"+id, nil)["conversation_parts"].(map[string]any)
		want(t, "shown", len(objectsOf(list["conversation_parts"])), 500)
		want(t, "announced", whole(t, list["total_count"]) >= 520, true)
	},
	"hydrate_gone": func(t *testing.T, g *guest) {
		g.with("hydrate_gone", "2")
		rows := g.w.Rows(conversations)
		g.get("GET", "/conversations/"+rows[0]["id"].(string), nil)
		g.refused("GET", "/conversations/"+rows[1]["id"].(string), nil, 404)
	},
	"merged_contacts": func(t *testing.T, g *guest) {
		g.with("merged_contacts", "2")
		rows := g.w.Rows(contacts)
		want(t, "code", g.refused("GET", "/contacts/"+rows[1]["id"].(string), nil, 410), "contact_merged")
	},
	"refuse_versions": func(t *testing.T, g *guest) {
		g.with("refuse_versions", `["2.16"]`)
		want(t, "code", g.refused("GET", "/tags", nil, 400), "intercom_version_invalid")
	},
	"no_default_version": func(t *testing.T, g *guest) {
		g.with("no_default_version", "true")
		g.get("GET", "/tags", nil)
		g.version = ""
		want(t, "code", g.refused("GET", "/tags", nil, 400), "intercom_version_invalid")
	},
	"max_per_page": func(t *testing.T, g *guest) {
		g.with("max_per_page", "60")
		g.users()
		want(t, "status", g.ask("GET", "/contacts?per_page=61", nil).Code, 502)
	},
	"max_per_page_status": func(t *testing.T, g *guest) {
		g.with("max_per_page", "60")
		g.also("max_per_page_status", "504")
		want(t, "status", g.ask("GET", "/contacts?per_page=61", nil).Code, 504)
	},
	"oauth": oauthGoesWrong,
	"no_companies": func(t *testing.T, g *guest) {
		g.with("no_companies", "true")
		a := g.get("GET", "/companies/scroll", nil)
		want(t, "rows", len(objectsOf(a["data"])), 0)
		g.refused("GET", "/companies/scroll?scroll_param="+a["scroll_param"].(string), nil, 404)
	},
	"company_gone": func(t *testing.T, g *guest) {
		g.with("company_gone", "1")
		rec := g.ask("GET", "/companies/"+g.w.Rows(companies)[0]["id"].(string)+"/segments", nil)
		want(t, "status", rec.Code, 404)
		want(t, "nginx", strings.Contains(rec.Body.String(), "nginx"), true)
	},
	"activity_range_days": func(t *testing.T, g *guest) {
		g.with("activity_range_days", "30")
		g.refused("GET", "/admins/activity_logs?created_at_after=0", nil, 500)
		g.get("GET", fmt.Sprint("/admins/activity_logs?created_at_after=", testNow.Unix()-29*86400), nil)
	},
}

func spike(t *testing.T, g *guest) {
	g.with("spike_every", "2")
	g.also("spike", "1h")
	for i, delay := range []time.Duration{0, time.Hour, 0} {
		r, err := http.NewRequest("GET", "/tags", nil)
		if err != nil {
			t.Fatal(err)
		}
		g.w.stats.begin()
		want(t, fmt.Sprint("request ", i+1), g.w.decide(r, nil).delay, delay)
	}
}

func TestSetRefusesNonsense(t *testing.T) {
	for name, value := range map[string]string{"serch_lag": "5m", "search_lag": "soon", "ties": "5", "hidden_rows": "many", "faults": `[{"pth":"/"}]`} {
		var b Behaviour
		if err := b.Set(name, value); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}
