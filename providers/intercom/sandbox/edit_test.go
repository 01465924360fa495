package sandbox

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAddedObjectsAreWhole(t *testing.T) {
	g := visit(t, Options{})
	at := time.Date(2026, time.October, 5, 1, 2, 3, 0, time.UTC)
	for kind := range g.w.collections {
		id := must(g.w.Add(kind, Object{"created_at": at, "updated_at": at.Add(time.Minute), "extra": "value"}))
		rows := g.w.Rows(kind)
		r := rows[len(rows)-1]
		if _, shown := r["id"]; shown && fmt.Sprint(r["id"]) != id {
			t.Errorf("%s: id %v, want %s", kind, r["id"], id)
		}
		if r["extra"] != "value" {
			t.Errorf("%s: the override is missing", kind)
		}
		if c, shown := r["created_at"]; shown && kind != calls && kind != macros && whole(t, c) != at.Unix() {
			t.Errorf("%s: created at %v", kind, c)
		}
		if u, shown := r["updated_at"]; shown && kind != calls && kind != macros && whole(t, u) != at.Unix()+60 {
			t.Errorf("%s: updated at %v", kind, u)
		}
		for name := range rows[0] {
			if _, there := r[name]; !there && kind != companies && !strings.HasSuffix(kind, "_attributes") {
				t.Errorf("%s: an added object has no %s", kind, name)
			}
		}
	}
}

