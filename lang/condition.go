package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// parseCondition reads the condition of an expect block: an expression over the columns of
// one row, kept as its text. Its grammar is a part of HCL's own:
//
//	column                      a top-level column of the table, by its name
//	"text"  12.5  true  null    constants; a text is without ${ }
//	- ! * / % + - < <= > >= == != && ||    with HCL's precedence, and ( )
//
// It has no functions, no indexes and no ? :, so that any engine can evaluate it.
func parseCondition(text string) (columns []hcl.Traversal, diags hcl.Diagnostics) {
	if line, deep := tooDeep([]byte(text)); deep {
		return nil, hcl.Diagnostics{problem(sumTooDeep, hcl.Range{}, "Brackets nest too deep in line %d.", line)}
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "condition", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	if bad := outsideGrammar(expr); bad != nil {
		at := bad.Range()
		written := string(at.SliceBytes([]byte(text)))
		return nil, hcl.Diagnostics{problem(sumExpectation, at, "%q cannot stand in a condition, which knows columns, constants, comparisons, arithmetic, &&, || and !.", written)}
	}
	return expr.Variables(), nil
}

// outsideGrammar returns the first part of an expression that a condition may not hold.
func outsideGrammar(expr hclsyntax.Expression) hclsyntax.Expression {
	switch x := expr.(type) {
	case *hclsyntax.LiteralValueExpr:
		return nil
	case *hclsyntax.TemplateExpr:
		if x.IsStringLiteral() || len(x.Parts) == 0 {
			return nil
		}
	case *hclsyntax.ParenthesesExpr:
		return outsideGrammar(x.Expression)
	case *hclsyntax.UnaryOpExpr:
		return outsideGrammar(x.Val)
	case *hclsyntax.BinaryOpExpr:
		if bad := outsideGrammar(x.LHS); bad != nil {
			return bad
		}
		return outsideGrammar(x.RHS)
	case *hclsyntax.ScopeTraversalExpr:
		if len(x.Traversal) == 1 {
			return nil
		}
	}
	return expr
}
