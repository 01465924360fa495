package intercom

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/stream"
)

// The traps of Intercom's API by which others lose rows. In each test the workspace
// behaves that way, and the rows are right all the same, or the read ends in the right
// error.

func TestTrap01_ContactSearchComparesDays(t *testing.T) {
	for _, zone := range []string{"America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"} {
		r := newRig(t, sandbox.Options{Seed: 21, Contacts: 300, Growth: -1, Timezone: zone}, nil)
		first := r.read(incremental("users", "updated_at", ""))[0]
		r.clock.advance(20 * time.Minute) // the same day
		id, err := r.world.Add("users", nil)
		if err != nil {
			t.Fatal(err)
		}
		// The bookmark is of today, and the service finds only what is after today.
		from := mark{Format: bookmarkFormat, Column: "updated_at", Watermark: r.clock.Now().Unix() - 60}.bookmark()
		second := r.read(incremental("users", "updated_at", from))[0]
		if !slices.Contains(second.ids, id) {
			t.Errorf("%s: a contact updated later the same day is missing", zone)
		}
		if len(first.ids) == 0 || len(second.ids) > 50 {
			t.Errorf("%s: %d rows read again", zone, len(second.ids))
		}
	}
}

func TestTrap02_RangesMeetWithoutGaps(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 22, Contacts: 2600, Conversations: 2500, Growth: -1}, nil)
	for _, name := range []string{"contacts", "conversations"} {
		whole := r.read(full(name))[0]
		legs := edgesOf(t, whole)
		if len(legs) < 2 {
			t.Fatalf("%s was read in %d ranges", name, len(legs))
		}
		var edge []string
		for _, l := range legs[1:] { // on both sides of every edge
			for _, at := range []int64{l.From - 1, l.From, l.From + 1} {
				id, err := r.world.Add(name, sandbox.Object{"created_at": at, "updated_at": at})
				if err != nil {
					t.Fatal(err)
				}
				edge = append(edge, id)
			}
		}
		point := resumePoint{Format: bookmarkFormat, Axis: "created_at", From: always, Total: -1} // nothing to compare with, nothing read again
		for _, l := range legs {
			point.Legs = append(point.Legs, leg{From: l.From, To: l.To, At: l.From, Created: always, Updated: always})
		}
		text, err := json.Marshal(point)
		if err != nil {
			t.Fatal(err)
		}
		same := full(name)
		same.Resume = stream.Bookmark(text)
		again := r.read(same)[0]
		sameIDs(t, name, again.ids, append(slices.Clone(whole.ids), edge...))
	}
}

// edgesOf are the ranges a read was made of.
func edgesOf(t *testing.T, g got) []leg {
	t.Helper()
	for _, p := range g.resumes {
		if p != "" {
			return parseResume(t, p).Legs
		}
	}
	return nil
}

func TestTrap03_RowsUpdatedDuringTheRun(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 23, Conversations: 1100, Contacts: 10, Growth: -1}, nil)
	started := r.clock.Now()
	touched, last, newest := "", "", int64(0)
	for _, o := range r.world.Rows("conversations") {
		if at := seconds(t, o["created_at"]); at > newest {
			newest, last = at, o["id"].(string)
		}
	}
	read := incremental("conversations", "updated_at", "")
	first := r.readUntil(t.Context(), func(b stream.Batch) bool {
		if touched == "" { // a row that was read already changes while the run goes on
			r.clock.advance(30 * time.Minute)
			touched = keysOf(t, b.Rows, []string{"id"})[0]
			if err := r.world.Update("conversations", touched, nil); err != nil {
				t.Fatal(err)
			}
			r.clock.advance(5 * time.Hour)
			// One that was not read yet changes later, and is read as it is then.
			if err := r.world.Update("conversations", last, nil); err != nil {
				t.Fatal(err)
			}
			r.clock.advance(5 * time.Hour)
		}
		return false
	}, read)[0]
	if m, _ := parseMark(first.next); m.Watermark > started.Unix() {
		t.Fatalf("the bookmark %s is past the run's start", first.next)
	}
	second := r.read(incremental("conversations", "updated_at", first.next))[0]
	if !slices.Contains(second.ids, touched) {
		t.Error("a conversation that changed during the first run is missing from the second")
	}
}

