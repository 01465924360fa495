package intercom

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// without leaves elements out of the list of parts of an answer, and puts their number at
// announced where it is not negative.
func without(t *testing.T, body []byte, drop, announced int) []byte {
	t.Helper()
	var c map[string]any
	if err := json.Unmarshal(body, &c); err != nil {
		t.Fatal(err)
	}
	list, ok := c["conversation_parts"].(map[string]any)
	if !ok {
		return body
	}
	parts := list["conversation_parts"].([]any)
	list["conversation_parts"] = parts[min(drop, len(parts)):]
	if announced >= 0 {
		list["total_count"] = announced
	}
	out, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func onePart(where string) bool {
	return strings.HasPrefix(where, "GET /conversations/") && !strings.HasSuffix(where, "/deleted")
}

func TestPartsAreHeldAgainstTheStatistics(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(n int, body []byte) []byte
		short bool
	}{
		"shown whole":                     {edit: func(_ int, b []byte) []byte { return b }},
		"one was missing at first":        {edit: func(n int, b []byte) []byte { return without(t, b, max(0, 2-n), -1) }},
		"its list says so itself":         {edit: func(_ int, b []byte) []byte { return without(t, b, 1, -1) }, short: true},
		"the statistics alone count more": {edit: func(_ int, b []byte) []byte { return without(t, b, 1, 0) }, short: true},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{Seed: 64, Conversations: 30, Contacts: 5, Growth: -1}, nil)
			r.edited(func(where string, n int, body []byte) []byte {
				if !onePart(where) {
					return body
				}
				return c.edit(n, body)
			})
			g := r.read(full("conversation_parts"))[0]
			if g.err != nil || g.final.Short() != c.short || g.final.Hidden != 0 {
				t.Fatalf("%v, %+v", g.err, g.final)
			}
			if all := int64(len(r.oracle("conversation_parts"))); g.final.Announced != all || g.final.Received != int64(len(g.ids)) {
				t.Errorf("%+v for %d rows of %d", g.final, len(g.ids), all)
			}
			if !c.short {
				sameIDs(t, "parts", g.ids, r.oracle("conversation_parts"))
			}
		})
	}
}
