package report

import (
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// Severity of a finding.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one thing that is wrong, whoever found it: a diagnostic of the
// configuration, what stops a plan, or an error.
type Finding struct {
	Severity Severity `json:"severity"`
	Summary  string   `json:"summary"` // a few constant words that name nothing of the user's
	Detail   string   `json:"detail,omitempty"`
	Address  string   `json:"address,omitempty"`
	File     string   `json:"file,omitempty"`
	Start    Position `json:"start,omitzero"`
	End      Position `json:"end,omitzero"`
}

// Position is a place in a file, counted from 1; the column in characters.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// FromDiagnostics turns diagnostics into findings, in the order of the text they blame.
func FromDiagnostics(diags hcl.Diagnostics) []Finding {
	var out []Finding
	for _, d := range diags {
		f := Finding{Severity: Error, Summary: d.Summary, Detail: d.Detail}
		if d.Severity == hcl.DiagWarning {
			f.Severity = Warning
		}
		if r := d.Subject; r != nil {
			f.File = r.Filename
			f.Start, f.End = Position{r.Start.Line, r.Start.Column}, Position{r.End.Line, r.End.Column}
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Finding) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Start.Line - b.Start.Line
	})
	return out
}

// FindingsText writes findings for people, each with the lines it blames. source gives a
// file's content, or nil when it is not at hand.
func FindingsText(w io.Writer, s Style, findings []Finding, source func(name string) []byte) error {
	out := &printer{w: w}
	for i, f := range findings {
		if i > 0 {
			out.line("")
		}
		findingText(out, s, f, source)
	}
	return out.err
}

func findingText(out *printer, s Style, f Finding, source func(string) []byte) {
	color, word := red, "Error: "
	if f.Severity == Warning {
		color, word = yellow, "Warning: "
	}
	head := Clean(f.Summary)
	if f.Address != "" {
		head += " (" + Clean(f.Address) + ")"
	}
	out.line(s.paint(color, word) + s.paint(bold, head))
	if f.File != "" {
		var src []byte
		if source != nil {
			src = source(f.File)
		}
		snippet(out, s, f, src)
	}
	if f.Detail != "" {
		out.line("")
		for _, l := range wrap(Clean(f.Detail), textWidth(s)-2) {
			out.line(strings.TrimRight("  "+l, " "))
		}
	}
}

// snippet shows where a finding is: file and line, the block around it, the line itself
// and what in it is meant.
func snippet(out *printer, s Style, f Finding, src []byte) {
	lines := strings.Split(string(src), "\n")
	where := "  on " + f.File
	if f.Start.Line > 0 {
		where += " line " + Count(int64(f.Start.Line))
	}
	known := f.Start.Line >= 1 && f.Start.Line <= len(lines) && len(src) > 0
	if known {
		if b := enclosing(lines, f.Start.Line-1); b != "" {
			where += ", in " + b
		}
	}
	out.line("")
	out.line(s.paint(dim, cut(Clean(where), s.Width)+":"))
	if !known {
		return
	}
	text := strings.ReplaceAll(Clean(strings.TrimRight(lines[f.Start.Line-1], "\r")), "\t", " ")
	prefix := "  " + Count(int64(f.Start.Line)) + ": "
	out.line(s.line(span{dim, prefix}, span{plain, text}))
	from := min(max(f.Start.Column-1, 0), utf8.RuneCountInString(text))
	if f.End.Line == 0 { // the line as a whole is meant
		from = utf8.RuneCountInString(text) - utf8.RuneCountInString(strings.TrimLeft(text, " "))
	}
	to := utf8.RuneCountInString(text)
	if f.End.Line == f.Start.Line && f.End.Column > f.Start.Column {
		to = min(to, f.End.Column-1)
	}
	if s.Width == 0 || len(prefix)+from < s.Width {
		out.line(s.line(span{plain, strings.Repeat(" ", len(prefix)+from)}, span{red, strings.Repeat("^", max(to-from, 1))}))
	}
}

// enclosing is the head of the block that line at stands in, or "" when it stands in none
// or is itself the head.
func enclosing(lines []string, at int) string {
	for i := at; i >= 0; i-- {
		l := strings.TrimRight(lines[i], " \t\r")
		if l == "" || l[0] == ' ' || l[0] == '\t' {
			continue
		}
		if i == at || !strings.HasSuffix(l, "{") {
			return ""
		}
		return strings.TrimSpace(strings.TrimSuffix(l, "{"))
	}
	return ""
}

// Worst reports whether any finding is an error.
func Worst(findings []Finding) Severity {
	for _, f := range findings {
		if f.Severity == Error {
			return Error
		}
	}
	return Warning
}
