package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/inlay-sync/inlay/setting"
)

var outputSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "value", Required: true}, {Name: "description"}, {Name: "sensitive"},
}}

// newOutputNode makes the node of an output. Marks pass through it into the folder that
// uses the module; the root's outputs are checked when they are listed.
func newOutputNode(s *scope, name string, b *hcl.Block) *node {
	return s.valueNode("output."+name, b.DefRange, func() cty.Value {
		content, _ := bodyOf(b, outputSchema, s.found)
		v := cty.DynamicVal
		if a := content.Attributes["value"]; a != nil {
			v = s.eval(a.Expr, nil)
		}
		constString(content.Attributes["description"], s.found)
		if constBool(content.Attributes["sensitive"], false, s.found) {
			v = v.Mark(mark{sensitive, "output." + name, b.DefRange})
		}
		return v
	})
}

// listOutputs returns the outputs of the root that have a value.
func (s *scope) listOutputs() []Output {
	var out []Output
	for _, name := range sortedKeys(s.outputs) {
		if o, ok := s.output(name); ok {
			out = append(out, o)
		}
	}
	return out
}

func (s *scope) output(name string) (Output, bool) {
	b := s.folder.outputs[name]
	content, _, _ := b.Body.PartialContent(outputSchema) // reported by the node
	a := content.Attributes["value"]
	if a == nil {
		return Output{}, false
	}
	silent := &findings{}
	o := Output{Name: name, Range: rangeOf(b.DefRange)}
	o.Description = constString(content.Attributes["description"], silent)
	o.Sensitive = constBool(content.Attributes["sensitive"], false, silent)
	v := s.outputs[name].value
	if !s.mayOutput(v, a.Expr, &o) {
		return o, false
	}
	if err := o.hold(v); err != nil {
		s.found.error(sumType, a.Expr.Range(), "The output cannot be shown: %v.", err)
		return o, false
	}
	return o, true
}

// mayOutput refuses secrets that the output does not own up to, and values not known here.
func (s *scope) mayOutput(v cty.Value, expr hcl.Expression, o *Output) bool {
	m := marksOf(v)
	switch {
	case len(m[ephemeral]) > 0:
		s.found.error(sumOutputEphemeral, expr.Range(), "An output is shown and kept, but this value derives from %s, which is never stored: %s.", m[ephemeral][0].name, s.way(m[ephemeral][0], expr))
	case len(m[sensitive]) > 0 && !o.Sensitive:
		s.found.error(sumOutputSensitive, expr.Range(), "This value derives from the sensitive %s: %s. Add sensitive = true to the output if it is meant to hold a secret.", m[sensitive][0].name, s.way(m[sensitive][0], expr))
	case len(m[unset]) > 0:
		s.reportUnset(m[unset][0], "output."+o.Name, expr.Range())
	case !isKnown(v):
		s.skipped = append(s.skipped, expr.Range())
	default:
		return true
	}
	return false
}

// hold takes the value in, in the form that its sensitivity allows.
func (o *Output) hold(v cty.Value) error {
	p, err := plain(v)
	if err != nil {
		return err
	}
	if o.Sensitive {
		asJSON, err := jsonText(v)
		o.Secret, o.Text = setting.NewSecret(asJSON), "(sensitive)"
		return err
	}
	o.Value, o.Text = p, printValue(v)
	return nil
}
