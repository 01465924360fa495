package intercom

import (
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// unseen are the ids of later that earlier does not have: what a table inserts.
func unseen(earlier, later []string) []string {
	earlier = slices.Clone(earlier)
	slices.Sort(earlier)
	var out []string
	for _, id := range later {
		if _, ok := slices.BinarySearch(earlier, id); !ok {
			out = append(out, id)
		}
	}
	return out
}

func TestIncrementalFindsWhatWasCreatedSince(t *testing.T) {
	for _, name := range []string{"users", "leads", "contacts", "conversations"} {
		for _, version := range []string{"2.15", "2.16", "2.17"} {
			t.Run(name+" "+version, func(t *testing.T) {
				r := newRig(t, sandbox.Options{Seed: 2, Contacts: 400, Conversations: 300, Growth: -1}, setting.Values{"api_version": version})
				kind := name
				last := r.clock.Now().Add(-10 * time.Minute).Unix()
				if _, err := r.world.Add(kind, sandbox.Object{"created_at": last, "updated_at": last}); err != nil {
					t.Fatal(err)
				}
				first := r.read(incremental(name, "created_at", ""))[0]
				if first.err != nil || first.next == "" {
					t.Fatalf("first read: %v, bookmark %q", first.err, first.next)
				}
				sameIDs(t, "first read", first.ids, r.oracle(name))

				r.clock.advance(time.Hour)
				var want []string
				for _, at := range []int64{last, last, last + 1, last + 1800} {
					id, err := r.world.Add(kind, sandbox.Object{"created_at": at, "updated_at": at})
					if err != nil {
						t.Fatal(err)
					}
					want = append(want, id)
				}
				second := r.read(incremental(name, "created_at", first.next))[0]
				if second.err != nil || second.final.Whole {
					t.Fatalf("second read: %v, %+v", second.err, second.final)
				}
				sameIDs(t, "created since", unseen(first.ids, second.ids), want)
				if New().Compare(second.next, first.next) <= 0 {
					t.Errorf("the bookmark went from %s to %s", first.next, second.next)
				}
				third := r.read(incremental(name, "created_at", second.next))[0]
				if third.err != nil || third.next != second.next {
					t.Errorf("nothing is new: %v, bookmark %s after %s", third.err, third.next, second.next)
				}
				if again := unseen(append(first.ids, second.ids...), third.ids); len(again) != 0 {
					t.Errorf("%d rows are new where nothing is", len(again))
				}
			})
		}
	}
}

func TestIncrementalByUpdateFindsWhatChanged(t *testing.T) {
	for _, name := range []string{"users", "contacts", "conversations"} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{Seed: 3, Contacts: 400, Conversations: 300, Growth: -1}, nil)
			first := r.read(incremental(name, "updated_at", ""))[0]
			r.clock.advance(26 * time.Hour)
			want := []string{first.ids[3], first.ids[77]}
			for _, id := range want {
				if err := r.world.Update(name, id, sandbox.Object{"custom_attributes": map[string]any{"plan": "new"}}); err != nil {
					t.Fatal(err)
				}
			}
			second := r.read(incremental(name, "updated_at", first.next))[0]
			if second.err != nil {
				t.Fatal(second.err)
			}
			if missing := unseen(second.ids, want); len(missing) != 0 {
				t.Errorf("%d changed rows are missing", len(missing))
			}
			if len(second.ids) > 60 {
				t.Errorf("%d rows read for two that changed", len(second.ids))
			}
		})
	}
}

func TestLeadThatBecomesUserIsNewAmongUsers(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 4, Contacts: 200, Growth: -1}, nil)
	users := r.read(incremental("users", "created_at", ""))[0]
	lead := r.oracle("leads")[0]
	r.clock.advance(time.Hour)
	if err := r.world.Update("contacts", lead, sandbox.Object{"role": "user"}); err != nil {
		t.Fatal(err)
	}
	second := r.read(incremental("users", "created_at", users.next))[0]
	if got := unseen(users.ids, second.ids); !slices.Equal(got, []string{lead}) {
		t.Errorf("new among users: %v, want the lead %s", got, lead)
	}
}

func TestSinceAndUntilBoundByTheCursor(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 5, Contacts: 900, Conversations: 600, Growth: -1}, nil)
	since, until := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range []string{"users", "conversations"} {
		for _, cursor := range []string{"created_at", "updated_at"} {
			var late, between []string
			for _, o := range r.world.Rows(name) {
				at := seconds(t, o[cursor])
				if at >= since.Unix() {
					late = append(late, o["id"].(string))
					if at < until.Unix() {
						between = append(between, o["id"].(string))
					}
				}
			}
			read := incremental(name, cursor, "")
			read.Since = since
			g := r.read(read)[0]
			sameIDs(t, name+" since by "+cursor, g.ids, late)
			if g.err != nil || g.final.Whole || g.final.Short() {
				t.Errorf("%v, %+v", g.err, g.final)
			}
			back := incremental(name, cursor, g.next)
			back.Full, back.Since, back.Until = true, since, until
			b := r.read(back)[0]
			sameIDs(t, name+" backfill by "+cursor, b.ids, between)
			if b.next != g.next {
				t.Errorf("a backfill moved the bookmark from %s to %s", g.next, b.next)
			}
		}
	}
}

