package sandbox

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

func TestPagingVisitsEveryRowOnce(t *testing.T) {
	g := visit(t, Options{Growth: -1})
	for _, c := range []struct{ path, key, stream string }{
		{"/contacts/search", "data", contacts},
		{"/conversations/search", conversations, conversations},
	} {
		all := idsOf(g.w.Rows(c.stream))
		for _, field := range sortable {
			for _, order := range []string{"ascending", "descending"} {
				for _, per := range []int{9, 150} {
					rows := g.search(c.path, c.key, where("created_at", ">", 0), field, order, per)
					got, want := idsOf(rows), slices.Clone(all)
					if !sort.SliceIsSorted(rows, func(i, j int) bool {
						a, b := rows[i], rows[j]
						if order == "descending" {
							a, b = b, a
						}
						if field != "id" && whole(t, a[field]) != whole(t, b[field]) {
							return whole(t, a[field]) < whole(t, b[field])
						}
						return compareIDs(a["id"].(string), b["id"].(string)) < 0
					}) {
						t.Errorf("%s by %s %s: out of order", c.path, field, order)
					}
					slices.Sort(got)
					slices.Sort(want)
					if !slices.Equal(got, want) {
						t.Errorf("%s by %s %s, %d a page: %d rows, want %d", c.path, field, order, per, len(got), len(want))
					}
				}
			}
		}
	}
}

func TestSearchAnswersWhatRowsSay(t *testing.T) {
	g := visit(t, Options{})
	want := map[string]map[string]any{}
	for _, r := range g.w.Rows(contacts) {
		want[r["id"].(string)] = r
	}
	for _, r := range g.search("/contacts/search", "data", where("role", "=", "user"), "updated_at", "ascending", 150) {
		if !reflect.DeepEqual(r, want[r["id"].(string)]) {
			t.Fatalf("%v differs from the oracle", r["id"])
		}
	}
}

// TestContactDatesByDay holds what a search by date matches, on contacts around
// a day's ends in the workspace's zone.
func TestContactDatesByDay(t *testing.T) {
	zone := must(time.LoadLocation("America/Los_Angeles"))
	noon := time.Date(2026, time.November, 10, 12, 0, 0, 0, zone)
	moments := map[string]time.Time{
		"day before":  time.Date(2026, time.November, 9, 23, 59, 59, 0, zone),
		"day starts":  time.Date(2026, time.November, 10, 0, 0, 0, 0, zone),
		"noon":        noon,
		"second late": noon.Add(time.Second),
		"day ends":    time.Date(2026, time.November, 10, 23, 59, 59, 0, zone),
		"day after":   time.Date(2026, time.November, 11, 0, 0, 0, 0, zone),
	}
	for _, c := range []struct {
		version, operator string
		want              []string
	}{
		{"2.16", "=", []string{"day ends", "day starts", "noon", "second late"}},
		{"2.16", ">", []string{"day after"}},
		{"2.16", "<", []string{"day before"}},
		{"2.11", ">", []string{"day after"}},
		{"2.17", "=", []string{"noon"}},
		{"2.17", ">", []string{"day after", "day ends", "second late"}},
		{"2.17", "<", []string{"day before", "day starts"}},
	} {
		for _, value := range []any{noon.Unix(), fmt.Sprint(noon.Unix())} {
			g := visit(t, Options{Contacts: -1})
			g.version = c.version
			for name, at := range moments {
				must(g.w.AddContact(Object{"name": name, "created_at": at, "updated_at": at}))
			}
			rows := g.search("/contacts/search", "data", where("updated_at", c.operator, value), "updated_at", "ascending", 2)
			got := []string{}
			for _, r := range rows {
				got = append(got, r["name"].(string))
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: updated_at %s %v (%T): %v, want %v", c.version, c.operator, value, value, got, c.want)
			}
		}
	}
}

// TestContactDaysAcrossClockChange: a day may have 23 or 25 hours.
func TestContactDaysAcrossClockChange(t *testing.T) {
	zone := must(time.LoadLocation("America/Los_Angeles"))
	g := visit(t, Options{Contacts: -1})
	late := time.Date(2026, time.November, 1, 23, 30, 0, 0, zone) // clocks went back that day
	must(g.w.AddContact(Object{"created_at": late}))
	start := time.Date(2026, time.November, 1, 0, 30, 0, 0, zone)
	if n := len(g.search("/contacts/search", "data", where("created_at", "=", start.Unix()), "created_at", "ascending", 5)); n != 1 {
		t.Errorf("the last hour of a 25-hour day matches %d contacts, want 1", n)
	}
}

