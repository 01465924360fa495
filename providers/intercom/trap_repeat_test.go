package intercom

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// The traps by which others read rows twice, read for ever, or fail where they need not.

func TestTrap15_NothingNewMovesNothing(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 41, Contacts: 90, Conversations: 90, Growth: -1}, nil)
	for _, name := range []string{"users", "conversations"} {
		first := r.read(incremental(name, "created_at", ""))[0]
		r.clock.advance(30 * time.Hour)
		again := incremental(name, "created_at", first.next)
		again.Settings["lookback"] = "0s"
		second := r.read(again)[0]
		if len(unseen(first.ids, second.ids)) != 0 || second.next != first.next || len(second.ids) > 5 {
			t.Errorf("%s: %d rows again, bookmark %s after %s", name, len(second.ids), second.next, first.next)
		}
		// The newest row goes, and those before it are read again: that is no step back.
		for _, id := range second.ids {
			if err := r.world.Delete(name, id); err != nil {
				t.Fatal(err)
			}
		}
		wide := incremental(name, "created_at", first.next)
		wide.Settings["lookback"] = "90d"
		third := r.read(wide)[0]
		if len(third.ids) == 0 || third.next != first.next {
			t.Errorf("%s: %d rows from before, bookmark %s after %s", name, len(third.ids), third.next, first.next)
		}
	}
}

func TestTrap16_ScrollsAndPagesWithoutEnd(t *testing.T) {
	for _, c := range []struct {
		stream    string
		behaviour sandbox.Behaviour
		most      int64 // requests before it is noticed
	}{
		{"companies", sandbox.Behaviour{EndlessScroll: true}, 20},
		{"users", sandbox.Behaviour{EndlessPages: "empty"}, 20},
		{"users", sandbox.Behaviour{EndlessPages: "rows"}, 20},
		{"users", sandbox.Behaviour{RepeatCursor: true}, 3}, // the token itself gives it away
		{"conversations", sandbox.Behaviour{EndlessPages: "rows"}, 20},
		{"articles", sandbox.Behaviour{EndlessPages: "rows"}, 20},
		{"macros", sandbox.Behaviour{EndlessPages: "empty"}, 20},
		{"macros", sandbox.Behaviour{RepeatCursor: true}, 3},
	} {
		r := newRig(t, sandbox.Options{Seed: 42, Contacts: 400, Companies: 130, Growth: -1, Behaviour: c.behaviour}, setting.Values{"max_calls": int64(200)}) // one that would go on for ever ends there, as exhausted
		for range 320 {                                                                                                                                       // the workspace begins with a page of them
			if _, err := r.world.Add("macros", nil); err != nil {
				t.Fatal(err)
			}
		}
		g := r.read(full(c.stream))[0]
		if g.err == nil || g.err.Kind != providers.Untrusted {
			t.Errorf("%s under %+v ends with %v, want untrusted", c.stream, c.behaviour, g.err)
		}
		if n := r.session.Calls().Requests; n > c.most {
			t.Errorf("%s: %d requests before giving up", c.stream, n)
		}
	}
}

func TestTrap17_ScrollAlreadyExists(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 43, Companies: 130, Growth: -1, Behaviour: sandbox.Behaviour{ScrollBusy: 2}}, nil)
	before := r.clock.Now()
	g := r.read(full("companies"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "companies", g.ids, r.oracle("companies"))
	if waited := r.clock.Now().Sub(before); waited < 2*time.Minute {
		t.Errorf("waited %s for a scroll that lives for a minute, twice", waited)
	}
}

