package lang

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// roots are what a reference may begin with.
var roots = [...]string{"var", "local", "module", "connection", "source", "target", "schedule", "path", "each"}

// unquoted reports a text that was written without its quotes: condition = amount > 0. It
// is told by names that nothing has and that are no misspelling of what could stand there.
func (d *decoder) unquoted(a *hcl.Attribute, st *setting.Setting) bool {
	switch st.Kind {
	case setting.String, setting.Duration, setting.Size:
	default:
		return false
	}
	expr, native := hcl.UnwrapExpression(a.Expr).(hclsyntax.Expression)
	if !native || st.Ephemeral {
		return false
	}
	switch expr.(type) {
	case *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr, *hclsyntax.LiteralValueExpr:
		return false
	}
	var values []hcl.Range // what stands for values in the text
	bare := false
	for _, t := range a.Expr.Variables() {
		switch root := t.RootName(); {
		case slices.Contains(roots[:], root):
			values = append(values, t.SourceRange())
		case addr.Nearest(root, roots[:]) != "":
			return false
		default:
			bare = true
		}
	}
	if !bare {
		return false
	}
	text, ok := d.quoted(expr.Range(), values)
	if !ok {
		return false
	}
	d.found.error(sumUnquoted, expr.Range(), "%s is a text, and a text is written in quotes: %s = %s.", a.Name, a.Name, text)
	return true
}

// quoted writes a piece of a file as a text in quotes, with ${…} around some places in it.
func (d *decoder) quoted(at hcl.Range, values []hcl.Range) (string, bool) {
	src := d.reader.texts[at.Filename]
	if !at.CanSliceBytes(src) {
		return "", false
	}
	slices.SortFunc(values, func(a, b hcl.Range) int { return a.Start.Byte - b.Start.Byte })
	var b strings.Builder
	from := at.Start.Byte
	for _, v := range values {
		b.WriteString(escaped(src[from:v.Start.Byte]) + "${" + string(v.SliceBytes(src)) + "}")
		from = v.End.Byte
	}
	b.WriteString(escaped(src[from:at.End.Byte]))
	return `"` + b.String() + `"`, true
}

// escaped writes a piece of a file as it stands between quotes.
func escaped(piece []byte) string {
	q := strconv.Quote(string(piece))
	return strings.ReplaceAll(q[1:len(q)-1], "%{", "%%{")
}
