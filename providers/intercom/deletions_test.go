package intercom

import (
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

// deletions are the keys that a read said are gone.
func deletions(g got) []string {
	var out []string
	for _, b := range g.batches {
		for _, k := range b.Deleted {
			out = append(out, k[0])
		}
	}
	return out
}

func watchful(from got) providers.Read {
	r := incremental("conversations", "updated_at", from.next)
	r.Deletions = true
	return r
}

func TestAReadOfWhatIsNewTellsWhatWasDeleted(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 71, Conversations: 300, Contacts: 10, Growth: -1}, nil)
	first := r.read(watchful(got{}))[0]
	if first.err != nil || len(deletions(first)) != 0 {
		t.Fatalf("%v; a read of everything tells %d deletions", first.err, len(deletions(first)))
	}
	r.clock.advance(2 * time.Hour)
	gone := []string{first.ids[7], first.ids[200]}
	for _, id := range gone {
		if err := r.world.Delete("conversations", id); err != nil {
			t.Fatal(err)
		}
	}
	plain := incremental("conversations", "updated_at", first.next)
	if g := r.read(plain)[0]; g.err != nil || len(deletions(g)) != 0 {
		t.Errorf("%v; %d deletions that nobody asked for", g.err, len(deletions(g)))
	}
	before := r.session.Calls().Requests
	second := r.read(watchful(first))[0]
	if second.err != nil || second.next == first.next {
		t.Fatalf("%v, bookmark %s", second.err, second.next)
	}
	sameIDs(t, "deleted since", deletions(second), gone)
	if calls := r.session.Calls().Requests - before; calls != 2 {
		t.Errorf("%d requests for what is new and what is gone, want 2", calls)
	}
	before = r.session.Calls().Requests
	two := r.read(watchful(first), watchful(first))
	sameIDs(t, "told to both of two targets", append(deletions(two[0]), deletions(two[1])...), append(gone, gone...))
	if calls := r.session.Calls().Requests - before; calls != 2 {
		t.Errorf("%d requests for two targets of one source, want 2", calls)
	}
	r.clock.advance(10 * time.Hour)
	third := r.read(watchful(second))[0]
	if third.err != nil || third.next != second.next || len(deletions(third)) > len(gone) {
		t.Errorf("nothing is new: %v, bookmark %s after %s, %d deletions", third.err, third.next, second.next, len(deletions(third)))
	}
}

// A table that begins to ask for deletions later hears of all there were.
func TestDeletionsAskedForLater(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 72, Conversations: 100, Contacts: 10, Growth: -1}, nil)
	first := r.read(incremental("conversations", "updated_at", ""))[0]
	r.clock.advance(time.Hour)
	if err := r.world.Delete("conversations", first.ids[3]); err != nil {
		t.Fatal(err)
	}
	r.clock.advance(1000 * time.Hour)
	g := r.read(watchful(first))[0]
	if g.err != nil || !slices.Contains(deletions(g), first.ids[3]) {
		t.Errorf("%v; deletions %v lack %s", g.err, deletions(g), first.ids[3])
	}
}

func TestDeletionsThatAreRefusedEndTheRead(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 73, Conversations: 100, Contacts: 10, Growth: -1}, nil)
	first := r.read(watchful(got{}))[0]
	r.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{{Path: "/conversations/deleted", Status: 403, Code: "forbidden"}}})
	g := r.read(watchful(first))[0]
	if g.err == nil || g.err.Kind != providers.Forbidden || g.final != nil || g.err.Stream != "conversations" {
		t.Errorf("%v, want forbidden", g.err)
	}
}

func TestOnlyVersionsWithTheFeedOfferIt(t *testing.T) {
	for version, want := range map[string]bool{"2.15": false, "2.16": true} {
		for _, s := range New().Streams(setting.Values{"api_version": version}) {
			if s.DeletionFeed != (want && s.Name == "conversations") {
				t.Errorf("%s of %s: a deletion feed %v", s.Name, version, s.DeletionFeed)
			}
		}
	}
	r := newRig(t, sandbox.Options{Seed: 74, Conversations: 30, Contacts: 10, Growth: -1}, setting.Values{"api_version": "2.15"})
	first := r.read(watchful(got{}))[0]
	if g := r.read(watchful(first))[0]; g.err != nil || len(deletions(g)) != 0 {
		t.Errorf("a version without the feed: %v", g.err)
	}
}

func TestDeletedConversationsStopAtWhatIsKnown(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 75, Conversations: 400, Contacts: 10, Growth: -1}, nil)
	ids := r.oracle("conversations")
	for _, id := range ids[:250] {
		if err := r.world.Delete("conversations", id); err != nil {
			t.Fatal(err)
		}
		r.clock.advance(time.Minute)
	}
	feed := func(from got) providers.Read { return incremental("deleted_conversations", "deleted_at", from.next) }
	first := r.read(feed(got{}))[0]
	if first.err != nil || !first.final.Whole || first.final.Short() {
		t.Fatalf("%v, %+v", first.err, first.final)
	}
	sameIDs(t, "deletions", first.ids, r.oracle("deleted_conversations"))
	r.clock.advance(5 * time.Hour)
	if err := r.world.Delete("conversations", ids[300]); err != nil {
		t.Fatal(err)
	}
	before := r.session.Calls().Requests
	second := r.read(feed(first))[0]
	if second.err != nil || second.final.Whole || second.final.Proof == "" || second.final.Announced != -1 {
		t.Fatalf("%v, %+v", second.err, second.final)
	}
	sameIDs(t, "since", unseen(first.ids, second.ids), []string{ids[300]})
	if calls := r.session.Calls().Requests - before; calls > 2 {
		t.Errorf("%d requests of a list of 250, newest first", calls)
	}
}