func TestTrap18_ScrollExpires(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 44, Companies: 350, Growth: -1, Behaviour: sandbox.Behaviour{ScrollExpires: 3}}, nil)
	g := r.read(full("companies"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "companies", g.ids, r.oracle("companies"))
	slow := newRig(t, sandbox.Options{Seed: 44, Companies: 350, Growth: -1}, nil)
	g = slow.readUntil(t.Context(), func(stream.Batch) bool { slow.clock.advance(3 * time.Minute); return false }, full("company_segments"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "segments of companies, read slowly", g.ids, slow.oracle("company_segments"))
	lost := newRig(t, sandbox.Options{Seed: 44, Companies: 350, Growth: -1}, nil)
	for _, b := range []sandbox.Behaviour{
		{Faults: []sandbox.Fault{{Path: "/companies/scroll", Nth: 3, Kind: sandbox.FaultResetBody}}}, // the page was served, and is gone
		{ThrottleEvery: 3}, // the page was not served
	} {
		lost.clock.advance(2 * time.Minute)
		lost.world.Behave(b)
		g = lost.read(full("companies"))[0]
		if g.err != nil {
			t.Fatal(g.err)
		}
		sameIDs(t, "companies, with a page lost on its way", g.ids, lost.oracle("companies"))
	}
	none := newRig(t, sandbox.Options{Seed: 44, Growth: -1, Behaviour: sandbox.Behaviour{CompaniesWithout: true}}, nil)
	if g := none.read(full("companies"))[0]; g.err != nil || len(g.ids) != 0 || g.final == nil {
		t.Errorf("a workspace without companies: %d rows, %v", len(g.ids), g.err)
	}
	none.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{{Path: "/companies/scroll", Status: 404, Code: "not_found"}}})
	if g := none.read(full("companies"))[0]; g.err == nil || g.err.Kind != providers.NotFound || g.final != nil {
		t.Errorf("a scroll that is never there is no workspace without companies: %v", g.err)
	}
}

func TestTrap19_ScrollBreaksDown(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 45, Companies: 350, Growth: -1, Behaviour: sandbox.Behaviour{ScrollFails: 2}}, nil)
	g := r.read(full("companies"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "companies, none twice", g.ids, r.oracle("companies"))
}

func TestTrap20_LargePagesFail(t *testing.T) {
	for _, status := range []int{502, 504} {
		r := newRig(t, sandbox.Options{Seed: 46, Contacts: 400, Conversations: 300, Growth: -1, Behaviour: sandbox.Behaviour{MaxPerPage: 40, MaxPerPageStatus: status}}, nil)
		for _, name := range []string{"users", "conversations"} {
			g := r.read(full(name))[0]
			if g.err != nil {
				t.Fatal(g.err)
			}
			sameIDs(t, name, g.ids, r.oracle(name))
		}
		if !r.logs.has("asking for smaller pages") {
			t.Error("pages were not made smaller")
		}
		if retries := r.session.Calls().Retries; retries > 8 {
			t.Errorf("%d tries of pages that cannot work", retries)
		}
	}
}

// Where the service breaks down under large pages now and then, small ones do not stay.
func TestPagesGrowAgain(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 46, Contacts: 5, Conversations: 1000, Growth: -1, Behaviour: sandbox.Behaviour{MaxPerPage: 40}}, nil)
	var sizes []int
	r.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, err := io.ReadAll(q.Body)
		var asked question
		if err != nil || json.Unmarshal(body, &asked) != nil {
			t.Error("the search cannot be read")
		}
		sizes = append(sizes, asked.Pagination.PerPage) // one chain asks one page at a time
		q.Body = io.NopCloser(bytes.NewReader(body))
		r.world.ServeHTTP(w, q)
	})
	g := r.read(full("conversations"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "conversations", g.ids, r.oracle("conversations"))
	small := slices.Index(sizes, 37)
	if small < 0 || !slices.Contains(sizes[small:], 74) {
		t.Errorf("page sizes %v: halved from 150 until they work, doubled after ten that did", sizes)
	}
}

func TestTrap21_ProgressShowsWhileNothingIsNew(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 47, Contacts: 900, Growth: -1, Behaviour: sandbox.Behaviour{Ties: sandbox.Duration(400 * 24 * time.Hour)}}, nil)
	tied := seconds(t, r.world.Rows("users")[0]["updated_at"])
	from := mark{Format: bookmarkFormat, Column: "updated_at", Watermark: tied + 7200}.bookmark() // the days before it are given, and dropped
	g := r.read(incremental("users", "updated_at", from))[0]
	if g.err != nil || len(g.batches) < 4 {
		t.Fatalf("%v; %d batches", g.err, len(g.batches))
	}
	pages := 0
	for _, b := range g.batches {
		pages += b.Pages
	}
	empty := slices.ContainsFunc(g.batches, func(b stream.Batch) bool { return b.Pages == 1 && b.Rows.N == 0 })
	if pages < 4 || !empty || len(g.ids) == len(r.oracle("users")) {
		t.Errorf("%d pages were shown, one without a row: %v; %d rows", pages, empty, len(g.ids))
	}
}

