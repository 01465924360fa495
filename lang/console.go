package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// ConsoleFile is the file that diagnostics of Eval name; Text gives what was last evaluated.
const ConsoleFile = "<console>"

// Eval evaluates an expression as the root folder sees it and writes the value as HCL.
// Secret values, and those that derive from one, are written "(sensitive)"; what has no
// value here is written "(not known here)". It must not be called concurrently.
func (c *Config) Eval(expression string) (string, Diagnostics) {
	src := []byte(expression)
	c.texts[ConsoleFile] = src
	if _, deep := tooDeep(src); deep {
		return "", Diagnostics{problem(sumTooDeep, hcl.Range{}, "The brackets of this expression nest more than %d deep.", maxDepth)}
	}
	expr, diags := hclsyntax.ParseExpression(src, ConsoleFile, hcl.InitialPos)
	if diags.HasErrors() {
		return "", diags
	}
	l := *c.root.load
	l.found = &findings{}
	s := *c.root
	s.load, s.absent = &l, map[string]*hcl.Diagnostic{}
	v := s.eval(expr, nil)
	if l.found.list.HasErrors() {
		return "", l.found.sorted()
	}
	return printValue(v), l.found.sorted()
}
