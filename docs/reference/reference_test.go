package reference

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// refresh is the command that a failing test names.
const refresh = "go test ./docs/reference -update"

var update = flag.Bool("update", false, "write the pages instead of comparing them")

// service is a provider that can say where its rows come from.
type service interface {
	providers.Provider
	Origin(stream string) (intercom.Origin, bool)
}

func services() []service { return []service{intercom.New()} }

// world is the program's world as far as its declarations need one.
func world() project.World {
	w := project.World{
		Now: time.Now, Env: func(string) (string, bool) { return "", false },
		Stdin: strings.NewReader(""), Version: "0.1.0",
	}
	for _, s := range services() {
		w.Providers = append(w.Providers, s)
	}
	return w
}

// pages are all pages by their path in this folder.
func pages(t *testing.T) map[string]string {
	out := map[string]string{}
	for _, p := range []map[string]string{blockPages(), streamPages(), languagePages(), {"commands.md": commandPage(t)}} {
		maps.Copy(out, p)
	}
	out["README.md"] = indexPage(out)
	for name, text := range out {
		out[name] = notice + "\n" + strings.TrimRight(text, "\n") + "\n"
	}
	return out
}

const notice = "<!-- Printed from the declarations by `" + refresh + "`; do not edit. -->\n"

// TestPagesAreFresh compares every page with what the declarations say, and finds pages
// that nothing declares any more.
func TestPagesAreFresh(t *testing.T) {
	want := pages(t)
	if *update {
		write(t, want)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil || string(got) != want[name] {
			t.Errorf("docs/reference/%s is stale%s: run `%s` and look at the difference", name, firstDifference(string(got), want[name]), refresh)
		}
	}
	for _, name := range written(t) {
		if _, ok := want[name]; !ok {
			t.Errorf("docs/reference/%s describes what there no longer is: delete it", name)
		}
	}
}

func write(t *testing.T, pages map[string]string) {
	for name, text := range pages {
		path := filepath.FromSlash(name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// written lists the pages of this folder.
func written(t *testing.T) []string {
	var out []string
	for _, pattern := range []string{"*.md", "*/*.md"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			out = append(out, filepath.ToSlash(n))
		}
	}
	return out
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "\n  it says   " + a[i] + "\n  declared  " + b[i] + "\n"
		}
	}
	return ""
}
