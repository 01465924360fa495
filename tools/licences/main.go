// Command licences lists the modules that are in the program, with the licence of each, as
// their own files say. It fails when one has no licence file or one that is not known here.
package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
)

// module is what `go list` says of one.
type module struct {
	Path, Version, Dir string
}

func main() {
	if err := list(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func list(w io.Writer) error {
	modules, err := linked()
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	var unknown []string
	for _, m := range modules {
		name, err := licence(m.Dir)
		if err != nil {
			unknown = append(unknown, fmt.Sprintf("%s: %v", m.Path, err))
			continue
		}
		fmt.Fprintf(out, "%s\t%s\t%s\n", m.Path, m.Version, name)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if len(unknown) > 0 {
		return errors.New("not known what these may be used for: " + strings.Join(unknown, "; "))
	}
	return nil
}

// linked are the modules whose packages are in the program, ordered by path.
func linked() ([]module, error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
	cmd.Dir = ".."
	cmd.Stderr = os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var out []module
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
			out = append(out, module{Path: f[0], Version: f[1], Dir: f[2]})
		}
	}
	slices.SortFunc(out, func(a, b module) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(out, func(a, b module) bool { return a.Path == b.Path }), nil
}

// licence reads the licence file of a module's folder and names it.
func licence(dir string) (string, error) {
	for _, pattern := range []string{"LICENSE*", "LICENCE*", "COPYING*", "License*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				return "", err
			}
			if name := named(text); name != "" {
				return name, nil
			}
		}
	}
	return "", errors.New("no licence that is known here")
}

// named tells a licence by sentences that only it has.
func named(text []byte) string {
	words := string(bytes.Join(bytes.Fields(text), []byte(" ")))
	has := func(s string) bool { return strings.Contains(words, s) }
	switch {
	case has("Mozilla Public License") && has("2.0"):
		return "MPL-2.0"
	case has("Apache License") && has("Version 2.0"):
		return "Apache-2.0"
	case has("Redistribution and use in source and binary forms") && (has("Neither the name") || has("names of its contributors")):
		return "BSD-3-Clause"
	case has("Redistribution and use in source and binary forms"):
		return "BSD-2-Clause"
	case has("Permission is hereby granted, free of charge"):
		return "MIT"
	case has("Permission to use, copy, modify, and/or distribute"):
		return "ISC"
	}
	return ""
}
