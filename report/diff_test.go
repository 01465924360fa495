package report

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDiff(t *testing.T) {
	before := "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n"
	after := "a\nB\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\n"
	want := `--- main.hcl
+++ main.hcl (formatted)
@@ -1,5 +1,5 @@
 a
-b
+B
 c
 d
 e
@@ -9,3 +9,4 @@
 i
 j
 k
+l
`
	var b strings.Builder
	if err := Diff(&b, Style{}, "main.hcl", []byte(before), []byte(after)); err != nil || b.String() != want {
		t.Errorf("%v, got:\n%s\nwant:\n%s", err, b.String(), want)
	}
}

// TestScript holds the edits against what they are for: they make one text of the other.
func TestScript(t *testing.T) {
	line := rapid.SampledFrom([]string{"a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SliceOfN(line, 0, 12).Draw(t, "a"), rapid.SliceOfN(line, 0, 12).Draw(t, "b")
		var old, now []string
		for _, e := range script(a, b) {
			if e.sign != '+' {
				old = append(old, e.text)
			}
			if e.sign != '-' {
				now = append(now, e.text)
			}
		}
		if strings.Join(old, "") != strings.Join(a, "") || strings.Join(now, "") != strings.Join(b, "") {
			t.Fatalf("%v and %v came out as %v and %v", a, b, old, now)
		}
		var out strings.Builder
		if err := Diff(&out, Style{}, "x", []byte(strings.Join(a, "\n")), []byte(strings.Join(b, "\n"))); err != nil {
			t.Fatal(err)
		}
		changed := 0
		for _, e := range script(a, b) {
			if e.sign != ' ' {
				changed++
			}
		}
		shown := strings.Count(out.String(), "\n+") + strings.Count(out.String(), "\n-") - 1
		if shown != changed {
			t.Fatalf("%d lines shown, %d changed:\n%s", shown, changed, out.String())
		}
	})
}
