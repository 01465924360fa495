package convert_test

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlay-sync/inlay/convert"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/table"
)

var update = flag.Bool("update", false, "write what the conversions are now into testdata/files")

// TestFiles converts the archives of testdata/files: the words of a td command, one a line,
// and a connector file. What comes out must be as it is there, and must load.
func TestFiles(t *testing.T) {
	names, err := filepath.Glob("testdata/files/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var args convert.Arguments
			if words, ok := member(a, "words"); ok {
				var path string
				args, path, err = convert.Command(strings.Split(strings.TrimSuffix(words, "\n"), "\n"))
				if err != nil || path != "load.yml" {
					t.Fatal(path, err)
				}
			}
			yml, _ := member(a, "load.yml")
			hcl, notes, err := convert.File([]byte(yml), args)
			if err != nil {
				t.Fatal(err)
			}
			mustLoad(t, hcl)
			compare(t, name, a, hcl, written(notes))
			for _, secret := range []string{"c2VjcmV0LXRva2Vu", "an-api-key", "a-secret", "a-refresh-token", "unheard-of", "an-account-key"} {
				if strings.Contains(hcl+written(notes), secret) {
					t.Errorf("%q was copied:\n%s", secret, hcl)
				}
			}
		})
	}
}

func member(a *txtar.Archive, name string) (string, bool) {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data), true
		}
	}
	return "", false
}

func written(notes []convert.Note) string {
	var b strings.Builder
	for _, n := range notes {
		if n.Line > 0 {
			b.WriteString("line " + strconv.Itoa(n.Line) + ": ")
		}
		b.WriteString(n.Text + "\n")
	}
	return b.String()
}

func compare(t *testing.T, name string, a *txtar.Archive, hcl, notes string) {
	t.Helper()
	if *update {
		out := &txtar.Archive{Comment: a.Comment}
		for _, f := range a.Files {
			if f.Name == "words" || f.Name == "load.yml" {
				out.Files = append(out.Files, f)
			}
		}
		out.Files = append(out.Files, txtar.File{Name: "main.hcl", Data: []byte(hcl)}, txtar.File{Name: "notes", Data: []byte(notes)})
		if err := os.WriteFile(name, txtar.Format(out), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	for part, got := range map[string]string{"main.hcl": hcl, "notes": notes} {
		if want, _ := member(a, part); got != want {
			t.Errorf("%s is\n%s\nand not\n%s", part, got, want)
		}
	}
}

func catalogue() lang.Catalogue {
	p := intercom.New()
	return lang.Catalogue{
		Providers: map[string]lang.Provider{p.Name(): {Connection: p.ConnectionSettings(), Source: p.SourceSettings(), Streams: p.Streams}},
		Targets:   map[string][]setting.Setting{"parquet": table.Settings()},
		Schedule:  schedule.Settings(),
	}
}

// load loads a text as the only file of a folder.
func load(t *testing.T, hcl string) (*lang.Config, lang.Diagnostics) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(hcl), 0o600); err != nil {
		t.Fatal(err)
	}
	return lang.Load(dir, catalogue(), lang.Options{})
}

func mustLoad(t *testing.T, hcl string) *lang.Config {
	t.Helper()
	cfg, diags := load(t, hcl)
	if diags.HasErrors() {
		t.Fatalf("it does not load: %v\n%s", diags, hcl)
	}
	return cfg
}
