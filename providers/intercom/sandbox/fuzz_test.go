package sandbox

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// FuzzSearchBody: whatever a client posts, a search answers 200 or 400 in JSON.
func FuzzSearchBody(f *testing.F) {
	for _, seed := range []string{
		`{}`, `[]`, `null`, `{"query":{"field":"created_at","operator":">","value":"1306054154"}}`,
		`{"query":{"operator":"AND","value":[{"field":"role","operator":"=","value":"user"},{"operator":"OR","value":[{"field":"updated_at","operator":"<","value":1}]}]},"sort":{"field":"updated_at","order":"ascending"},"pagination":{"per_page":2,"starting_after":"WzE3NzI2MzMzNzcwMDAsIjY3NTcwYTg3OGI2ZTI2ZmU0Y2U2YTg5NCIsMl0="}}`,
		`{"query":{"field":"custom_attributes.plan","operator":"IN","value":[]}}`,
		`{"query":{"field":"created_at","operator":"=","value":9223372036854775807}}`,
		`{"query":{"field":"name","operator":"~","value":null},"pagination":null}`,
	} {
		f.Add(seed)
	}
	w := New(Options{Contacts: 20, Conversations: 10, RateLimit: 1 << 30, Now: func() time.Time { return testNow }})
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/contacts/search", "/conversations/search"} {
			r := httptest.NewRequest("POST", path, strings.NewReader(body))
			r.Header.Set("Authorization", "Bearer sandbox")
			r.Header.Set("Content-Type", "application/json")
			rec := httptest.NewRecorder()
			w.ServeHTTP(rec, r)
			if _, err := decoded(rec.Body.Bytes()); err != nil || rec.Code != 200 && rec.Code != 400 {
				t.Errorf("%s: %d %s", path, rec.Code, rec.Body)
			}
		}
	})
}

// FuzzCursor: a cursor is read back as it was written, and nothing else panics.
func FuzzCursor(f *testing.F) {
	f.Add("WzE3NzI2MzMzNzcwMDAsIjY3NTcwYTg3OGI2ZTI2ZmU0Y2U2YTg5NCIsMl0=", int64(1772633377), "67570a878b6e26fe4ce6a894", 2)
	f.Add("W10=", int64(-5), "quote\" and \\", 3)
	f.Fuzz(func(t *testing.T, cursor string, value int64, id string, page int) {
		parsePosition(cursor)
		p := position{value % (1 << 50), strings.ToValidUTF8(id, "?"), page%1000 + 1002}
		if id == "" {
			p.value = 0
		}
		if got, valid := parsePosition(p.String()); !valid || got != p {
			t.Errorf("%+v was read back as %+v", p, got)
		}
	})
}

// FuzzOverlaid: an overlaid object stays JSON.
func FuzzOverlaid(f *testing.F) {
	f.Add(`{"a":1,"b":{"c":[]}}`, "b")
	f.Add(`{"a":1,"a":2}`, "a")
	f.Fuzz(func(t *testing.T, object, name string) {
		if _, err := members([]byte(object)); err != nil {
			return
		}
		out := overlaid(nil, []byte(object), []field{{strings.ToValidUTF8(name, "?"), []byte(`"new"`)}})
		if _, err := decoded(out); err != nil {
			t.Errorf("%s became %s: %v", object, out, err)
		}
	})
}
