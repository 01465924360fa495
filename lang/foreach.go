package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// forEach evaluates a for_each once and returns its instances in the order of their keys.
// ok is false when they cannot be told, which was reported.
func (s *scope) forEach(expr hcl.Expression, e *each) (all []*each, ok bool) {
	bare, outer := s.eval(expr, e).Unmark() // what the leaves are marked with does not matter here
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