func TestConversationDatesBySecond(t *testing.T) {
	at := time.Date(2026, time.November, 10, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		operator string
		want     []int
	}{
		{"=", []int{0}}, {">", []int{0, 1}}, {"<", []int{-1, 0}}, {">=", []int{0, 1}}, {"<=", []int{-1, 0}}, {"!=", []int{-1, 1}},
	} {
		g := visit(t, Options{Contacts: -1, Conversations: -1})
		for _, d := range []int{-1, 0, 1} {
			must(g.w.AddConversation(Object{"created_at": at.Add(time.Duration(d) * time.Second)}))
		}
		got := []int{}
		for _, r := range g.search("/conversations/search", conversations, where("updated_at", c.operator, at.Unix()), "updated_at", "ascending", 1) {
			got = append(got, int(whole(t, r["updated_at"])-at.Unix()))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("updated_at %s: %v, want %v", c.operator, got, c.want)
		}
	}
}

// TestSearchAgreesWithScan compares searches with a plain scan of the rows.
func TestSearchAgreesWithScan(t *testing.T) {
	g := visit(t, Options{Growth: -1})
	has := func(r map[string]any, list, id string) bool {
		for _, o := range objectsOf(r[list].(map[string]any)["data"]) {
			if o["id"] == id {
				return true
			}
		}
		return false
	}
	tag := g.w.Rows(tags)[3]["id"].(string)
	for name, c := range map[string]struct {
		query any
		want  func(r map[string]any) bool
	}{
		"role":     {where("role", "=", "lead"), func(r map[string]any) bool { return r["role"] == "lead" }},
		"not role": {where("role", "!=", "lead"), func(r map[string]any) bool { return r["role"] != "lead" }},
		"in": {where("email_domain", "IN", []any{"example.com", "example.org"}), func(r map[string]any) bool {
			return r["email_domain"] == "example.com" || r["email_domain"] == "example.org"
		}},
		"not in":    {where("email_domain", "NIN", []any{"example.com"}), func(r map[string]any) bool { return r["email_domain"] != "example.com" }},
		"null":      {where("phone", "=", nil), func(r map[string]any) bool { return r["phone"] == nil }},
		"not null":  {where("phone", "!=", nil), func(r map[string]any) bool { return r["phone"] != nil }},
		"truth":     {where("unsubscribed_from_emails", "=", true), func(r map[string]any) bool { return r["unsubscribed_from_emails"] == true }},
		"tag":       {where("tag_id", "=", tag), func(r map[string]any) bool { return has(r, "tags", tag) }},
		"not tag":   {where("tag_id", "!=", tag), func(r map[string]any) bool { return !has(r, "tags", tag) }},
		"nested":    {where("location.city", "=", "Dublin"), func(r map[string]any) bool { return r["location"].(map[string]any)["city"] == "Dublin" }},
		"attribute": {where("custom_attributes.plan", "=", "pro"), func(r map[string]any) bool { return r["custom_attributes"].(map[string]any)["plan"] == "pro" }},
		"starts": {where("email", "^", "PERSON1"), func(r map[string]any) bool {
			email, _ := r["email"].(string)
			return strings.HasPrefix(email, "person1")
		}},
		"and or": {group("AND", where("role", "=", "user"), group("OR", where("phone", "=", nil), where("browser", "=", "edge"))), func(r map[string]any) bool {
			return r["role"] == "user" && (r["phone"] == nil || r["browser"] == "edge")
		}},
	} {
		want := []string{}
		for _, r := range g.w.Rows(contacts) {
			if c.want(r) {
				want = append(want, r["id"].(string))
			}
		}
		got := idsOf(g.search("/contacts/search", "data", c.query, "created_at", "ascending", 150))
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) || len(got) == 0 || len(got) == 300 {
			t.Errorf("%s: %d rows, want %d", name, len(got), len(want))
		}
	}
}