func TestTrap04_AllPartsOfEveryChangedConversation(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 24, Conversations: 60, Contacts: 10, Growth: -1}, nil)
	first := r.read(incremental("conversation_parts", "updated_at", ""))[0]
	sameIDs(t, "parts", first.ids, r.oracle("conversation_parts"))
	conversation := r.oracle("conversations")[5]
	r.clock.advance(time.Hour)
	// Parts whose own times are past arrive with a change of their conversation.
	if err := r.world.Update("conversations", conversation, sandbox.Object{"parts": 40}); err != nil {
		t.Fatal(err)
	}
	second := r.read(incremental("conversation_parts", "updated_at", first.next))[0]
	want := unseen(first.ids, r.oracle("conversation_parts"))
	if len(want) == 0 {
		t.Fatal("the conversation gained no part")
	}
	sameIDs(t, "new parts", unseen(first.ids, second.ids), want)
}

func TestTrap05_PartsHaveTheirOwnBookmark(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 25, Conversations: 80, Contacts: 10, Growth: -1}, nil)
	both := r.read(incremental("conversations", "updated_at", ""), incremental("conversation_parts", "updated_at", ""))
	r.clock.advance(time.Hour)
	id := r.oracle("conversations")[3]
	part, err := r.world.Reply(id, nil)
	if err != nil {
		t.Fatal(err)
	}
	// The conversations go ahead; the parts cannot be read for lack of a permission.
	r.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{{Path: "/conversations/" + id, Status: 403, Code: "forbidden"}}})
	mixed := r.read(incremental("conversations", "updated_at", both[0].next), incremental("conversation_parts", "updated_at", both[1].next))
	if mixed[0].err != nil || mixed[1].err == nil || mixed[1].next != "" && New().Compare(mixed[1].next, both[1].next) > 0 {
		t.Fatalf("conversations %v; parts %v, bookmark %s", mixed[0].err, mixed[1].err, mixed[1].next)
	}
	r.world.Behave(sandbox.Behaviour{})
	later := r.read(incremental("conversation_parts", "updated_at", both[1].next))[0]
	if !slices.Contains(later.ids, id+"/"+part) {
		t.Error("the part that could not be read is missing from the next run")
	}
}

func TestTrap06_SearchIndexLag(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 26, Contacts: 100, Growth: -1, Behaviour: sandbox.Behaviour{SearchLag: sandbox.Duration(20 * time.Minute)}}, nil)
	r.clock.advance(time.Hour)
	if _, err := r.world.Add("users", nil); err != nil {
		t.Fatal(err)
	}
	behind := r.clock.Now().Add(-2 * time.Minute).Unix()
	r.clock.advance(5 * time.Minute)
	late, err := r.world.Add("users", sandbox.Object{"created_at": behind, "updated_at": behind}) // the index learns of it after the one above
	if err != nil {
		t.Fatal(err)
	}
	r.clock.advance(17 * time.Minute)
	first := r.read(incremental("users", "created_at", ""))[0]
	if slices.Contains(first.ids, late) {
		t.Fatal("the index shows the contact already")
	}
	r.clock.advance(30 * time.Minute)
	next, err := r.world.Add("users", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.clock.advance(25 * time.Minute)
	second := r.read(incremental("users", "created_at", first.next))[0]
	if !slices.Contains(second.ids, late) || !slices.Contains(second.ids, next) {
		t.Error("a contact that the index showed late is missing")
	}
}

func TestTrap07_ManyRowsShareASecond(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 27, Contacts: 900, Conversations: 900, Growth: -1, Behaviour: sandbox.Behaviour{Ties: sandbox.Duration(200 * 24 * time.Hour)}}, nil)
	for _, name := range []string{"users", "conversations"} {
		g := r.read(incremental(name, "updated_at", ""))[0]
		sameIDs(t, name, g.ids, r.oracle(name))
		n := 0 // interrupted in the middle of a second, and resumed
		first := r.readUntil(t.Context(), func(stream.Batch) bool { n++; return n == 3 }, incremental(name, "updated_at", ""))[0]
		rest := incremental(name, "updated_at", "")
		rest.Resume = first.resumes[2]
		second := r.read(rest)[0]
		both := got{ids: append(first.ids, second.ids...)}
		sameIDs(t, name+" in two attempts", both.distinct(), r.oracle(name))
		if r.logs.has("fewer rows than announced; reading once more") {
			t.Errorf("%s: the second attempt did not go on where the first left off", name)
		}
	}
}

func TestTrap08_CompaniesComeThroughTheScroll(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 28, Companies: 10_050, Contacts: 10, Growth: -1}, nil)
	g := r.read(full("companies"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "companies beyond the list's ceiling", g.ids, r.oracle("companies"))
}

func TestTrap09_CompaniesWithoutUsers(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 29, Companies: 40, Contacts: -1, Growth: -1}, nil)
	g := r.read(full("companies"))[0]
	sameIDs(t, "companies nobody belongs to", g.ids, r.oracle("companies"))
}