func TestTrap22_ObjectsGoneBeforeTheyAreRead(t *testing.T) {
	for _, f := range []sandbox.Fault{{Status: 404, Body: "html"}, {Status: 404, Code: "not_found"}, {Status: 410, Code: "contact_merged"}} {
		f.Path, f.Method, f.Every = "/conversations/", "GET", 9
		r := newRig(t, sandbox.Options{Seed: 48, Conversations: 90, Contacts: 10, Growth: -1, Behaviour: sandbox.Behaviour{Faults: []sandbox.Fault{f}}}, nil)
		g := r.read(full("conversation_parts"))[0]
		if g.err != nil || g.final.Skipped != 10 || g.final.Short() || len(g.ids) == 0 {
			t.Errorf("%+v: %v, %+v", f, g.err, g.final)
		}
	}
	r := newRig(t, sandbox.Options{Seed: 48, Companies: 30, Growth: -1, Behaviour: sandbox.Behaviour{CompanyGone: 4}}, nil)
	if g := r.read(full("company_segments"))[0]; g.err != nil || g.final.Skipped == 0 {
		t.Errorf("archived companies: %v, %+v", g.err, g.final)
	}
}

func TestTrap23_EmptyAnswersAndLongReads(t *testing.T) {
	once := []sandbox.Fault{{Path: "/contacts/search", Nth: 2, Kind: sandbox.FaultEmpty}, {Path: "/conversations/", Nth: 4, Kind: sandbox.FaultHTML}}
	r := newRig(t, sandbox.Options{Seed: 49, Contacts: 500, Conversations: 40, Growth: -1, Behaviour: sandbox.Behaviour{Faults: once}}, nil)
	for _, name := range []string{"contacts", "conversation_parts"} {
		g := r.read(full(name))[0]
		if g.err != nil {
			t.Fatal(g.err)
		}
		sameIDs(t, name, g.ids, r.oracle(name))
	}
	if n := r.session.Calls().Retries; n != 2 {
		t.Errorf("%d requests were made again for two answers that are none", n)
	}
	for _, kind := range []string{sandbox.FaultEmpty, sandbox.FaultHTML} {
		r.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{{Path: "/contacts/search", Kind: kind}, {Path: "/tags", Kind: kind}}})
		for _, name := range []string{"users", "tags"} {
			if g := r.read(full(name))[0]; g.err == nil || g.err.Kind != providers.Malformed || g.final != nil {
				t.Errorf("%s answered with %s: %v, want malformed", name, kind, g.err)
			}
		}
	}
}

func TestTrap24_TheRateLimitIsKept(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 50, Contacts: 10, Conversations: 100, Growth: -1, RateLimit: 43}, nil)
	g := r.read(full("conversation_parts"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	if s := r.world.Stats(); s.Throttled > 0 || s.BusiestWindow > 43*9/10+1 {
		t.Errorf("%d refusals; %d requests in the busiest window of 43", s.Throttled, s.BusiestWindow)
	}
	for _, reset := range []string{"", "missing", "negative", "huge", "past", "garbage"} {
		r.world.Behave(sandbox.Behaviour{ThrottleEvery: 9, ThrottleReset: reset})
		g := r.read(full("conversation_parts"))[0]
		if g.err != nil {
			t.Errorf("Reset %q: %v", reset, g.err)
			continue
		}
		sameIDs(t, "parts despite refusals with Reset "+reset, g.ids, r.oracle("conversation_parts"))
	}
}

func TestTrap25_IdsAreNoNumbersAndNoOrder(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 51, Conversations: 10, Contacts: 10, Growth: -1}, nil)
	at := r.clock.Now().Unix() - 7200
	for _, id := range []string{"9", "10", "99", "100", "9007199254740993", "9007199254740992"} {
		if _, err := r.world.AddConversation(sandbox.Object{"id": id, "created_at": at, "updated_at": at}); err != nil {
			t.Fatal(err)
		}
	}
	g := r.read(full("conversations"))[0]
	sameIDs(t, "conversations", g.ids, r.oracle("conversations"))
	rest := full("conversations")
	rest.Resume = g.resumes[0]
	again := r.read(rest)[0]
	if again.err != nil || again.final.Short() {
		t.Errorf("resumed: %v, %+v", again.err, again.final)
	}
}