func TestUpdateDeleteMerge(t *testing.T) {
	g := visit(t, Options{Contacts: 20})
	rows := g.w.Rows(contacts)
	a, b, c := rows[0]["id"].(string), rows[1]["id"].(string), rows[2]["id"].(string)
	for _, err := range []error{
		g.w.Update(contacts, a, Object{"name": "New", "tag_ids": []string{"10718301", "10718302"}}),
		g.w.Delete(contacts, b),
		g.w.Merge(c, a),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r := g.get("GET", "/contacts/"+a, nil)
	if r["name"] != "New" || whole(t, r["updated_at"]) != testNow.Unix() || r["created_at"] != rows[0]["created_at"] {
		t.Errorf("%v %v %v", r["name"], r["updated_at"], r["created_at"])
	}
	if got := idsOf(objectsOf(r["tags"].(map[string]any)["data"])); !slices.Equal(got, []string{"10718301", "10718302"}) {
		t.Errorf("tags %v", got)
	}
	g.refused("GET", "/contacts/"+b, nil, 404)
	rec := g.ask("GET", "/contacts/"+c, nil)
	if rec.Code != 410 || rec.Header().Get("Link") != "</contacts/"+a+`>; rel="canonical"` {
		t.Errorf("a merged contact: %d %q", rec.Code, rec.Header().Get("Link"))
	}
	g.version = "2.15"
	g.refused("GET", "/contacts/"+c, nil, 404)
	g.version = "2.16"
	found := idsOf(g.users())
	if slices.Contains(found, b) || slices.Contains(found, c) || found[len(found)-1] != a {
		t.Error("search does not see the edits")
	}
	for _, err := range []error{g.w.Update(contacts, b, nil), g.w.Delete(contacts, "x"), g.w.Merge(a, a), g.w.Merge(c, a),
		g.w.Update(contacts, a, Object{"id": "other"}), g.w.Update(contacts, a, Object{"bad": func() {}})} {
		if err == nil {
			t.Error("an impossible edit is accepted")
		}
	}
	if _, err := g.w.AddContact(Object{"id": a}); err == nil {
		t.Error("an identifier is given twice")
	}
}

func TestRepliesAndDeletedConversations(t *testing.T) {
	g := visit(t, Options{})
	id := must(g.w.AddConversation(Object{"parts": 3, "created_at": testNow.Add(-time.Hour)}))
	part := must(g.w.Reply(id, Object{"body": "<p>Hello</p>", "created_at": testNow.Unix() - 5}))
	r := g.get("GET", "/conversations/"+id, nil)
	parts := objectsOf(r["conversation_parts"].(map[string]any)["conversation_parts"])
	if len(parts) != 4 || parts[3]["id"] != part || parts[3]["body"] != "<p>Hello</p>" || whole(t, r["updated_at"]) != testNow.Unix()-5 ||
		whole(t, r["statistics"].(map[string]any)["count_conversation_parts"]) != 4 {
		t.Errorf("%d parts, %v", len(parts), r["statistics"])
	}
	r = g.get("GET", "/conversations/"+id+"?display_as=plaintext", nil)
	if body := r["source"].(map[string]any)["body"].(string); strings.Contains(body, "<") {
		t.Errorf("plain text is %q", body)
	}
	if err := g.w.Delete(conversations, id); err != nil {
		t.Fatal(err)
	}
	g.refused("GET", "/conversations/"+id, nil, 404)
	list := objectsOf(g.get("GET", "/conversations/deleted", nil)[conversations])
	if list[0]["id"] != id || whole(t, list[0]["deleted_at"]) != testNow.Unix() {
		t.Errorf("deleted: %v", list[0])
	}
	g.version = "2.15"
	if code := g.refused("GET", "/conversations/deleted", nil, 400); code != "intercom_version_invalid" {
		t.Error(code)
	}
}

// TestListsAgreeWithRows reads every list endpoint to its end.
func TestListsAgreeWithRows(t *testing.T) {
	g := visit(t, Options{Conversations: 60})
	for _, c := range []struct{ path, key, stream string }{
		{"/contacts?per_page=100", "data", contacts},
		{"/conversations?per_page=100", conversations, conversations},
		{"/tags", "data", tags},
		{"/segments", segments, segments},
		{"/admins", admins, admins},
		{"/teams", teams, teams},
		{"/ticket_types", "data", ticketTypes},
		{"/articles?per_page=9", "data", articles},
		{"/help_center/collections?per_page=2", "data", collections},
		{"/help_center/help_centers", "data", helpCenters},
		{"/admins/activity_logs?created_at_after=0&per_page=50", activityLogs, activityLogs},
		{"/subscription_types", "data", subscriptionTypes},
		{"/macros?per_page=10", "data", macros},
		{"/calls?per_page=25", "data", calls},
		{"/news/news_items?per_page=5", "data", newsItems},
		{"/data_attributes?model=contact", "data", contactAttributeKind},
		{"/data_attributes?model=company", "data", companyAttributeKind},
		{"/conversations/attributes", "data", conversationAttributeKind},
		{"/conversations/deleted?per_page=5&order=asc", conversations, deletedTalks},
	} {
		got := g.list(c.path, c.key)
		want := g.w.Rows(c.stream)
		byText := func(rows []map[string]any) []string {
			var out []string
			for _, r := range rows {
				out = append(out, fmt.Sprint(r))
			}
			slices.Sort(out)
			return out
		}
		if !reflect.DeepEqual(byText(got), byText(want)) || len(got) == 0 {
			t.Errorf("%s: %d rows, want %d of %s", c.path, len(got), len(want), c.stream)
		}
	}
}

// list reads a list to its end, whatever kind of pages it has.
func (g *guest) list(path, key string) []map[string]any {
	g.t.Helper()
	base, sep := path, "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var out []map[string]any
	for {
		a := g.get("GET", path, nil)
		out = append(out, objectsOf(a[key])...)
		pages, _ := a["pages"].(map[string]any)
		if next, isURL := pages["next"].(string); isURL {
			path = strings.TrimPrefix(next, "http://sandbox.test")
			continue
		}
		cursor := nextCursor(a)
		if cursor == "" {
			return out
		}
		path = base + sep + "starting_after=" + cursor
	}
}

func TestChildrenAgreeWithRows(t *testing.T) {
	g := visit(t, Options{Contacts: 40, Growth: -1})
	for _, c := range []struct{ of, path, stream, column string }{
		{contacts, "tags", "contact_tags", "contact_id"},
		{contacts, "segments", "contact_segments", "contact_id"},
		{contacts, "companies", "contact_companies", "contact_id"},
		{contacts, "notes", "contact_notes", "contact_id"},
		{companies, "segments", "company_segments", "company_id"},
	} {
		var got []string
		for _, parent := range g.w.Rows(c.of) {
			for _, r := range g.list("/"+c.of+"/"+parent["id"].(string)+"/"+c.path, "data") {
				r[c.column] = parent["id"]
				got = append(got, fmt.Sprint(r))
			}
		}
		var want []string
		for _, r := range g.w.Rows(c.stream) {
			want = append(want, fmt.Sprint(r))
		}
		if !slices.Equal(got, want) || len(got) == 0 {
			t.Errorf("%s: %d rows, want %d", c.stream, len(got), len(want))
		}
	}
}

func TestCompanyCeilingAndScrollRules(t *testing.T) {
	g := visit(t, Options{Growth: -1})
	want(t, "page limit", g.refused("POST", "/companies/list?page=101&per_page=100", map[string]any{}, 400), "parameter_invalid")
	inUse := 0
	for _, r := range g.w.Rows(companies) {
		if whole(t, r["user_count"]) > 0 {
			inUse++
		}
	}
	want(t, "listed", len(g.list("/companies?per_page=150", "data")), inUse)
	rows, pages, _, _ := g.scroll(10)
	want(t, "scrolled", rows, 250)
	want(t, "pages", pages, 4)
	first := g.get("GET", "/companies/scroll", nil)["scroll_param"].(string)
	want(t, "a second scroll", g.refused("GET", "/companies/scroll", nil, 400), "scroll_exists")
	g.clock.set(testNow.Add(59 * time.Second))
	g.get("GET", "/companies/scroll?scroll_param="+first, nil)
	g.clock.set(testNow.Add(119 * time.Second))
	g.refused("GET", "/companies/scroll?scroll_param="+first, nil, 404)
	g.get("GET", "/companies/scroll", nil)
}

func TestShapesByVersion(t *testing.T) {
	g := visit(t, Options{})
	shapes := func() map[string]string {
		out := map[string]string{}
		for _, r := range g.users() {
			if r["owner_id"] != nil {
				out["owner"] = fmt.Sprintf("%T", r["owner_id"])
			}
		}
		for _, r := range g.list("/conversations?per_page=150", conversations) {
			if p := r["priority"]; p == "high" || p == "priority" {
				out["priority"] = p.(string)
			}
			if a := r["admin_assignee_id"]; a == nil || fmt.Sprint(a) == "0" {
				out["nobody"] = fmt.Sprint(a)
			}
		}
		return out
	}
	if got := shapes(); !reflect.DeepEqual(got, map[string]string{"owner": "string", "priority": "high", "nobody": "0"}) {
		t.Errorf("2.16: %v", got)
	}
	g.version = "2.11"
	if got := shapes(); !reflect.DeepEqual(got, map[string]string{"owner": "json.Number", "priority": "priority", "nobody": "<nil>"}) {
		t.Errorf("2.11: %v", got)
	}
}

func TestGrowingBeforeTheEpoch(t *testing.T) {
	g := visit(t, Options{Growth: -1})
	all := len(g.w.Rows(contacts))
	g.clock.set(testNow.Add(-365 * 24 * time.Hour))
	half := g.w.Rows(contacts)
	if len(half) < all/3 || len(half) > 2*all/3 {
		t.Errorf("a year before there are %d of %d contacts", len(half), all)
	}
	for _, r := range half {
		if whole(t, r["updated_at"]) > testNow.Unix()-365*86400 {
			t.Fatalf("%v changed in the future", r["id"])
		}
	}
}

func TestWrongTicketCursorIsAServerError(t *testing.T) {
	g := visit(t, Options{})
	body := map[string]any{"query": where("created_at", ">", 0), "pagination": map[string]any{"starting_after": "nonsense"}}
	want(t, "code", g.refused("POST", "/tickets/search", body, 500), "server_error")
	rows := g.search("/tickets/search", tickets, where("created_at", ">", 0), "updated_at", "ascending", 50)
	want(t, "tickets", len(rows), len(g.w.Rows(tickets)))
}