func TestBookmarkNeverPassesTheStart(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 6, Contacts: 50, Growth: -1}, nil)
	future := r.clock.Now().Add(1000 * time.Hour).Unix()
	if _, err := r.world.AddContact(sandbox.Object{"role": "user", "updated_at": future, "created_at": future}); err != nil {
		t.Fatal(err)
	}
	g := r.read(incremental("users", "updated_at", ""))[0]
	m, ok := parseMark(g.next)
	if !ok || m.Watermark != r.clock.Now().Unix() {
		t.Errorf("bookmark %s, want the start %d", g.next, r.clock.Now().Unix())
	}
}

func TestFilterIsHandedToTheSearch(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 7, Contacts: 300, Conversations: 200, Growth: -1}, nil)
	read := full("conversations")
	read.Settings["filter"] = map[string]any{"state": "closed"}
	g := r.read(read)[0]
	var want []string
	for _, o := range r.world.Rows("conversations") {
		if o["state"] == "closed" {
			want = append(want, o["id"].(string))
		}
	}
	sameIDs(t, "closed conversations", g.ids, want)
	bad := full("tags")
	bad.Settings["filter"] = map[string]any{"name": "x"}
	if g := r.read(bad)[0]; g.err == nil || g.err.Kind != providers.Setting {
		t.Errorf("a filter on a list is refused, got %v", g.err)
	}
}

func TestReadsOfOneQueryShareTheirRequests(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 8, Contacts: 600, Growth: -1}, nil)
	older := r.read(incremental("users", "updated_at", ""))[0]
	alone := r.session.Calls().Requests
	r.clock.advance(time.Hour)
	newer := mark{Format: bookmarkFormat, Column: "updated_at", Watermark: r.clock.Now().Unix()}.bookmark()
	got := r.read(incremental("users", "updated_at", older.next), incremental("users", "updated_at", newer))
	if calls := r.session.Calls().Requests - alone; calls != 1 {
		t.Errorf("%d requests for two reads of one query, want 1", calls)
	}
	if len(got[0].ids) == 0 || got[1].next != newer || got[0].next != older.next {
		t.Errorf("each read applies its own bookmark: %d rows, %s, %s", len(got[0].ids), got[0].next, got[1].next)
	}
}

func TestManyRangesGiveTheSameRows(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 9, Contacts: 3700, Conversations: 2600, Growth: -1}, nil)
	for _, name := range []string{"contacts", "conversations"} {
		g := r.read(full(name))[0]
		sameIDs(t, name, g.ids, r.oracle(name))
		if g.err != nil || g.final.Short() || g.final.Proof == "" {
			t.Errorf("%s: %v, %+v", name, g.err, g.final)
		}
		if s := r.world.Stats(); s.MaxConcurrent < 2 {
			t.Errorf("%s was read one request at a time", name)
		}
		again := r.read(full(name))[0]
		if !slices.Equal(again.ids, g.ids) {
			t.Errorf("%s: the order of rows differs between two reads", name)
		}
	}
}

func TestInterruptedReadGoesOn(t *testing.T) {
	for _, total := range []int{700, 3000} {
		r := newRig(t, sandbox.Options{Seed: 10, Contacts: -1, Conversations: total, Growth: -1}, nil)
		before := r.session.Calls().Requests
		whole := r.read(full("conversations"))[0]
		calls := r.session.Calls().Requests - before
		n := 0
		first := r.readUntil(t.Context(), func(b stream.Batch) bool { n++; return n == len(whole.batches)/2 }, full("conversations"))[0]
		point := first.resumes[len(first.resumes)-1]
		if point == "" {
			t.Fatal("a read in verified order can be resumed anywhere")
		}
		rest := full("conversations")
		rest.Resume = point
		before = r.session.Calls().Requests
		second := r.read(rest)[0]
		if second.err != nil || second.final.Short() || !second.final.Whole || second.final.Received != int64(total) {
			t.Errorf("resumed: %v, %+v", second.err, second.final)
		}
		all := append(slices.Clone(first.ids), second.ids...)
		slices.Sort(all)
		sameIDs(t, "both attempts", slices.Compact(all), whole.ids)
		if more := r.session.Calls().Requests - before; more > calls*3/4 {
			t.Errorf("%d requests after half of the %d were made", more, calls)
		}
	}
}

func seconds(t *testing.T, v any) int64 {
	t.Helper()
	n, ok := v.(interface{ Int64() (int64, error) })
	if !ok {
		t.Fatalf("%v is no number", v)
	}
	s, err := n.Int64()
	if err != nil {
		t.Fatal(err)
	}
	return s
}