func TestTrap26_PagesShiftUnderAMutableSort(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 52, Articles: 400, Contacts: 10, Growth: -1}, nil)
	ids := r.oracle("articles")
	moved := false
	g := r.readUntil(t.Context(), func(stream.Batch) bool {
		if !moved { // between two pages, articles of a later page move to the front
			moved = true
			r.clock.advance(time.Minute)
			for _, id := range ids[:40] {
				if err := r.world.Update("articles", id, sandbox.Object{"title": "moved"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		return false
	}, full("articles"))[0]
	if g.err != nil || g.final.Short() {
		t.Fatalf("%v, %+v", g.err, g.final)
	}
	sameIDs(t, "articles", g.ids, ids)
}

func TestTrap27_CustomAttributesStayJSON(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 53, Contacts: 5, Growth: -1}, nil)
	order := map[string]any{"type": "Order.list", "instances": []any{map[string]any{"id": "12", "total": 12.5}}}
	id, err := r.world.AddContact(sandbox.Object{"custom_attributes": map[string]any{"order": order, "plan": "a", "Plan": 2}})
	if err != nil {
		t.Fatal(err)
	}
	g := r.read(full("contacts"))[0]
	at := slices.Index(g.ids, id)
	got := g.batches[0].Rows.Leaf("custom_attributes").Strs[at]
	for _, want := range []string{`"instances":[{"id":"12","total":12.5}]`, `"plan":"a"`, `"Plan":2`} {
		if !strings.Contains(got, want) {
			t.Errorf("custom_attributes %s lack %s", got, want)
		}
	}
}

func TestTrap28_TheWireIsNotTheDescription(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 54, Contacts: 200, Conversations: 120, Companies: 60, Growth: -1, Behaviour: sandbox.Behaviour{TypeFlips: 5, NullNext: true}}, nil)
	for _, name := range []string{"users", "conversations", "conversation_parts", "companies"} {
		g := r.read(full(name))[0]
		if g.err != nil {
			t.Fatal(g.err)
		}
		sameIDs(t, name, g.ids, r.oracle(name))
		if name == "conversations" { // the description calls the member teammates
			if n := slices.Max(lengths(g, "teammates")); n == 0 {
				t.Error("no conversation has teammates")
			}
		}
	}
}

func TestTrap29_TheVersionIsSentAndPinned(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 55, Contacts: 20, Growth: -1, Behaviour: sandbox.Behaviour{NoDefaultVersion: true, RefuseVersions: []string{"2.15"}}}, nil)
	if g := r.read(full("users"))[0]; g.err != nil {
		t.Error(g.err)
	}
	old := newRig(t, sandbox.Options{Seed: 55, Contacts: 20, Growth: -1, Behaviour: sandbox.Behaviour{RefuseVersions: []string{"2.15"}}}, map[string]any{"api_version": "2.15"})
	if g := old.read(full("users"))[0]; g.err == nil || g.err.Kind != providers.Version {
		t.Errorf("a refused version: %v", g.err)
	}
	if g := old.read(full("macros"))[0]; g.err == nil || g.err.Kind != providers.Version || !strings.Contains(g.err.Detail, "2.16") {
		t.Errorf("a stream the version lacks: %v", g.err)
	}
}

func TestTrap30_UnknownFieldsNeverFail(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 56, Contacts: 60, Conversations: 30, Growth: -1, Behaviour: sandbox.Behaviour{UnknownFields: true, DuplicateKeys: 3}}, nil)
	for _, name := range []string{"users", "conversations", "conversation_parts"} {
		g := r.read(full(name))[0]
		if g.err != nil {
			t.Fatal(g.err)
		}
		sameIDs(t, name, g.ids, r.oracle(name))
		rows := g.batches[0].Rows
		if rest := rows.Leaf(stream.Rest); name != "conversation_parts" && (rows.Unknown == 0 || rest.Null(0)) {
			t.Errorf("%s: what nobody declared is kept in the rest, %d values", name, rows.Unknown)
		}
	}
}
