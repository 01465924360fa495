package lang

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// forEach evaluates a for_each once and returns its instances in the order of their keys.
// ok is false when they cannot be told, which was reported.
func (s *scope) forEach(expr hcl.Expression, e *each) (all []*each, ok bool) {
	v, all := s.distinct(expr, e)
	if all != nil {
		return all, true
	}
	bare, outer := v.Unmark() // what the leaves are marked with does not matter here
	if secret := secretIn(outer); secret != nil {
		s.reportForEachSecret(*secret, expr)
		return nil, false
	}
	for m := range outer {
		if m, ok := m.(mark); ok && m.kind == unset {
			s.reportUnset(m, "for_each", expr.Range())
			return nil, false
		}
	}
	if !bare.IsKnown() {
		s.skipped = append(s.skipped, expr.Range())
		return nil, false
	}
	keys, values, problem := elements(bare)
	if problem != "" {
		s.found.error(sumForEach, expr.Range(), "for_each takes a set of strings or a map, and this cannot be used: %s.", problem)
		return nil, false
	}
	for i, k := range keys {
		value := values[i]
		if bare.Type().IsSetType() {
			value = cty.StringVal(k)
		}
		all = append(all, &each{key: k, value: value})
	}
	return all, true
}

// distinct is the value of an expression, or, where that is toset of texts, what for_each
// makes of it: a set of many thousands takes longer to build and to read in order than all
// else that is done with it.
func (s *scope) distinct(expr hcl.Expression, e *each) (v cty.Value, all []*each) {
	call, is := expr.(*hclsyntax.FunctionCallExpr)
	if !is || call.Name != "toset" || len(call.Args) != 1 || call.ExpandFinal {
		return s.eval(expr, e), nil
	}
	v = s.eval(call.Args[0], e)
	if all = texts(v); all != nil {
		return v, all
	}
	rest := *call
	rest.Args = []hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: v, SrcRange: call.Args[0].Range()}}
	return s.eval(&rest, e), nil
}

// texts makes an each of every text of a tuple, once and in order; nil when that is not all
// there is to it.
func texts(v cty.Value) []*each {
	if v.IsMarked() || !v.Type().IsTupleType() || !v.IsKnown() || v.IsNull() || v.LengthInt() == 0 {
		return nil
	}
	all := make([]*each, 0, v.LengthInt())
	for _, el := range v.AsValueSlice() {
		if el.IsMarked() || el.Type() != cty.String || !el.IsKnown() || el.IsNull() || el.AsString() == "" {
			return nil
		}
		all = append(all, &each{key: el.AsString(), value: el})
	}
	slices.SortFunc(all, func(a, b *each) int { return strings.Compare(a.key, b.key) })
	return slices.CompactFunc(all, func(a, b *each) bool { return a.key == b.key })
}

// secretIn returns a secret mark of a value itself. In a set the marks of its elements are
// the set's own, so a set with a secret element is secret; in a map only the keys need to be open.
func secretIn(marks cty.ValueMarks) *mark {
	var found []mark
	for m := range marks {
		if m, ok := m.(mark); ok && m.kind != unset {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil
	}
	sortMarks(found)
	return &found[0]
}

func (s *scope) reportForEachSecret(m mark, expr hcl.Expression) {
	s.found.error(sumForEachSensitive, expr.Range(), "The keys of for_each stand in addresses, state and plan, but this value derives from the secret %s: %s. Make the keys from something that is no secret, and look the secret up by each.key.", m.name, s.way(m, expr))
}
