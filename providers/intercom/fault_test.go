package intercom

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// endpoint is one kind of endpoint, with a stream that is read through it and the path to
// spoil.
type endpoint struct{ kind, stream, path string }

func endpoints() []endpoint {
	return []endpoint{
		{"search", "users", "/contacts/search"},
		{"search by the second", "conversations", "/conversations/search"},
		{"hydrate", "conversation_parts", "/conversations/"},
		{"list", "tags", "/tags"},
		{"numbered list", "articles", "/articles"},
		{"token list", "macros", "/macros"},
		{"scroll", "companies", "/companies/scroll"},
		{"list under an object", "company_segments", "/companies/6"},
	}
}

// Every fault at every kind of endpoint, once and for ever: what happens once is survived
// with exactly the right rows, what stays ends in an error of the right kind and is never
// mistaken for an empty answer.
func TestFaultsAtEveryKindOfEndpoint(t *testing.T) {
	type fault struct {
		sandbox.Fault
		kind providers.ErrorKind
	}
	faults := []fault{
		{sandbox.Fault{Kind: sandbox.FaultEmpty}, providers.Malformed},
		{sandbox.Fault{Kind: sandbox.FaultHTML}, providers.Malformed},
		{sandbox.Fault{Kind: sandbox.FaultResetBefore}, providers.Unavailable},
		{sandbox.Fault{Kind: sandbox.FaultResetBody}, providers.Unavailable},
		{sandbox.Fault{Kind: sandbox.FaultShort}, providers.Unavailable},
		{sandbox.Fault{Kind: sandbox.FaultCutGzip}, providers.Unavailable},
		{sandbox.Fault{Kind: sandbox.FaultBadGzip}, providers.Unavailable},
		{sandbox.Fault{Kind: sandbox.FaultCutJSON}, providers.Malformed},
		{sandbox.Fault{Kind: sandbox.FaultBadJSON}, providers.Malformed},
	}
	for _, status := range []int{408, 425, 500, 502, 503, 504} {
		faults = append(faults, fault{sandbox.Fault{Status: status, Body: "html"}, providers.Unavailable})
	}
	faults = append(faults, fault{sandbox.Fault{Status: 429, Code: "rate_limit_exceeded"}, providers.RateLimited})
	for at, e := range endpoints() {
		r := newRig(t, sandbox.Options{Seed: 81, Contacts: 200, Conversations: 30, Companies: 220, Articles: 170, Growth: -1}, nil)
		want := r.oracle(e.stream)
		for i, f := range faults {
			if testing.Short() && (at+i)%4 != 0 {
				continue // every fault at two endpoints
			}
			f.Path = e.path
			t.Run(fmt.Sprintf("%s %s%d", e.kind, f.Kind, f.Status), func(t *testing.T) {
				r.clock.advance(2 * time.Minute) // what an earlier case left open is over
				once := f.Fault
				once.Nth = 2
				if e.stream == "tags" {
					once.Nth = 1
				}
				r.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{once}})
				if g := r.read(full(e.stream))[0]; g.err != nil || g.final == nil || g.final.Short() {
					t.Errorf("once: %v", g.err)
				} else {
					sameIDs(t, "once", g.ids, want)
				}
				r.clock.advance(2 * time.Minute)
				r.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{f.Fault}})
				g := r.read(full(e.stream))[0]
				if g.err == nil || g.err.Kind != f.kind || g.final != nil || g.err.Stream != e.stream {
					t.Errorf("for ever: %+v, want %s", g.err, f.kind)
				}
			})
		}
		r.world.Behave(sandbox.Behaviour{})
		sameIDs(t, e.kind+" afterwards", r.read(full(e.stream))[0].ids, want)
	}
}

