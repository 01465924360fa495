package lang

import (
	"fmt"
	"path"
	"path/filepath"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// fileFunction reads a text file. A relative path is relative to the folder in which it is
// written.
func fileFunction(s *scope) function.Function {
	return function.New(&function.Spec{
		Description: "The content of a text file, by its path relative to the folder of the configuration.",
		Params:      []function.Parameter{openParameter("path")},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			written, instead, err := openText(args[0], "the path of a file")
			if err != nil || instead != cty.NilVal {
				return instead, err
			}
			_, src, err := s.readText(written)
			if err != nil {
				return cty.UnknownVal(cty.String), err
			}
			return cty.StringVal(src), nil
		},
	})
}

func (s *scope) readText(written string) (name, src string, err error) {
	name = s.fileName(written)
	raw, err := s.reader.read(name)
	if err != nil {
		return name, "", fmt.Errorf("the file %s cannot be read: %w", name, cause(err))
	}
	if !utf8.Valid(raw) {
		return name, "", fmt.Errorf("the file %s is not UTF-8 text", name)
	}
	return name, string(raw), nil
}

func (s *scope) fileName(written string) string {
	if filepath.IsAbs(written) {
		return filepath.ToSlash(filepath.Clean(written))
	}
	return path.Join(s.folder.dir, filepath.ToSlash(written))
}

// templateFunction renders a file as a template with the variables it is given. A template
// cannot render another, so that none can include itself.
func templateFunction(s *scope, outer map[string]function.Function) function.Function {
	inner := map[string]function.Function{}
	for name, f := range outer {
		inner[name] = f
	}
	return function.New(&function.Spec{
		Description: "The text of a template file, rendered with the variables of a map.",
		Params: []function.Parameter{
			openParameter("path"),
			{Name: "variables", Type: cty.DynamicPseudoType, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true},
		},
		Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			written, instead, err := openText(args[0], "the path of a template")
			if err != nil || instead != cty.NilVal {
				return instead, err
			}
			return s.render(written, args[1], inner)
		},
	})
}

func (s *scope) render(file string, variables cty.Value, fns map[string]function.Function) (cty.Value, error) {
	tmpl, name, err := s.template(file)
	if err != nil {
		return cty.DynamicVal, err
	}
	vars, marks := variables.Unmark()
	if !vars.IsKnown() {
		return cty.UnknownVal(cty.String).WithMarks(marks), nil
	}
	ty := vars.Type()
	if !ty.IsObjectType() && !ty.IsMapType() || vars.IsNull() {
		return cty.DynamicVal, fmt.Errorf("the variables of a template are a map, written { name = value }")
	}
	ctx := &hcl.EvalContext{Variables: vars.AsValueMap(), Functions: fns}
	if ctx.Variables == nil {
		ctx.Variables = map[string]cty.Value{}
	}
	for _, t := range tmpl.Variables() {
		if _, ok := ctx.Variables[t.RootName()]; !ok {
			return cty.DynamicVal, fmt.Errorf("%s: the template needs %q, which it is not given.%s", where(t.SourceRange()), t.RootName(), hint(t.RootName(), sortedKeys(ctx.Variables)))
		}
	}
	out, err := rendered(tmpl, ctx, name)
	return out.WithMarks(marks), err
}

func (s *scope) template(file string) (tmpl hclsyntax.Expression, name string, err error) {
	name, src, err := s.readText(file)
	if err != nil {
		return nil, name, err
	}
	if _, deep := tooDeep([]byte(src)); deep {
		return nil, name, fmt.Errorf("brackets nest too deep in %s", name)
	}
	tmpl, diags := hclsyntax.ParseTemplate([]byte(src), name, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, name, fmt.Errorf("%s: %s", where(place(diags[0])), diags[0].Detail)
	}
	return tmpl, name, nil
}

// rendered is the text of a template, with the marks of what went into it.
func rendered(tmpl hclsyntax.Expression, ctx *hcl.EvalContext, name string) (cty.Value, error) {
	v, diags := tmpl.Value(ctx)
	if diags.HasErrors() {
		if unset, ok := unsetVariable(diags[0]); ok {
			return cty.DynamicVal, &unsetError{unset}
		}
		return cty.DynamicVal, fmt.Errorf("%s: %s", where(place(diags[0])), diags[0].Detail)
	}
	bare, inside := v.UnmarkDeep()
	if !bare.IsKnown() {
		return cty.UnknownVal(cty.String).WithMarks(inside), nil
	}
	out, ok := text(bare)
	if !ok {
		return cty.DynamicVal, fmt.Errorf("%s does not give a text but %s", name, describe(bare))
	}
	return cty.StringVal(out).WithMarks(inside), nil
}
