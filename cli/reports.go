package cli

import (
	"bytes"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// forms are the ways one result can be written, by the name of the format.
type forms map[string]func(io.Writer) error

// reports writes a result in every form that -report asks for.
func (s *speech) reports(asked []string, ways forms) error {
	for _, a := range asked {
		format, file, named := strings.Cut(a, "=")
		if !named {
			file = "-"
		}
		if file == "" {
			return &usageError{"-report", "it is written -report FORMAT=FILE"}
		}
		write := ways[format]
		if write == nil {
			return oneOf("-report", format, slices.Sorted(maps.Keys(ways)))
		}
		if file == "-" {
			if err := write(s.out); err != nil {
				return err
			}
			continue
		}
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return err
		}
		if err := project.Write(s.world, s.path(file), b.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// path resolves a path of the command line against -chdir.
func (s *speech) path(name string) string {
	if s.global.chdir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.global.chdir, name)
}

func findingsForms(s *speech, findings []report.Finding) forms {
	below := s.below(findings)
	return forms{
		"text":   func(w io.Writer) error { return report.FindingsText(w, report.Style{}, findings, s.source) },
		"json":   func(w io.Writer) error { return report.FindingsJSON(w, findings) },
		"sarif":  func(w io.Writer) error { return report.FindingsSARIF(w, s.world.Version, below) },
		"github": func(w io.Writer) error { return report.FindingsGitHub(w, below) },
	}
}

// below names files from where the command was called, as a code host knows them.
func (s *speech) below(findings []report.Finding) []report.Finding {
	if s.global.chdir == "" {
		return findings
	}
	out := slices.Clone(findings)
	for i := range out {
		if out[i].File != "" {
			out[i].File = s.path(out[i].File)
		}
	}
	return out
}
