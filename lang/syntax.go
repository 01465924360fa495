package lang

import (
	"regexp"

	"github.com/hashicorp/hcl/v2"
)

// line is a line of a file.
type line struct {
	file string
	n    int
}

func lineAt(d *hcl.Diagnostic) line {
	at := place(d)
	return line{at.Filename, at.Start.Line}
}

// onePerLine keeps the first mistake of syntax on each line, of which the others are likely
// to follow, and adds what was probably meant.
func onePerLine(diags hcl.Diagnostics, src []byte) hcl.Diagnostics {
	var kept hcl.Diagnostics
	seen := map[line]bool{}
	for _, d := range diags {
		if d.Subject != nil && seen[lineAt(d)] {
			continue
		}
		seen[lineAt(d)] = true
		if hint := quoteHint(d, src); hint != "" {
			d.Detail += hint
		}
		kept = append(kept, d)
	}
	return kept
}

// unquotedLine is an attribute whose value could be a text: name, value, comment.
var unquotedLine = regexp.MustCompile(`^[ \t]*([A-Za-z_][A-Za-z0-9_-]*)[ \t]*=[ \t]*([^"'#{}\[\]()<\r\n]*[^"'#{}\[\]()<\r\n \t])[ \t]*(?:#[^\r\n]*)?\r?\n`)

// quoteHint is for a value such as 90d or @daily, which is no expression but could be a text.
func quoteHint(d *hcl.Diagnostic, src []byte) string {
	if d.Subject == nil || d.Summary != "Missing newline after argument" && d.Summary != "Invalid character" {
		return ""
	}
	start := min(d.Subject.Start.Byte, len(src))
	for start > 0 && src[start-1] != '\n' {
		start--
	}
	m := unquotedLine.FindSubmatch(append(src[start:len(src):len(src)], '\n'))
	if m == nil {
		return ""
	}
	return " A text is written in quotes: " + string(m[1]) + ` = "` + escaped(m[2]) + `".`
}

// addSyntax adds mistakes of syntax.
func (f *findings) addSyntax(list hcl.Diagnostics) {
	if f.torn == nil {
		f.torn = map[line]*hcl.Diagnostic{}
	}
	for _, d := range list {
		f.torn[lineAt(d)] = d
		f.add(d)
	}
}

// alone leaves out what was found on lines with a mistake of syntax, which is a part of it.
func (f *findings) alone() {
	if len(f.torn) == 0 {
		return
	}
	kept := f.list[:0]
	for _, d := range f.list {
		if first := f.torn[lineAt(d)]; first == nil || first == d {
			kept = append(kept, d)
		}
	}
	f.list = kept
}
