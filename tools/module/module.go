// Package module finds the modules of others that are in the program: those whose packages
// are linked into it on any of the systems that it is released for, each with its licence.
package module

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// Module is one that is in the program. Its sum is as in go.sum, its licence an SPDX name.
type Module struct {
	Path, Version, Sum, Licence string
}

// Systems are the operating systems that there are releases for.
func Systems() []string { return []string{"darwin", "linux"} }

// Linked are the modules in the program of a folder, on any of the systems, ordered by
// path. It is an error when one has no licence that is known here.
func Linked(dir string, systems ...string) ([]Module, error) {
	var out []Module
	for _, system := range systems {
		found, err := linkedOn(dir, system)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b Module) int { return cmp.Compare(a.Path, b.Path) })
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil, errors.New("the program has no modules, which cannot be")
	}
	return out, nil
}

func linkedOn(dir, system string) ([]Module, error) {
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Sum}}\t{{.Dir}}{{end}}{{end}}", ".")
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var out []Module
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) != 4 {
			continue
		}
		name, err := licence(f[3])
		if err != nil {
			return nil, fmt.Errorf("nobody knows what %s may be used for: %w", f[0], err)
		}
		out = append(out, Module{Path: f[0], Version: f[1], Sum: f[2], Licence: name})
	}
	return out, nil
}
