package report

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestHuman(t *testing.T) {
	for got, want := range map[string]string{
		Count(0): "0", Count(999): "999", Count(-1000): "-1,000", Count(1234567): "1,234,567",
		Bytes(1023): "1023 B", Bytes(1024): "1.0 KiB", Bytes(1<<20 - 1): "1.0 MiB", Bytes(5 << 40): "5.0 TiB",
		Duration(800 * time.Millisecond): "0.8s", Duration(245 * time.Second): "4m 05s",
		Duration(26 * time.Hour): "26h 00m", Duration(50 * time.Hour): "2d 2h",
		Plural(1, "row"): "1 row", Plural(2, "entry"): "2 entries", Plural(2, "address"): "2 addresses", Plural(0, "row"): "0 rows",
		Value(nil): "(not set)", Value("a\n"): `"a\n"`, Value([]any{"a", int64(1), true}): `["a", 1, true]`,
		Value(map[string]any{"b": 2.5, "a": nil, "c": "x"}): `{b = 2.5, c = "x"}`,
		Rate(10, 0): "", Rate(10000, 2*time.Second): "5,000 rows/s",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCleanAndCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		clean := Clean(text)
		if Clean(clean) != clean {
			t.Fatalf("%q is cleaned further", clean)
		}
		if strings.ContainsAny(clean, "\x1b\x07\u009b\u202e") {
			t.Fatalf("%q", clean)
		}
		n := rapid.IntRange(1, 30).Draw(t, "n")
		if got := columnsOf(cut(clean, n)); got > n {
			t.Fatalf("%d columns, not %d", got, n)
		}
		if joined := strings.Join(wrap(clean, n), " "); strings.Join(strings.Fields(joined), " ") != strings.Join(strings.Fields(clean), " ") {
			t.Fatalf("wrapping changes the words: %q, %q", clean, joined)
		}
	})
}