func TestTrap10_TruncatedListsAreCompletedOrCounted(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 30, Contacts: 60, Conversations: 20, Growth: -1, Behaviour: sandbox.Behaviour{ManyTags: 3, ManyParts: 5}}, nil)
	tagged := r.read(full("contact_tags"))[0]
	sameIDs(t, "tags of contacts", tagged.ids, r.oracle("contact_tags"))
	parts := r.read(full("conversation_parts"))[0]
	if parts.err != nil || parts.final.Hidden == 0 || parts.final.Short() {
		t.Errorf("%v, %+v: the parts beyond 500 are hidden, not missing", parts.err, parts.final)
	}
	sameIDs(t, "parts that are shown", parts.ids, r.oracle("conversation_parts"))
}

func TestTrap11_TheStreamSaysWhatItHolds(t *testing.T) {
	// Messages nobody answered are no conversations in the API; nothing can be read of
	// them, so the number announced and the number received agree without them.
	r := newRig(t, sandbox.Options{Seed: 31, Conversations: 90, Contacts: 10, Growth: -1}, nil)
	g := r.read(full("conversations"))[0]
	n, err := r.session.Count(t.Context(), full("conversations"))
	if err != nil || g.final.Announced != n || g.final.Received != n {
		t.Errorf("count %d, %v; %+v", n, err, g.final)
	}
	d, _ := New().declaration("conversations")
	if !strings.Contains(d.Doc, "nobody answered") {
		t.Errorf("who reads %q expects messages that nobody answered too", d.Doc)
	}
}

func TestTrap12_MergedContactsVanishAndAreSkipped(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 32, Contacts: 60, Growth: -1, Behaviour: sandbox.Behaviour{Faults: []sandbox.Fault{{Path: "/contacts/", Method: "GET", Every: 7, Status: 410, Code: "contact_merged"}}}}, nil)
	g := r.read(full("contact_segments"))[0]
	if g.err != nil || g.final.Skipped != 8 {
		t.Errorf("%v, %+v: contacts merged since they were listed are counted as skipped", g.err, g.final)
	}
	ids := r.oracle("contacts")
	r.world.Behave(sandbox.Behaviour{})
	if err := r.world.Merge(ids[0], ids[1]); err != nil {
		t.Fatal(err)
	}
	g = r.read(full("contacts"))[0]
	sameIDs(t, "contacts after a merge", g.ids, r.oracle("contacts"))
	if !g.final.Whole || slices.Contains(g.ids, ids[0]) {
		t.Error("a whole read shows that the merged contact is gone")
	}
}

func TestTrap13_BookmarksAreVersioned(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 33, Contacts: 80, Growth: -1}, nil)
	for _, from := range []stream.Bookmark{`{"v":99,"c":"updated_at","w":1790000000}`, `1790000000`, `{`, `{"v":1,"c":"elsewhere","w":1790000000}`} {
		g := r.read(incremental("users", "updated_at", from))[0]
		if g.err != nil {
			t.Fatal(g.err)
		}
		sameIDs(t, "from a bookmark of another form", g.ids, r.oracle("users"))
	}
	read := full("users")
	read.Resume = `{"v":99,"legs":[{"from":1}]}`
	g := r.read(read)[0]
	sameIDs(t, "from a resume point of another form", g.ids, r.oracle("users"))
}

func TestTrap14_RefusalsAreNeverZeroRows(t *testing.T) {
	streams := []string{"users", "conversations", "conversation_parts", "tickets", "companies", "tags", "admins", "articles"}
	for _, c := range []struct {
		behaviour sandbox.Behaviour
		kind      providers.ErrorKind
	}{
		{sandbox.Behaviour{MissingScope: all(streams), ScopeStatus: 403}, providers.Forbidden},
		{sandbox.Behaviour{MissingScope: all(streams), ScopeStatus: 401}, providers.Forbidden},
		{sandbox.Behaviour{PlanRestricted: all(streams)}, providers.PlanLimit},
	} {
		r := newRig(t, sandbox.Options{Seed: 34, Contacts: 30, Growth: -1, Behaviour: c.behaviour}, nil)
		for _, name := range streams {
			g := r.read(full(name))[0]
			if g.err == nil || g.err.Kind != c.kind || len(g.ids) > 0 || g.final != nil {
				t.Errorf("%s: %v, %d rows, want %s", name, g.err, len(g.ids), c.kind)
				continue
			}
			if g.err.RequestID == "" || g.err.Stream != name || g.err.Detail == "" {
				t.Errorf("%s: the error lacks request id, stream or detail: %+v", name, g.err)
			}
		}
	}
}

// all are the streams and everything they are found through.
func all(streams []string) []string { return append([]string{"contacts"}, streams...) }
