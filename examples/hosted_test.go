package examples

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/inlay-sync/inlay/convert"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/stream"
)

// otherwise are the settings in which an example differs from the hosted way on purpose;
// its README says why.
var otherwise = map[string][]string{
	"tags":     {"mode"},
	"segments": {"mode"},
}

var (
	file    = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	command = regexp.MustCompile(`(?m)^td connector:(?:issue|create) [^\n\\]*(?:\\\n[^\n\\]*)*`)
)

// TestSideBySide converts the hosted way that a README shows, and holds the example's own
// configuration against what comes out.
func TestSideBySide(t *testing.T) {
	for _, f := range features {
		t.Run(f.folder, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(f.folder, "README.md"))
			if err != nil {
				t.Fatal(err)
			}
			blocks := file.FindAllStringSubmatch(string(text), -1)
			if blocks == nil {
				if !strings.Contains(string(text), "In the console: ") {
					t.Error("the README shows neither a file nor a step in the console")
				}
				return
			}
			yml := ""
			for _, b := range blocks {
				yml += b[1]
			}
			ours, err := os.ReadFile(filepath.Join(f.folder, "main.hcl"))
			if err != nil {
				t.Fatal(err)
			}
			there, here := loaded(t, converted(t, yml, string(text))), loaded(t, string(ours))
			for name, what := range differences(there, here) {
				if !slices.Contains(otherwise[f.folder], name) {
					t.Errorf("%s: there %v, here %v", name, what[0], what[1])
				}
			}
		})
	}
}

func converted(t *testing.T, yml, readme string) string {
	t.Helper()
	var args convert.Arguments
	if line := command.FindString(readme); line != "" {
		var err error
		if args, _, err = convert.Command(shellWords(line)); err != nil {
			t.Fatal(err)
		}
	}
	hcl, _, err := convert.File([]byte(yml), args)
	if err != nil {
		t.Fatal(err)
	}
	return hcl
}

var word = regexp.MustCompile(`"([^"]*)"|([^\s"\\]+)`)

func shellWords(line string) []string {
	var out []string
	for _, m := range word.FindAllStringSubmatch(line, -1) {
		out = append(out, m[1]+m[2])
	}
	return out
}

func loaded(t *testing.T, hcl string) *lang.Config {
	t.Helper()
	world := project.World{Providers: []providers.Provider{intercom.New()}}
	cfg, diags := lang.Load(".", project.Catalogue(world), lang.Options{
		ReadFile: func(string) ([]byte, error) { return []byte(hcl), nil },
		ReadDir:  func(string) ([]fs.DirEntry, error) { return fstest.MapFS{"main.hcl": {}}.ReadDir(".") },
	})
	if diags.HasErrors() {
		t.Fatal(diags, hcl)
	}
	return cfg
}

// differences are the settings that decide rows, place and time, where the first source,
// target or schedule of two configurations says something else.
func differences(there, here *lang.Config) map[string][2]any {
	out := map[string][2]any{}
	compare := func(name string, a, b any) {
		if !reflect.DeepEqual(a, b) {
			out[name] = [2]any{a, b}
		}
	}
	a, b := there.Targets[0], here.Targets[0]
	for _, name := range []string{"mode", "time", "deletes"} {
		compare(name, a.Settings[name], b.Settings[name])
	}
	compare("time_column", timeColumn(a), timeColumn(b))
	for _, name := range []string{"stream", "incremental", "cursor"} {
		compare(name, there.Sources[0].Settings[name], here.Sources[0].Settings[name])
	}
	compare("schedules", len(there.Schedules), len(here.Schedules))
	if len(there.Schedules) == 1 && len(here.Schedules) == 1 {
		for _, name := range []string{"cron", "timezone", "delay"} {
			compare(name, there.Schedules[0].Settings[name], here.Schedules[0].Settings[name])
		}
	}
	if a.Database != "default" {
		compare("database", a.Database, b.Database)
		compare("table", a.Table, b.Table)
		compare("auto_create", a.Settings["auto_create"], b.Settings["auto_create"])
	}
	return out
}

// timeColumn is the time column that "auto" stands for, where it is written.
func timeColumn(t lang.Target) string {
	if t.Settings.String("time_column") != "auto" {
		return t.Settings.String("time_column")
	}
	for _, c := range t.Stream.Columns {
		if c.Type.Kind == stream.Timestamp || c.Type.Kind == stream.Int {
			return c.Name
		}
	}
	return ""
}
