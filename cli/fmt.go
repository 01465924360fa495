package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

type fmtFlags struct {
	check, diff, recursive, write bool
}

func (s *speech) fmtCommand() *entry {
	f := &fmtFlags{}
	return &entry{
		name: "fmt", args: "[FILE|DIR|-]…", max: -1, short: "write configuration files in the one layout",
		long: `Without arguments it formats the files of the folder; - reads standard input and writes
standard output. A file with a syntax error is reported and left alone.`,
		examples: []string{
			"inlay fmt",
			"inlay fmt -check -diff        for CI: exit 3 and show what would change",
			"cat main.hcl | inlay fmt -",
		},
		codes: []int{exitCheck},
		flags: []cli.Flag{
			&cli.BoolFlag{Name: "check", Usage: "write nothing; exit 3 when a file is not formatted", Destination: &f.check},
			&cli.BoolFlag{Name: "diff", Usage: "show what changes", Destination: &f.diff},
			&cli.BoolFlag{Name: "recursive", Usage: "also format folders inside", Destination: &f.recursive},
			&cli.BoolFlag{Name: "write", Usage: "write the files; -write=false only lists them", Value: true, Destination: &f.write},
		},
		run: func(_ context.Context, args []string) error { return s.fmt(f, args) },
	}
}

func (s *speech) fmt(f *fmtFlags, args []string) error {
	if len(args) == 1 && args[0] == "-" {
		return s.fmtInput(f)
	}
	files, err := s.fmtFiles(f, args)
	if err != nil {
		return err
	}
	changed := 0
	var wrong lang.Diagnostics
	texts := map[string][]byte{}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		texts[name] = src
		out, diags := lang.Format(src, name)
		if diags.HasErrors() {
			wrong = append(wrong, diags...)
			continue
		}
		if bytes.Equal(src, out) {
			continue
		}
		changed++
		if err := s.fmtOne(f, name, src, out); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		s.texts = func(name string) []byte { return texts[name] }
		return &project.DiagnosticsError{Diagnostics: wrong}
	}
	if f.check && changed > 0 {
		return coded(exitCheck)
	}
	return nil
}

// fmtFiles lists the files that the arguments name.
func (s *speech) fmtFiles(f *fmtFlags, args []string) ([]string, error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	var out []string
	for _, a := range args {
		a = s.path(a)
		st, err := os.Stat(a)
		if err != nil {
			return nil, err
		}
		if !st.IsDir() {
			out = append(out, a)
			continue
		}
		found, err := lang.Files(a, f.recursive)
		if err != nil {
			return nil, err
		}
		for _, name := range found {
			out = append(out, filepath.Join(a, name))
		}
	}
	return out, nil
}

// fmtOne says which file changes, and changes it.
func (s *speech) fmtOne(f *fmtFlags, name string, src, out []byte) error {
	if _, err := fmt.Fprintln(s.out, name); err != nil {
		return err
	}
	if f.diff {
		if err := report.Diff(s.out, s.style(s.out), name, src, out); err != nil {
			return err
		}
	}
	if f.check || !f.write {
		return nil
	}
	st, err := os.Stat(name)
	if err != nil {
		return err
	}
	return project.Write(s.world, name, out, st.Mode().Perm())
}

func (s *speech) fmtInput(f *fmtFlags) error {
	src, err := io.ReadAll(s.world.Stdin)
	if err != nil {
		return err
	}
	out, diags := lang.Format(src, "stdin")
	if diags.HasErrors() {
		s.texts = func(string) []byte { return src }
		return &project.DiagnosticsError{Diagnostics: diags}
	}
	if f.check {
		if !bytes.Equal(src, out) {
			return coded(exitCheck)
		}
		return nil
	}
	_, err = s.out.Write(out)
	return err
}
