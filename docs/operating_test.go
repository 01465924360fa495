package docs

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/inlay-sync/inlay/serve"
)

// named are what a pattern's first group finds in files, each once.
func named(t *testing.T, pattern string, files ...string) []string {
	t.Helper()
	found := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(string(text), -1) {
			found[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// TestOperatingNamesWhatThereIs: the page about operating names the addresses, the buttons and
// the kinds of events that the daemon has, and no others; and metrics that it tells.
func TestOperatingNamesWhatThereIs(t *testing.T) {
	source, err := filepath.Glob("../serve/*.go")
	if err != nil || len(source) == 0 {
		t.Fatalf("%d files, %v", len(source), err)
	}
	const page = "operating.md"
	forMachines := named(t, `(?:see|HandleFunc)\("(?:GET )?(/[a-z]+z|/metrics|/events)"`, source...)
	if got := named(t, "(?m)^\\| `(/[a-z]+)` \\|", page); !slices.Equal(got, forMachines) {
		t.Errorf("addresses: the page has %v, the daemon %v", got, forMachines)
	}
	buttons := named(t, `\bdo\("(/[a-z]+)"`, source...)
	if got := named(t, "`POST (/[a-z]+)`", page); !slices.Equal(got, buttons) || len(buttons) < 4 {
		t.Errorf("buttons: the page has %v, the daemon %v", got, buttons)
	}
	events := named(t, `tick\{Type: "([a-z]+)"`, source...)
	if got := named(t, "`([a-z]+)` when (?:the configuration|something)", page); !slices.Equal(got, events) || len(events) == 0 {
		t.Errorf("events of the daemon's own: the page has %v, the daemon %v", got, events)
	}
	told := map[string]bool{}
	for _, m := range serve.Metrics() {
		told[m.Name] = true
	}
	for _, name := range named(t, `\b(inlay_[a-z_]+)\b`, page) {
		if !told[name] {
			t.Errorf("the page names the metric %s, which there is not", name)
		}
	}
}
