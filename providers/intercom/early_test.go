package intercom

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

func TestFollowing(t *testing.T) {
	long := strings.Repeat(" ", 4<<10)
	for body, want := range map[string]string{
		``: "",
		`{"data":[],"pages":{"next":{"page":2,"starting_after":"abc"}}}`:    "abc",
		`{"pages":{"next":{"starting_after" : "abc="}},"total_count":7}`:    "abc=",
		`{"pages":{"next":{"starting_after":"abc"}},"data":[` + long + `]}`: "", // too far from the end
		`{"pages":{"next":{"starting_after":null}}}`:                        "",
		`{"pages":{"next":{"starting_after":"a\"b"}}}`:                      "",
		`{"pages":{"next":{"starting_after":"cut`:                           "",
		`{"pages":{"next":null}}`:                                           "",
	} {
		if got := following([]byte(body)); got != want {
			t.Errorf("%.60s: %q, want %q", body, got, want)
		}
	}
}

// Pages that are asked for early are the pages that come next, and no others.
func TestEarlyPagesCostNothing(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 71, Contacts: 10, Conversations: 1_000, Growth: -1}, nil)
	g := r.read(full("conversations"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "conversations", g.ids, r.oracle("conversations"))
	if n := r.world.Stats().Requests; n != 7 {
		t.Errorf("%d requests for seven pages", n)
	}
}

// What only looks like the next page's token misleads nobody.
func TestMisleadingEndsOfPages(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 72, Contacts: 10, Conversations: 1_000, Growth: -1}, nil)
	var misled atomic.Int64
	r.edited(func(where string, n int, body []byte) []byte {
		if where != "POST /conversations/search" || body[len(body)-1] != '}' {
			return body
		}
		misled.Add(1)
		return append(body[:len(body)-1], `,"note":{"starting_after":"WzEsIngiLDJd"}}`...)
	})
	g := r.read(full("conversations"))[0]
	if g.err != nil {
		t.Fatal(g.err)
	}
	sameIDs(t, "conversations", g.ids, r.oracle("conversations"))
	if misled.Load() < 7 {
		t.Errorf("only %d pages mislead", misled.Load())
	}
}
