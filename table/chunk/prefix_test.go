package chunk

import (
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/format"
	"pgregory.net/rapid"
)

func textColumn(texts []string) *column {
	c := &column{store: inText, tools: &Tools{}}
	for _, s := range texts {
		c.string(s)
	}
	return c
}

// TestTextsThatBeginAlike holds the choice between the two encodings of texts.
func TestTextsThatBeginAlike(t *testing.T) {
	for _, one := range []struct {
		texts string
		want  format.Encoding
	}{
		{"67241c498661 67241c49b3a1 67241c4a0001", format.DeltaByteArray},
		{"apple banana cherry", format.DeltaLengthByteArray},
		{"apple", format.DeltaLengthByteArray},
		{"", format.DeltaLengthByteArray},
	} {
		if got, err := textColumn(strings.Fields(one.texts)).encode(); got != one.want || err != nil {
			t.Errorf("%q: %v, %v", one.texts, got, err)
		}
	}
}

// TestSharedBeginningsAreReadBack has the library read what encodeShared writes, and write
// the same.
func TestSharedBeginningsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("ab")), 0, 30, -1), 1, 300).Draw(t, "texts")
		c := textColumn(texts)
		c.shared()
		must(t, c.encodeShared())
		text, ends, err := (&delta.ByteArrayEncoding{}).DecodeByteArray(nil, c.tools.values, nil)
		must(t, err)
		if len(ends) != len(texts)+1 {
			t.Fatalf("%d texts are %d", len(texts), len(ends)-1)
		}
		for i, want := range texts {
			if got := string(text[ends[i]:ends[i+1]]); got != want {
				t.Fatalf("text %d is %q, not %q", i, got, want)
			}
		}
		if all, err := (&delta.ByteArrayEncoding{}).EncodeByteArray(nil, c.text, c.ends); err != nil || string(all) != string(c.tools.values) {
			t.Fatalf("the library writes %x, %v, and here it is %x", all, err, c.tools.values)
		}
	})
}
