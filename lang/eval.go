package lang

import (
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/addr"
)

// eval evaluates an expression. What is wrong with it is reported here, and the value is
// then unknown, so that nothing that depends on it reports it again. A value that the
// environment or a variable does not have here is unknown and marked unset.
func (s *scope) eval(expr hcl.Expression, e *each) cty.Value {
	if v, ok := literal(expr); ok {
		return v
	}
	if v, ok := e.alone(expr); ok {
		return v
	}
	return s.evalIn(expr, s.context(expr.Variables(), e))
}

// alone is the value of an expression that is each.key or each.value and no more, as the name
// of nearly every table under for_each is.
func (e *each) alone(expr hcl.Expression) (cty.Value, bool) {
	spelt, ok := expr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || e == nil || len(spelt.Traversal) != 2 || spelt.Traversal.RootName() != "each" {
		return cty.NilVal, false
	}
	switch step, _ := spelt.Traversal[1].(hcl.TraverseAttr); step.Name {
	case "key":
		return cty.StringVal(e.key), true
	case "value":
		return e.value, true
	}
	return cty.NilVal, false
}

// literal returns the value of an expression that spells it, as most do.
func literal(expr hcl.Expression) (cty.Value, bool) {
	quoted, isQuoted := expr.(*hclsyntax.TemplateExpr)
	if isQuoted && quoted.IsStringLiteral() {
		expr = quoted.Parts[0]
	}
	spelt, ok := expr.(*hclsyntax.LiteralValueExpr)
	if !ok || isQuoted && spelt.Val.Type() != cty.String {
		return cty.NilVal, false
	}
	return spelt.Val, true
}

func (s *scope) evalIn(expr hcl.Expression, ctx *hcl.EvalContext) cty.Value {
	reads := s.envReads
	v, diags := expr.Value(ctx)
	if !diags.HasErrors() {
		s.found.addAll(diags)
		return v
	}
	lacking := s.reportFailure(diags, s.envReads != reads || anySecret(ctx))
	if len(lacking) < len(diags) {
		return cty.DynamicVal
	}
	missing := cty.DynamicVal
	for _, name := range lacking {
		missing = missing.Mark(mark{unset, name, hcl.Range{}}).Mark(ephemeralMark(name))
	}
	return missing
}

// reportFailure reports why an evaluation failed, without the words that might show a
// value when a secret one took part. An environment variable that is not set is not
// reported but returned.
func (s *scope) reportFailure(diags hcl.Diagnostics, secret bool) (lacking []string) {
	for _, d := range diags {
		if name, ok := unsetVariable(d); ok {
			lacking = append(lacking, name)
			continue
		}
		if secret {
			discreet(d)
		}
		s.found.add(withHint(d))
	}
	return lacking
}

// anySecret reports whether an expression can see a secret value.
func anySecret(ctx *hcl.EvalContext) bool {
	for ; ctx != nil; ctx = ctx.Parent() {
		for _, v := range ctx.Variables {
			if m := marksOf(v); len(m[sensitive])+len(m[ephemeral]) > 0 {
				return true
			}
		}
	}
	return false
}

// discreet takes the words out of a diagnostic that may quote a value, as those of
// functions and conversions do.
func discreet(d *hcl.Diagnostic) {
	switch d.Summary {
	case "Unsupported attribute", "Call to unknown function", "Unsupported argument", "Unsupported block type", "Missing required argument", sumDynamicSensitive:
		return
	}
	d.Detail = "This expression works with a secret value, and why it fails might show it, so it is not said here."
}

// unsetVariable returns the environment variable that env() did not find, when that is
// what a diagnostic says.
func unsetVariable(d *hcl.Diagnostic) (string, bool) {
	extra, ok := d.Extra.(hclsyntax.FunctionCallDiagExtra)
	if !ok {
		return "", false
	}
	var unset *unsetError
	if !errors.As(extra.FunctionCallError(), &unset) {
		return "", false
	}
	return unset.name, true
}

// withHint adds what was probably meant to HCL's own words about a missing attribute or key.
func withHint(d *hcl.Diagnostic) *hcl.Diagnostic {
	if d.EvalContext == nil || d.Expression == nil || strings.Contains(d.Detail, "Did you mean") {
		return d
	}
	if d.Summary != "Unsupported attribute" && d.Summary != "Invalid index" {
		return d
	}
	missing, known := missingKey(d.Expression, d.EvalContext)
	if near := addr.Nearest(missing, known); missing != "" && near != "" {
		d.Detail += " Did you mean \"" + near + "\"?"
	}
	return d
}

// missingKey walks the expression to the first name that its value does not have, and
// returns the names it does have.
func missingKey(expr hcl.Expression, ctx *hcl.EvalContext) (missing string, known []string) {
	var at cty.Value
	var steps hcl.Traversal
	switch x := expr.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		v, diags := x.Traversal[:1].TraverseAbs(ctx)
		if diags.HasErrors() {
			return "", nil
		}
		at, steps = v, x.Traversal[1:]
	case *hclsyntax.RelativeTraversalExpr:
		v, diags := x.Source.Value(ctx)
		if diags.HasErrors() {
			return "", nil
		}
		at, steps = v, x.Traversal
	case *hclsyntax.IndexExpr:
		v, diags := x.Collection.Value(ctx)
		k, more := x.Key.Value(ctx)
		if name, ok := text(k); ok && !diags.HasErrors() && !more.HasErrors() {
			return name, keysOf(v)
		}
		return "", nil
	default:
		return "", nil
	}
	for i, step := range steps {
		next, diags := hcl.Traversal{step}.TraverseRel(at)
		if diags.HasErrors() {
			name, _ := stepName(steps, i)
			return name, keysOf(at)
		}
		at = next
	}
	return "", nil
}

func ephemeralMark(variable string) mark {
	return mark{ephemeral, "env(\"" + variable + "\")", hcl.Range{}}
}
