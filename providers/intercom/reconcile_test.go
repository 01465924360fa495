package intercom

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// dropping leaves the conversations with these ids out of a page.
func dropping(t *testing.T, body []byte, ids []string) ([]byte, int) {
	t.Helper()
	if !slices.ContainsFunc(ids, func(id string) bool { return bytes.Contains(body, []byte(`"`+id+`"`)) }) {
		return body, 0
	}
	var page map[string]json.RawMessage
	var list, kept []json.RawMessage
	if json.Unmarshal(body, &page) != nil || json.Unmarshal(page["conversations"], &list) != nil {
		return body, 0
	}
	for _, e := range list {
		var o struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(e, &o) != nil || !slices.Contains(ids, o.ID) {
			kept = append(kept, e)
		}
	}
	if len(kept) == len(list) {
		return body, 0
	}
	text, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	page["conversations"] = text
	out, err := json.Marshal(page)
	if err != nil {
		t.Fatal(err)
	}
	return out, len(list) - len(kept)
}

func TestAShortReadIsMendedWhereItIsShort(t *testing.T) {
	const all = 3000
	for name, c := range map[string]struct {
		lost  []int // of the oracle
		again bool  // also when they are asked for once more
	}{
		"one row":                   {lost: []int{1300}},
		"the first":                 {lost: []int{0}},
		"the last":                  {lost: []int{all - 1}},
		"two far apart":             {lost: []int{10, 2900}},
		"one that never comes":      {lost: []int{1300}, again: true},
		"neighbours, most of a day": {lost: []int{2000, 2001, 2002, 2003}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.lost[0] != 1300 && os.Getenv("INLAY_LONG") == "" {
				t.Skip("one lost row in the middle will do; INLAY_LONG=1 runs all")
			}
			r := newRig(t, sandbox.Options{Seed: 65, Conversations: all, Contacts: 5, Growth: -1}, nil)
			ids := r.oracle("conversations")
			var lost []string
			for _, i := range c.lost {
				lost = append(lost, ids[i])
			}
			left := len(lost)
			r.edited(func(where string, _ int, body []byte) []byte {
				if where != "POST /conversations/search" || left == 0 && !c.again {
					return body
				}
				body, n := dropping(t, body, lost)
				left -= n
				return body
			})
			g := r.read(full("conversations"))[0]
			if g.err != nil || g.final.Short() != c.again || g.final.Announced != all {
				t.Fatalf("%v, %+v", g.err, g.final)
			}
			want := ids
			if c.again {
				want = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(lost, id) })
			}
			sameIDs(t, "conversations", g.distinct(), want)
			// A whole read takes 20 pages and some counts; reading it twice would take 40.
			if calls := r.session.Calls().Requests; calls > 39 {
				t.Errorf("%d requests", calls)
			}
		})
	}
}

func TestDaysBeginAtMidnight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Int64Range(-1e11, 1e11).Draw(t, "second")
		d := dayOf(at)
		if d > at || at-d >= day || time.Unix(d, 0).UTC().Format("15:04:05") != "00:00:00" {
			t.Fatalf("the day of %d begins at %d", at, d)
		}
	})
}
