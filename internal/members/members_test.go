package members_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/inlay-sync/inlay/internal/members"
)

// collect puts the members together by their texts.
func collect(text []byte) (map[string]json.RawMessage, bool) {
	got := map[string]json.RawMessage{}
	ok := members.Each(text, func(name string, value []byte) bool {
		got[name] = value
		return true
	})
	return got, ok
}

// FuzzEach holds what is found in valid JSON against encoding/json; nothing panics or hangs.
func FuzzEach(f *testing.F) {
	for _, s := range []string{
		`{}`, ` { "a" : 1 , "b":"x" } `, `{"a":{"b":[1,{"c":"]}"}]},"d":"\"\\\\"}`, `{"a":"\\","b":[],"c":{}}`, `{"a\n":1}`, `{"a":"\\\"}"}`,
		`{"a":true,"b":null,"c":-1.5e3}`, `[]`, `{`, `{"a"`, `{"a":`, `{"a":"`, `{"a":"\`, `{"a":1}x`, `{"a":1,}`, `"a"`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, ok := collect(text)
		var want map[string]json.RawMessage
		if json.Unmarshal(text, &want) != nil || want == nil || !utf8.Valid(text) {
			return // anything goes
		}
		if !ok {
			t.Fatalf("%q was not understood", text)
		}
		if !maps.EqualFunc(got, want, func(a, b json.RawMessage) bool { return bytes.Equal(a, b) }) {
			t.Fatalf("%q: %q, and it should be %q", text, got, want)
		}
	})
}

func TestValues(t *testing.T) {
	at := time.Date(2026, 11, 23, 1, 2, 3, 4, time.UTC)
	text, err := json.Marshal(map[string]any{"s": "é x", "n": -12, "b": true, "f": false, "t": at, "e": nil})
	if err != nil {
		t.Fatal(err)
	}
	got, ok := collect(text)
	if !ok || len(got) != 6 {
		t.Fatalf("%v %v", got, ok)
	}
	if s, ok := members.String(got["s"]); !ok || s != "é x" {
		t.Errorf("%q %v", s, ok)
	}
	if n, ok := members.Int(got["n"]); !ok || n != -12 {
		t.Errorf("%d %v", n, ok)
	}
	for name, want := range map[string]bool{"b": true, "f": false} {
		if is, ok := members.Bool(got[name]); !ok || is != want {
			t.Errorf("%s: %v %v", name, is, ok)
		}
	}
	if v, ok := members.Time(got["t"]); !ok || !v.Equal(at) {
		t.Errorf("%v %v", v, ok)
	}
	for text, want := range map[string]string{`"a\"b\\"`: `a"b\`, `"\u00e9\n"`: "é\n"} {
		if s, ok := members.String([]byte(text)); !ok || s != want {
			t.Errorf("%s: %q %v", text, s, ok)
		}
	}
	if s, ok := members.String([]byte(`"\"`)); ok {
		t.Errorf("a text that does not end is one: %q", s)
	}
	if n, ok := members.Int(got["s"]); ok {
		t.Errorf("a text is no number: %d", n)
	}
}
