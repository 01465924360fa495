package addr

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, text := range []string{
		"connection.intercom.acme", "target.parquet.all[\"tags\"]", "schedule.nightly",
		"schedule.by_zone[\"Asia/Tokyo\"]", "module.eu.source.intercom.users",
		"module.eu[\"a.b\"].module.inner.target.parquet.x[\"quo\\\"te\"]",
	} {
		a, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if a.String() != text {
			t.Errorf("%s came back as %s", text, a)
		}
	}
	for _, text := range []string{
		"", ".", "target", "target.parquet", "target.parquet.a.b", "table.parquet.users",
		"target.parquet[\"x\"].users", "target.parquet.users[0]", "target.parquet.users[\"x\"", "module.eu",
		"schedule.a.b", "target.parquet.users.", "target..users", "1target.parquet.users",
	} {
		if a, err := Parse(text); err == nil {
			t.Errorf("%q was accepted as %#v", text, a)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	name := rapid.StringMatching(`[a-zA-Z_][a-zA-Z0-9_-]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a := Address{Kind: rapid.SampledFrom([]Kind{Connection, Source, Target, Schedule}).Draw(t, "kind"), Name: name.Draw(t, "name")}
		if a.Kind != Schedule {
			a.Type = name.Draw(t, "type")
		}
		if a.Keyed = rapid.Bool().Draw(t, "keyed"); a.Keyed {
			a.Key = rapid.String().Draw(t, "key")
		}
		got, err := Parse(a.String())
		if err != nil || got != a {
			t.Fatalf("%#v came back as %#v, %v", a, got, err)
		}
		if a.Compare(got) != 0 {
			t.Fatalf("%s does not equal itself", a)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("target.parquet.all[\"tags\"]")
	f.Add("module.eu.schedule.nightly")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		if b, err := Parse(a.String()); err != nil || a != b {
			t.Fatalf("%q: %v, %v", text, b, err)
		}
	})
}

func TestNearestOf(t *testing.T) {
	known := []Address{address(t, "target.parquet.users"), address(t, "target.parquet.tags")}
	for given, want := range map[string]string{"target.parquet.user": "target.parquet.users", "target.parquet.conversations": ""} {
		if got := NearestOf(address(t, given), known); got != want {
			t.Errorf("%s: %q, not %q", given, got, want)
		}
	}
}

func address(t *testing.T, text string) Address {
	a, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
