package lang

import (
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// firstMistake is the offset of the first error of a text, 0 where none is told.
func firstMistake(diags hcl.Diagnostics) int {
	first := -1
	for _, d := range diags {
		if d.Severity == hcl.DiagError && d.Subject != nil && (first < 0 || d.Subject.Start.Byte < first) {
			first = d.Subject.Start.Byte
		}
	}
	return max(first, 0)
}

// cut reports whether a part of a block may have been lost to a mistake of the syntax: of a
// text with one, what ends before it was read as it is written.
func (r *reader) cut(b *hcl.Block) bool {
	mistake, torn := r.torn[b.DefRange.Filename]
	if !torn {
		return false
	}
	body, ok := b.Body.(*hclsyntax.Body)
	return !ok || body.EndRange.End.Byte > mistake
}

// inlayHeader finds what may be the beginning of an inlay block.
var inlayHeader = regexp.MustCompile(`(?m)^\s*"?inlay"?\s*[:{]`)

// settled reports whether it is known what the inlay block says.
func (l *load) settled(root *scope, cfg *Config) bool {
	for _, name := range []string{"warehouse", "state", "required_version"} {
		if cfg.Inlay.broken[name] {
			return false
		}
	}
	if b := root.folder.inlay; b != nil {
		return !l.reader.cut(b)
	}
	if root.folder.ghosts["inlay"] {
		return false
	}
	for name := range l.reader.torn {
		if text, read := l.reader.texts[name]; !read || inlayHeader.Match(text) {
			return false
		}
	}
	return true
}
