package report

import (
	"fmt"
	"io"
	"strings"
)

// Field is one named value of a thing that is shown in full.
type Field struct{ Name, Value string }

// Fields writes one value a line; empty ones are left out.
func Fields(w io.Writer, s Style, fields []Field) error {
	out := &printer{w: w}
	width := 0
	for _, f := range fields {
		width = max(width, len(f.Name))
	}
	for _, f := range fields {
		if f.Value == "" {
			continue
		}
		lines := strings.Split(Clean(f.Value), "\n")
		out.line(s.paint(dim, fmt.Sprintf("%-*s", width, f.Name)) + "  " + lines[0])
		for _, l := range lines[1:] {
			out.line(strings.Repeat(" ", width+2) + l)
		}
	}
	return out.err
}

// Document writes one value as JSON.
func Document(w io.Writer, v any) error { return indented(w, v) }
