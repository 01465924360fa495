package lang

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const corpusDir = "testdata/errors"

// corpusCase is one file of the corpus. Each line at fault ends in a comment
//
//	# ERROR: Summary        (or # WARNING: Summary; several are separated by " & ")
//
// which in JSON is the value of a property "//", and lines of their own set the scene:
//
//	# VAR: name=value   # VARFILE: file   # ENV: NAME=value
//	# ELSEWHERE: Summary of a finding that is not in this file
type corpusCase struct {
	name string
	opt  Options
	want []string
}

func readCase(t testing.TB, name string) corpusCase {
	src, err := os.ReadFile(filepath.Join(corpusDir, name))
	if err != nil {
		t.Fatal(err)
	}
	c := corpusCase{name: name}
	env := map[string]string{}
	for i, line := range strings.Split(string(src), "\n") {
		for _, mark := range []string{"ERROR", "WARNING"} {
			if _, list, ok := strings.Cut(line, "# "+mark+": "); ok {
				for _, summary := range strings.Split(strings.TrimRight(list, `"},`), " & ") {
					c.want = append(c.want, fmt.Sprintf("%s:%d %s", name, i+1, strings.TrimSpace(summary)))
				}
			}
		}
		if v, ok := strings.CutPrefix(line, "# ELSEWHERE: "); ok {
			c.want = append(c.want, "elsewhere "+v)
		}
		if v, ok := strings.CutPrefix(line, "# VAR: "); ok {
			k, value, _ := strings.Cut(v, "=")
			c.opt.Vars = append(c.opt.Vars, VarInput{Name: k, Value: value})
		}
		if v, ok := strings.CutPrefix(line, "# VARFILE: "); ok {
			c.opt.Vars = append(c.opt.Vars, VarInput{File: v})
		}
		if v, ok := strings.CutPrefix(line, "# ENV: "); ok {
			k, value, _ := strings.Cut(v, "=")
			env[k] = value
			c.opt.Environ = append(c.opt.Environ, v)
		}
	}
	c.opt.Env = lookup(env)
	c.opt.Version = "0.1.0"
	c.opt.ReadDir = onlyFile(name)
	return c
}

// onlyFile shows the corpus folder as if it held one file; other folders are as they are.
func onlyFile(name string) func(string) ([]fs.DirEntry, error) {
	return func(dir string) ([]fs.DirEntry, error) {
		entries, err := os.ReadDir(dir)
		if filepath.Clean(dir) != filepath.FromSlash(corpusDir) {
			return entries, err
		}
		return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() != name }), err
	}
}

func corpus(t testing.TB) []string {
	entries, err := os.ReadDir(corpusDir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if isConfig(e.Name()) && !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// TestErrors checks every file of the corpus: what is marked is found, and nothing else.
func TestErrors(t *testing.T) {
	for _, name := range corpus(t) {
		t.Run(name, func(t *testing.T) {
			c := readCase(t, name)
			_, diags := Load(corpusDir, testCatalogue(), c.opt)
			var got []string
			for _, d := range diags {
				if p := place(d); p.Filename == name {
					got = append(got, fmt.Sprintf("%s:%d %s", name, p.Start.Line, d.Summary))
				} else {
					got = append(got, "elsewhere "+d.Summary)
				}
				if d.Detail == "" {
					t.Errorf("%s says nothing more", d.Summary)
				}
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("found\n  %s\nwant\n  %s\nin full\n%s", strings.Join(got, "\n  "), strings.Join(c.want, "\n  "), messages(diags))
			}
		})
	}
}

// TestEverySummaryHasACase fails for a summary of this package without a file in the corpus.
func TestEverySummaryHasACase(t *testing.T) {
	covered := map[string]bool{}
	for _, name := range corpus(t) {
		for _, w := range readCase(t, name).want {
			_, summary, _ := strings.Cut(w, " ")
			covered[summary] = true
		}
	}
	for name, summary := range summaries(t) {
		if !covered[summary] && !coveredElsewhere[name] {
			t.Errorf("%s (%q) has no file in %s", name, summary, corpusDir)
		}
	}
}

// coveredElsewhere are the summaries that no single file can show; each has its own test.
var coveredElsewhere = map[string]bool{
	"sumUnreadable":    true, // TestUnreadable
	"sumSecretMissing": true, // TestLoadWithoutCredentials: it is no diagnostic of Load
	"sumUnknownValue":  true, // cannot happen; TestErrors would show it
}

// summaries reads the constants of summaries.go.
func summaries(t *testing.T) map[string]string {
	file, err := parser.ParseFile(token.NewFileSet(), "summaries.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			out[v.Names[0].Name] = text
		}
		return true
	})
	if len(out) < 40 {
		t.Fatalf("only %d summaries were found", len(out))
	}
	return out
}

func TestUnreadable(t *testing.T) {
	_, diags := Load(filepath.Join(t.TempDir(), "absent"), testCatalogue(), Options{})
	if len(diags) != 1 || diags[0].Summary != sumUnreadable {
		t.Errorf("%s", messages(diags))
	}
	_, diags = Load(write(t, map[string]string{"main.hcl": "locals {}\n"}), testCatalogue(), Options{Vars: []VarInput{{File: "absent.vars"}}})
	if len(diags) != 1 || diags[0].Summary != sumUnreadable {
		t.Errorf("%s", messages(diags))
	}
}
