package lang

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// variable is a variable block, not yet given a value.
type variable struct {
	name        string
	at          hcl.Range
	typ         cty.Type
	typed       bool // a type was written
	defaults    *typeexpr.Defaults
	def         cty.Value // the converted default; NilVal when there is none
	description string
	sensitive   bool
	nullable    bool
	rules       []rule
	broken      bool // its declaration was reported; it has no usable value
}

// rule is a validation block.
type rule struct {
	condition hcl.Expression
	message   hcl.Expression
	at        hcl.Range
}

var variableSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "type"}, {Name: "default"}, {Name: "description"}, {Name: "sensitive"}, {Name: "nullable"}},
	Blocks:     []hcl.BlockHeaderSchema{{Type: "validation"}},
}

var ruleSchema = &hcl.BodySchema{Attributes: []hcl.AttributeSchema{
	{Name: "condition", Required: true}, {Name: "error_message", Required: true},
}}

// variable returns the declaration of a variable of this folder, parsed once however many
// instances the folder has.
func (s *scope) variable(name string) *variable {
	v := s.folder.parsed[name]
	if v == nil {
		v = parseVariable(name, s.folder.variables[name], s.found)
		s.folder.parsed[name] = v
	}
	return v
}

func parseVariable(name string, b *hcl.Block, found *findings) *variable {
	v := &variable{name: name, at: b.DefRange, typ: cty.DynamicPseudoType, nullable: true, def: cty.NilVal}
	content, diags := b.Body.Content(variableSchema)
	found.addAll(diags)
	v.broken = diags.HasErrors()
	if a := content.Attributes["type"]; a != nil {
		ty, defaults, diags := typeexpr.TypeConstraintWithDefaults(a.Expr)
		found.addAll(diags)
		v.typed, v.broken = true, v.broken || diags.HasErrors()
		if !diags.HasErrors() {
			v.typ, v.defaults = ty, defaults
		}
	}
	v.description = constString(content.Attributes["description"], found)
	v.sensitive = constBool(content.Attributes["sensitive"], false, found)
	v.nullable = constBool(content.Attributes["nullable"], true, found)
	if a := content.Attributes["default"]; a != nil {
		v.parseDefault(a, found)
	}
	for _, r := range content.Blocks {
		if c, ok := bodyOf(r, ruleSchema, found); ok {
			v.rules = append(v.rules, rule{c.Attributes["condition"].Expr, c.Attributes["error_message"].Expr, r.DefRange})
		}
	}
	return v
}

func (v *variable) parseDefault(a *hcl.Attribute, found *findings) {
	val, ok := constant(a, found)
	if !ok {
		v.broken = true
		return
	}
	converted, err := v.convert(val)
	switch {
	case err != nil:
		v.broken = true
		found.error(sumVariableDefault, a.Expr.Range(), "The default of variable %q does not fit its type, %s: %v.", v.name, v.typeText(), err)
	case isNull(converted) && !v.nullable:
		v.broken = true
		found.error(sumVariableDefault, a.Expr.Range(), "The default of variable %q is null, but nullable = false says that it never is.", v.name)
	default:
		v.def = converted
	}
}

// convert gives a value the variable's type, filling in the defaults of optional attributes.
func (v *variable) convert(val cty.Value) (cty.Value, error) {
	if v.defaults != nil && !val.IsNull() {
		val = v.defaults.Apply(val)
	}
	return convert.Convert(val, v.typ)
}

func (v *variable) typeText() string {
	if !v.typed {
		return "any"
	}
	return typeexpr.TypeString(v.typ)
}

var errSecret = errors.New("it is secret, so what is wrong with it is not shown")

// accept turns what was given into the variable's value: converted, checked against null
// and the validation rules, and marked. from is where the value was written.
func (s *scope) accept(v *variable, given cty.Value, from hcl.Range, source string) cty.Value {
	poison := cty.UnknownVal(v.typ)
	if v.broken {
		return poison
	}
	if v.sensitive {
		given = given.Mark(mark{sensitive, "var." + v.name, v.at})
	}
	if isNull(given) && !v.nullable {
		if v.def == cty.NilVal {
			s.found.error(sumVariableNull, from, "Variable %q is null %s, but nullable = false says that it never is.", v.name, source)
			return poison
		}
		given = v.def.WithSameMarks(given)
	}
	val, err := v.convert(given)
	if m := marksOf(given); err != nil && len(m[sensitive])+len(m[ephemeral]) > 0 {
		err = errSecret
	}
	if err != nil {
		s.found.error(sumVariableValue, from, "The value of variable %q %s does not fit its type, %s: %v.", v.name, source, v.typeText(), err)
		return poison
	}
	if !s.holds(v, val) {
		return poison
	}
	return val
}

// holds checks the validation rules. They may refer to nothing but the variable itself.
func (s *scope) holds(v *variable, val cty.Value) bool {
	ctx := &hcl.EvalContext{
		Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{v.name: val})},
		Functions: s.functions,
	}
	all := true
	for _, r := range v.rules {
		if !s.onlyRefersTo(v, r.condition) || !s.onlyRefersTo(v, r.message) {
			continue
		}
		if !s.ruleHolds(v, r, ctx) {
			all = false
		}
	}
	return all
}

func (s *scope) onlyRefersTo(v *variable, expr hcl.Expression) bool {
	for _, t := range expr.Variables() {
		if name, _ := stepName(t, 1); t.RootName() != "var" || name != v.name {
			s.found.error(sumVariableRule, t.SourceRange(), "A validation of variable %q may refer to nothing but var.%s.", v.name, v.name)
			return false
		}
	}
	return true
}

func (s *scope) ruleHolds(v *variable, r rule, ctx *hcl.EvalContext) bool {
	verdict := s.evalIn(r.condition, ctx)
	if !isKnown(verdict) {
		return true
	}
	ok, is := truth(verdict)
	if !is {
		s.found.error(sumVariableRule, r.condition.Range(), "The condition of a validation must give true or false, and this gives %s.", describe(verdict))
		return true
	}
	if ok {
		return true
	}
	said := s.evalIn(r.message, ctx)
	message, is := text(said)
	if m := marksOf(said); len(m[sensitive])+len(m[ephemeral]) > 0 {
		message, is = "The message itself derives from a secret value and is not shown.", true
	}
	if !is {
		message = "The message of the validation could not be worked out."
	}
	s.found.error(sumVariableRefused, v.at, "%s This was checked by the validation at %s.", message, where(r.at))
	return false
}

// constant evaluates an attribute that may not refer to anything.
func constant(a *hcl.Attribute, found *findings) (cty.Value, bool) {
	v, diags := a.Expr.Value(nil)
	found.addAll(diags)
	return v, !diags.HasErrors() && v.IsWhollyKnown()
}

func constString(a *hcl.Attribute, found *findings) string {
	if a == nil {
		return ""
	}
	v, ok := constant(a, found)
	if !ok {
		return ""
	}
	s, is := text(v)
	if !is {
		found.error(sumType, a.Expr.Range(), "%s must be a string, and this is %s.", a.Name, describe(v))
	}
	return s
}

func constBool(a *hcl.Attribute, def bool, found *findings) bool {
	if a == nil {
		return def
	}
	v, ok := constant(a, found)
	if !ok {
		return def
	}
	b, is := truth(v)
	if !is {
		found.error(sumType, a.Expr.Range(), "%s must be true or false, and this is %s.", a.Name, describe(v))
		return def
	}
	return b
}
