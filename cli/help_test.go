package cli

import (
	"bytes"
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// walk visits every command with the names that lead to it.
func walk(e *entry, parents []string, do func(path []string, e *entry)) {
	path := append(slices.Clone(parents), e.name)
	do(path, e)
	for _, sub := range e.subs {
		walk(sub, path, do)
	}
}

func TestEveryCommandSaysWhatItDoes(t *testing.T) {
	s := &speech{}
	walk(s.entries(), nil, func(path []string, e *entry) {
		name := strings.Join(path, " ")
		if e.short == "" || strings.HasSuffix(e.short, ".") {
			t.Errorf("%s: the short text is %q", name, e.short)
		}
		if e.run == nil == (len(e.subs) == 0) {
			t.Errorf("%s neither runs nor holds commands, or both", name)
		}
		if e.run != nil && len(e.examples) == 0 && e.name != "version" {
			t.Errorf("%s has no example", name)
		}
		for _, f := range flagRows(e.flags) {
			if f[1] == "" {
				t.Errorf("%s: the flag %s says nothing", name, f[0])
			}
		}
	})
}

// TestExamplesAreCommands holds the examples of the help texts against the commands.
func TestExamplesAreCommands(t *testing.T) {
	s := &speech{}
	root := s.entries()
	call := regexp.MustCompile(`\binlay( [^|&$)]*)`)
	flagged := regexp.MustCompile(` --?([a-z-]+)`)
	walk(root, nil, func(path []string, e *entry) {
		for _, x := range e.examples {
			found := call.FindAllStringSubmatch(x, -1)
			if len(found) == 0 {
				t.Errorf("%v: no command in %q", path, x)
			}
			for _, m := range found {
				line, _, _ := strings.Cut(m[1], "   ")
				at, known := root, flagNames(root.flags)
				for word := range strings.FieldsSeq(line) {
					i := slices.IndexFunc(at.subs, func(e *entry) bool { return e.name == word })
					if i >= 0 {
						at = at.subs[i]
						known = append(known, flagNames(at.flags)...)
					}
				}
				if at.run == nil {
					t.Errorf("%v: %q is no command", path, m[0])
				}
				for _, f := range flagged.FindAllStringSubmatch(line, -1) {
					if !slices.Contains(known, f[1]) {
						t.Errorf("%v: %q uses -%s, which it does not have", path, m[0], f[1])
					}
				}
			}
		}
	})
}

func TestHelpIsPrinted(t *testing.T) {
	for _, args := range [][]string{{"inlay", "-h"}, {"inlay", "plan", "--help"}, {"inlay", "table", "check", "-h"}} {
		var out, err bytes.Buffer
		w := world()
		w.Stdout, w.Stderr, w.Env = &out, &err, os.LookupEnv
		if code := Main(context.Background(), args, w); code != exitDone || !strings.HasPrefix(out.String(), strings.Join(args[:len(args)-1], " ")+": ") {
			t.Errorf("%v: exit %d\n%s%s", args, code, out.String(), err.String())
		}
	}
}

func TestPanicIsAnInternalError(t *testing.T) {
	var out, err bytes.Buffer
	w := world()
	w.Stdout, w.Stderr, w.Providers = &out, &err, nil
	w.Env = func(name string) (string, bool) {
		if name == "NO_COLOR" {
			panic("a mistake")
		}
		return "", false
	}
	if code := Main(context.Background(), []string{"inlay", "schema", "target.parquet"}, w); code != exitInternal {
		t.Errorf("exit %d, not %d", code, exitInternal)
	}
	if !strings.Contains(err.String(), "Internal error") || strings.Contains(err.String(), "goroutine") {
		t.Errorf("said: %s", err.String())
	}
}
