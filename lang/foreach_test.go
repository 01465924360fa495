package lang

import (
	"slices"
	"testing"
)

// TestForEachOfATextSet: toset written in for_each is not built as a set. It says and does
// what one does that was built elsewhere.
func TestForEachOfATextSet(t *testing.T) {
	load := func(forEach string) (addrs []string, said string) {
		text := "variable \"v\" {\n  sensitive = true\n  default = \"s\"\n}\n" +
			"connection \"intercom\" \"c\" {\n  for_each = " + forEach + "\n  app_id = null\n  region = each.value == each.key ? \"eu\" : \"us\"\n}\n"
		cfg, diags := Load(write(t, map[string]string{"main.hcl": text}), testCatalogue(), Options{})
		if cfg != nil {
			addrs = addresses(cfg)
			for _, c := range cfg.Connections {
				if c.Settings.String("region") != "eu" {
					t.Errorf("%s: each.value is not the key", forEach)
				}
			}
		}
		for _, d := range diags {
			said += d.Summary + ": " + d.Detail + "\n"
		}
		return addrs, said
	}
	for _, list := range []string{
		`["b", "a", "b"]`, `["B", "a", "_", "é", "z", "e\u0301", "\U0001F600", "\uFFFD"]`, `[for i in range(300) : "k${(i * 7) % 200}"]`,
		`[]`, `[""]`, `["a", ""]`, `[1, "a"]`, `[1, 2]`, `[true]`, `["a", null]`, `null`, `[["a"]]`, `{ a = 1 }`, `"a"`,
		`["a", var.v]`, `[sensitive("a")]`, `sensitive(["a"])`, `["a", env("NOT_THERE")]`, `["a", nothing.here]`, `tolist(["b", "a"])`, `["a"]...`,
	} {
		addrs, said := load("toset(" + list + ")")
		wantAddrs, wantSaid := load("(toset(" + list + "))") // in parentheses it is
		if !slices.Equal(addrs, wantAddrs) || said != wantSaid {
			t.Errorf("toset(%s) in for_each: %v %s\nbuilt: %v %s", list, addrs, said, wantAddrs, wantSaid)
		}
	}
}
