package lang

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// envPrefix begins the names of environment variables that give variables their values.
const envPrefix = "INLAY_VAR_"

// input is a value given to a variable from outside the configuration.
type input struct {
	value  cty.Value
	source string // "-var", a file's name, "INLAY_VAR_x"
	at     hcl.Range
}

// inputs gathers the values of the root's variables. Later sources win: INLAY_VAR_*,
// inlay.vars, *.auto.vars in the order of their names, then -var and -var-file in the
// order written. A name that no variable has is an error in every one of them.
func (s *scope) gatherInputs() map[string]input {
	in := map[string]input{}
	s.inputsFromEnv(in)
	names, _ := s.reader.list(".") // reported when the configuration was read
	for _, name := range names {
		if base := path.Base(name); base == "inlay.vars" || base == "inlay.vars.json" {
			s.inputsFromFile(name, in)
		}
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".auto.vars") || strings.HasSuffix(name, ".auto.vars.json") {
			s.inputsFromFile(name, in)
		}
	}
	for _, v := range s.opt.Vars {
		if v.File != "" {
			s.inputsFromFile(s.fileName(v.File), in)
			continue
		}
		s.inputFromText(v.Name, v.Value, "-var", in)
	}
	return in
}

func (s *scope) inputsFromEnv(in map[string]input) {
	for _, name := range sortedKeys(s.folder.variables) {
		if value, ok := s.opt.Env(envPrefix + name); ok {
			s.inputFromText(name, value, envPrefix+name, in)
		}
	}
	for _, entry := range s.opt.Environ {
		key, _, _ := strings.Cut(entry, "=")
		name, ours := strings.CutPrefix(key, envPrefix)
		if ours && s.folder.variables[name] == nil {
			s.found.error(sumUnknownVariable, hcl.Range{}, "The environment sets %s, but no variable %q is declared.%s", key, name, hint(name, sortedKeys(s.folder.variables)))
		}
	}
}

func (s *scope) inputsFromFile(name string, in map[string]input) {
	b := s.reader.body(name, hcl.Range{})
	if b == nil {
		return
	}
	attrs, diags := b.JustAttributes()
	for _, d := range diags {
		if d.Subject != nil && d.Severity == hcl.DiagError && strings.Contains(d.Summary, "block") {
			d = problem(sumVarsFile, *d.Subject, "A file of variables holds lines name = value and no blocks. Blocks belong in a file whose name ends in .hcl.")
		}
		s.found.add(d)
	}
	for _, key := range sortedKeys(attrs) {
		a := attrs[key]
		if s.folder.variables[key] == nil {
			s.found.error(sumUnknownVariable, a.NameRange, "No variable %q is declared.%s", key, hint(key, sortedKeys(s.folder.variables)))
			continue
		}
		v, diags := a.Expr.Value(&hcl.EvalContext{Functions: standardFunctions()})
		s.found.addAll(diags)
		if diags.HasErrors() {
			v = cty.DynamicVal
		}
		in[key] = input{v, "in " + name, a.Expr.Range()}
	}
}

// inputFromText reads a value given as text: as it stands for a variable of a simple type
// or of none, and as an expression for a list, a map or an object.
func (s *scope) inputFromText(name, written, source string, in map[string]input) {
	if s.folder.variables[name] == nil {
		s.found.error(sumUnknownVariable, hcl.Range{}, "%s gives a value to %q, but no such variable is declared.%s", source, name, hint(name, sortedKeys(s.folder.variables)))
		return
	}
	v := s.variable(name)
	if v.typ.IsPrimitiveType() || !v.typed {
		in[name] = input{cty.StringVal(written), "from " + source, v.at}
		return
	}
	val, diags := parseValue(written, source)
	if diags.HasErrors() {
		detail := ""
		if !v.sensitive {
			detail = " " + diags[0].Detail
		}
		s.found.error(sumVariableValue, v.at, "The value of variable %q from %s is not a valid expression, which its type, %s, needs.%s", name, source, v.typeText(), detail)
	}
	in[name] = input{val, "from " + source, v.at}
}

// parseValue reads an expression that may refer to nothing.
func parseValue(written, source string) (cty.Value, hcl.Diagnostics) {
	if _, deep := tooDeep([]byte(written)); deep {
		return cty.DynamicVal, hcl.Diagnostics{problem(sumTooDeep, hcl.Range{}, "Its brackets nest too deep.")}
	}
	expr, diags := hclsyntax.ParseExpression([]byte(written), "<"+source+">", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	v, diags := expr.Value(&hcl.EvalContext{Functions: standardFunctions()})
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	return v, nil
}

// given returns the value of a variable of the root.
func (s *scope) given(in map[string]input) func(*variable) cty.Value {
	return func(v *variable) cty.Value {
		if i, ok := in[v.name]; ok {
			return s.accept(v, i.value, i.at, i.source)
		}
		if v.broken {
			return cty.UnknownVal(v.typ)
		}
		if v.def != cty.NilVal {
			return s.accept(v, v.def, v.at, "by default")
		}
		marks := []mark{}
		if v.sensitive {
			marks = append(marks, mark{sensitive, "var." + v.name, v.at})
		}
		return unsetValue(v.typ, "var."+v.name, v.at, marks...)
	}
}

// describeVariables tells what the variables of the root got.
func (s *scope) describeVariables(in map[string]input) []Variable {
	var out []Variable
	for _, name := range sortedKeys(s.folder.variables) {
		v, n := s.variable(name), s.variables[name]
		d := Variable{Name: name, Description: v.description, Type: v.typeText(), Sensitive: v.sensitive, Range: rangeOf(v.at)}
		if i, ok := in[name]; ok {
			d.Set, d.From = true, strings.TrimPrefix(strings.TrimPrefix(i.source, "from "), "in ")
		} else if v.def != cty.NilVal {
			d.Set, d.From = true, "default"
		}
		if d.Set && !v.sensitive {
			d.Value, _ = jsonText(n.value)
		}
		out = append(out, d)
	}
	return out
}