// A service that means harm: each ends in an error that says so.
func TestHostileAnswers(t *testing.T) {
	for _, e := range endpoints() {
		r := newRig(t, sandbox.Options{Seed: 82, Contacts: 40, Conversations: 30, Companies: 120, Articles: 400, Growth: -1}, nil)
		for _, f := range []sandbox.Fault{
			{Kind: sandbox.FaultBomb},
			{Kind: sandbox.FaultRedirect, To: "https://elsewhere.example/"},
			{Kind: sandbox.FaultRedirect, To: "http://127.0.0.1:1/"},
		} {
			if f.Kind == sandbox.FaultBomb && (e.kind != "search" || testing.Short()) && os.Getenv("INLAY_LONG") == "" {
				continue // a gigabyte each
			}
			f.Path = e.path
			r.world.Behave(sandbox.Behaviour{Faults: []sandbox.Fault{f}})
			if g := r.read(full(e.stream))[0]; g.err == nil || g.err.Kind != providers.Untrusted {
				t.Errorf("%s, %s: %v, want untrusted", e.kind, f.Kind, g.err)
			}
		}
	}
	r := newRig(t, sandbox.Options{Seed: 82, Articles: 400, Growth: -1, Behaviour: sandbox.Behaviour{NextHost: "https://elsewhere.example"}}, nil)
	if g := r.read(full("articles"))[0]; g.err == nil || g.err.Kind != providers.Untrusted {
		t.Errorf("a next page elsewhere: %v, want untrusted", g.err)
	}
	for name, b := range map[string]sandbox.Behaviour{
		"deep nesting": {DeepNesting: 100_000},
	} {
		r := newRig(t, sandbox.Options{Seed: 83, Contacts: 20, Growth: -1, Behaviour: b}, nil)
		if g := r.read(full("users"))[0]; g.err == nil || g.err.Kind != providers.Malformed {
			t.Errorf("%s: %v, want malformed", name, g.err)
		}
	}
}

// What is odd and harmless changes nothing about the rows.
func TestOddAnswers(t *testing.T) {
	for name, b := range map[string]sandbox.Behaviour{
		"duplicate pages": {DuplicatePages: true}, "null next": {NullNext: true}, "shrinking total": {ShrinkTotal: 3},
		"rows that move": {MoveRows: true}, "type flips": {TypeFlips: 3}, "unknown fields": {UnknownFields: true},
		"duplicate keys": {DuplicateKeys: 2}, "huge field": {HugeField: 1 << 20}, "a clock a year behind": {ClockSkew: sandbox.Duration(-8760 * 3600e9)},
		"spikes": {SpikeEvery: 7, Spike: sandbox.Duration(1e6)},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name != "rows that move" && name != "spikes" {
				t.Skip("what is odd in an answer is told apart by one goroutine")
			}
			r := newRig(t, sandbox.Options{Seed: 84, Contacts: 250, Conversations: 170, Growth: -1, Behaviour: b}, nil)
			for _, stream := range []string{"users", "conversations"} {
				for _, read := range []providers.Read{full(stream), incremental(stream, "updated_at", "")} {
					g := r.read(read)[0]
					if g.err != nil || g.final.Short() {
						t.Fatalf("%s: %v, %+v", stream, g.err, g.final)
					}
					if ids := g.ids; name == "rows that move" { // a row that changed is given again, as it is now
						sameIDs(t, stream, g.distinct(), r.oracle(stream))
					} else {
						sameIDs(t, stream, ids, r.oracle(stream))
					}
				}
			}
		})
	}
}

// A service that announces more than it gives is not believed: the read is short, and
// what did come is told.
func TestHiddenRowsAreNoticed(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 85, Contacts: 400, Conversations: 300, Articles: 200, Growth: -1, Behaviour: sandbox.Behaviour{HiddenRows: 50}}, nil)
	for _, name := range []string{"users", "conversations"} {
		g := r.read(full(name))[0]
		if g.err != nil || g.final == nil || !g.final.Short() {
			t.Fatalf("%s: %v, %+v", name, g.err, g.final)
		}
		if n := int64(len(r.oracle(name))); g.final.Announced != n || g.final.Received != int64(len(g.distinct())) || len(slices.Compact(g.distinct())) == int(n) {
			t.Errorf("%s: %+v of %d", name, g.final, n)
		}
		if !r.logs.has("fewer rows than announced; reading once more") {
			t.Error("it was not read once more")
		}
	}
}
