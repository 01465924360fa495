package intercom

import (
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

var (
	_ providers.Provider  = (*Provider)(nil)
	_ providers.Bookmarks = (*Provider)(nil)
)

func TestFullReadsGiveEveryRowOnce(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 1, Contacts: 700, Conversations: 300}, nil)
	for _, name := range []string{"users", "leads", "contacts", "conversations", "tags", "segments"} {
		g := r.read(full(name))[0]
		if g.err != nil {
			t.Fatalf("%s: %v", name, g.err)
		}
		sameIDs(t, name, g.ids, r.oracle(name))
		if g.final == nil || g.final.Short() || !g.final.Whole {
			t.Errorf("%s ends with %+v", name, g.final)
		}
	}
}

func TestOpenStartsTheSandbox(t *testing.T) {
	c := newClock()
	s, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.demo", World: (&rig{clock: c, logs: &logs{}}).outside(),
		Settings: setting.Values{"sandbox": map[string]any{"contacts": int64(30), "conversations": int64(0), "seed": int64(7), "growth": "1h"}}})
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Identity(t.Context())
	if err != nil || w.ID == "" || w.Timezone != "America/Los_Angeles" {
		t.Errorf("identity %+v, %v", w, err)
	}
	r := &rig{t: t, clock: c, logs: &logs{}, session: s}
	if g := r.read(full("conversations"))[0]; g.err != nil || len(g.ids) != 0 || g.final == nil {
		t.Errorf("no conversations were asked for: %d rows, %v", len(g.ids), g.err)
	}
	if n, err := s.Count(t.Context(), full("contacts")); err != nil || n < 30 {
		t.Errorf("count %d, %v", n, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
