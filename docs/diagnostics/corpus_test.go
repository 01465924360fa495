package diagnostics

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/report"
)

// corpusDir holds files with mistakes in them; lang's own test says which mistakes.
const corpusDir = "../../lang/testdata/errors"

// perSummary is how many messages of one summary are shown.
const perSummary = 2

// corpus loads each file of the corpus by itself, as the program would, and returns what is
// found.
func corpus(t *testing.T) []message {
	entries, err := os.ReadDir(corpusDir)
	if err != nil {
		t.Fatal(err)
	}
	catalogue := project.Catalogue(project.World{Providers: []providers.Provider{intercom.New()}})
	var out []message
	count := map[string]int{}
	for _, e := range entries {
		if e.IsDir() || !strings.HasSuffix(e.Name(), ".hcl") {
			continue
		}
		_, diags := lang.Load(corpusDir, catalogue, options(t, e.Name()))
		for _, f := range report.FromDiagnostics(diags) {
			if count[f.Summary]++; count[f.Summary] <= perSummary {
				out = append(out, found(t, f))
			}
		}
	}
	return out
}

// options sets the scene as the comments of a file ask for it.
func options(t *testing.T, name string) lang.Options {
	src, err := os.ReadFile(filepath.Join(corpusDir, name))
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{}
	opt := lang.Options{Version: "0.1.0", Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}
	for line := range strings.SplitSeq(string(src), "\n") {
		if v, ok := strings.CutPrefix(line, "# VAR: "); ok {
			name, value, _ := strings.Cut(v, "=")
			opt.Vars = append(opt.Vars, lang.VarInput{Name: name, Value: value})
		}
		if v, ok := strings.CutPrefix(line, "# VARFILE: "); ok {
			opt.Vars = append(opt.Vars, lang.VarInput{File: v})
		}
		if v, ok := strings.CutPrefix(line, "# ENV: "); ok {
			name, value, _ := strings.Cut(v, "=")
			env[name] = value
			opt.Environ = append(opt.Environ, v)
		}
	}
	opt.ReadDir = func(dir string) ([]fs.DirEntry, error) {
		entries, err := os.ReadDir(dir)
		if filepath.Clean(dir) != filepath.FromSlash(corpusDir) {
			return entries, err
		}
		return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() != name }), err
	}
	return opt
}

// found is a finding as it is printed; the marks of the corpus are left out.
func found(t *testing.T, f report.Finding) message {
	out := message{Severity: "Error", Summary: f.Summary, Detail: f.Detail}
	if f.Severity == report.Warning {
		out.Severity = "Warning"
	}
	if f.File == "" {
		return out
	}
	file := f.File
	f.Detail = ""
	var b bytes.Buffer
	source := func(string) []byte {
		text, err := os.ReadFile(filepath.Join(corpusDir, filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			for _, mark := range []string{"# ERROR", "# WARNING"} {
				line, _, _ = strings.Cut(line, mark)
			}
			lines[i] = strings.TrimRight(line, " ")
		}
		return []byte(strings.Join(lines, "\n"))
	}
	if err := report.FindingsText(&b, report.Style{}, []report.Finding{f}, source); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		if strings.HasPrefix(line, "  ") {
			if line = strings.TrimPrefix(line, "  "); len(line) > 120 {
				line = strings.ToValidUTF8(line[:110], "") + "…"
			}
			out.Lines = append(out.Lines, line)
		}
	}
	return out
}