func TestSearchRefusesWhatBreaksTheContract(t *testing.T) {
	g := visit(t, Options{})
	ok := where("created_at", ">", 0)
	many := []any{}
	for range 16 {
		many = append(many, ok)
	}
	body := func(query any) map[string]any { return map[string]any{"query": query} }
	sorted := func(field, order string) map[string]any {
		return map[string]any{"query": ok, "sort": map[string]any{"field": field, "order": order}}
	}
	paged := func(p map[string]any) map[string]any { return map[string]any{"query": ok, "pagination": p} }
	for name, c := range map[string]struct {
		path string
		body any
		code string
	}{
		"no query":           {"/contacts/search", map[string]any{}, "parameter_not_found"},
		"no JSON object":     {"/contacts/search", "x", "bad_request"},
		"unknown field":      {"/contacts/search", body(where("shoe_size", "=", 1)), "invalid_field"},
		"field elsewhere":    {"/contacts/search", body(where("open", "=", true)), "invalid_field"},
		"date >=":            {"/contacts/search", body(where("updated_at", ">=", 1)), "invalid_operator"},
		"date !=":            {"/contacts/search", body(where("updated_at", "!=", 1)), "invalid_operator"},
		"date IN":            {"/contacts/search", body(where("updated_at", "IN", []any{1})), "invalid_operator"},
		"date ~":             {"/conversations/search", body(where("updated_at", "~", "1")), "invalid_operator"},
		"tag IN":             {"/contacts/search", body(where("tag_id", "IN", []any{"1"})), "invalid_operator"},
		"text >":             {"/contacts/search", body(where("name", ">", "a")), "invalid_operator"},
		"date of words":      {"/contacts/search", body(where("created_at", ">", "foorbar")), "parameter_invalid"},
		"truth of words":     {"/conversations/search", body(where("open", "=", "yes")), "parameter_invalid"},
		"IN without a list":  {"/contacts/search", body(where("name", "IN", "a")), "parameter_invalid"},
		"IN nothing":         {"/conversations/search", body(where("created_at", "IN", []any{})), "parameter_invalid"},
		"empty group":        {"/contacts/search", body(group("AND")), "parameter_invalid"},
		"16 filters":         {"/contacts/search", body(group("OR", many...)), "parameter_invalid"},
		"3 levels":           {"/contacts/search", body(group("AND", group("OR", group("AND", ok)))), "parameter_invalid"},
		"sort order":         {"/contacts/search", sorted("created_at", "desc"), "invalid_sort_order"},
		"sort order of both": {"/conversations/search", sorted("created_at", "asc"), "invalid_sort_order"},
		"sort field":         {"/contacts/search", sorted("shoe_size", "ascending"), "invalid_field"},
		"per_page 151":       {"/contacts/search", paged(map[string]any{"per_page": 151}), "parameter_invalid"},
		"per_page 0":         {"/conversations/search", paged(map[string]any{"per_page": 0}), "parameter_invalid"},
		"cursor":             {"/contacts/search", paged(map[string]any{"starting_after": "nonsense"}), "parameter_invalid"},
	} {
		if code := g.refused("POST", c.path, c.body, 400); code != c.code {
			t.Errorf("%s: %s, want %s", name, code, c.code)
		}
	}
	g.version = "2.11"
	g.get("POST", "/contacts/search", sorted("created_at", "desc"))
}

func TestEnvelopeOfASearch(t *testing.T) {
	g := visit(t, Options{})
	a := g.get("POST", "/contacts/search", map[string]any{"query": where("role", "=", "user"), "pagination": map[string]any{"per_page": 100}})
	pages := a["pages"].(map[string]any)
	total := whole(t, a["total_count"])
	if a["type"] != "list" || pages["type"] != "pages" || pages["page"] != json.Number("1") || pages["per_page"] != json.Number("100") ||
		whole(t, pages["total_pages"]) != (total+99)/100 || total <= 200 {
		t.Errorf("envelope %v of %d", pages, total)
	}
	a = g.get("POST", "/contacts/search", map[string]any{"query": where("role", "=", "nobody")})
	if _, there := a["pages"].(map[string]any)["next"]; there || len(objectsOf(a["data"])) != 0 {
		t.Errorf("an empty result: %v", a)
	}
}
