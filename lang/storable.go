package lang

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// storable says whether a value may be kept in state and plan. A secret one is an error
// that names the path it took; one that was not given is an error at its variable.
func (s *scope) storable(v cty.Value, expr hcl.Expression, attribute string) bool {
	m := marksOf(v)
	switch {
	case len(m[ephemeral]) > 0:
		s.found.error(sumEphemeralStored, expr.Range(), "%s is stored in state and plan, but its value derives from %s, which is never stored: %s. Only attributes that are ephemeral themselves can take it; what is stored must come from variables or the text.", attribute, m[ephemeral][0].name, s.way(m[ephemeral][0], expr))
	case len(m[sensitive]) > 0:
		s.found.error(sumSensitiveStored, expr.Range(), "%s is stored in state and plan, where everyone who may see them can read it, but its value derives from the sensitive %s: %s. Take the secret out of it, or declare the variable without sensitive = true if it is none.", attribute, m[sensitive][0].name, s.way(m[sensitive][0], expr))
	case len(m[unset]) > 0:
		s.reportUnset(m[unset][0], attribute, expr.Range())
	case !isKnown(v):
		s.skipped = append(s.skipped, expr.Range())
	default:
		return true
	}
	return false
}

// way writes the way a marked value took to an expression.
func (s *scope) way(m mark, expr hcl.Expression) string {
	here := "here"
	for _, t := range expr.Variables() {
		n := s.nodeOf(t)
		if n == nil {
			continue
		}
		if steps := n.trail(m, map[*node]bool{}); steps != nil {
			if m.kind == ephemeral {
				steps = append([]string{m.name}, steps...)
			}
			return strings.Join(append(steps, here), " → ")
		}
	}
	return m.name + " → " + here
}

// nodeOf returns the node that a traversal refers to, if there is one.
func (s *scope) nodeOf(t hcl.Traversal) *node {
	name, _ := stepName(t, 1)
	switch t.RootName() {
	case "var":
		return s.variables[name]
	case "local":
		return s.locals[name]
	case "module":
		m := s.modules[name]
		if m == nil {
			return nil
		}
		if output, ok := stepName(t, 2); ok && !m.keyed && len(m.instances) == 1 && m.instances[0].scope.outputs[output] != nil {
			return m.instances[0].scope.outputs[output]
		}
		return m.node
	case "connection", "source", "target", "schedule":
		if b, _, problem := s.findBlock(t); problem == nil {
			return b.node
		}
	}
	return nil
}

// reportUnset reports a variable that has no value but is needed, once.
func (s *scope) reportUnset(m mark, needed string, at hcl.Range) {
	if s.unsetSeen[m] {
		return
	}
	s.unsetSeen[m] = true
	if name, ok := varName(m.name); ok {
		s.found.error(sumNoValue, m.at, "Variable %q has no value, and %s needs it at %s. %s", name, needed, where(at), howToGive(name))
		return
	}
	s.found.error(sumNoValue, at, "%s needs the environment variable %s, which is not set.", needed, m.name)
}

func varName(name string) (string, bool) { return strings.CutPrefix(name, "var.") }

func howToGive(name string) string {
	return fmt.Sprintf("Set %s%s in the environment, pass -var %s=VALUE, write it in inlay.vars, or give the variable a default.", envPrefix, name, name)
}
