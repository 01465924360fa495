package lang

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/inlay-sync/inlay/setting"
)

// functions are what expressions of a scope may call. All of them are pure but env, file
// and templatefile, which read only what Options lets them; none looks at a clock.
func functions(s *scope) map[string]function.Function {
	fns := standardFunctions()
	fns["env"] = envFunction(s.load)
	fns["file"] = fileFunction(s)
	fns["templatefile"] = templateFunction(s, fns)
	return fns
}

func standardFunctions() map[string]function.Function {
	return map[string]function.Function{
		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc,
		"max": stdlib.MaxFunc, "min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc,
		"signum": stdlib.SignumFunc,

		"chomp": stdlib.ChompFunc, "format": stdlib.FormatFunc, "formatlist": stdlib.FormatListFunc,
		"indent": stdlib.IndentFunc, "join": stdlib.JoinFunc, "lower": stdlib.LowerFunc, "regex": stdlib.RegexFunc,
		"regexall": stdlib.RegexAllFunc, "regexreplace": stdlib.RegexReplaceFunc, "replace": stdlib.ReplaceFunc,
		"split": stdlib.SplitFunc, "strlen": stdlib.StrlenFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc,
		"title": stdlib.TitleFunc, "trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc,
		"trimspace": stdlib.TrimSpaceFunc, "trimsuffix": stdlib.TrimSuffixFunc, "upper": stdlib.UpperFunc,

		"chunklist": stdlib.ChunklistFunc, "coalesce": stdlib.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc,
		"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc,
		"distinct": stdlib.DistinctFunc, "element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc,
		"hasindex": stdlib.HasIndexFunc, "index": stdlib.IndexFunc, "keys": stdlib.KeysFunc, "length": stdlib.LengthFunc,
		"lookup": stdlib.LookupFunc, "merge": stdlib.MergeFunc, "range": stdlib.RangeFunc, "reverse": stdlib.ReverseListFunc,
		"setintersection": stdlib.SetIntersectionFunc, "setproduct": stdlib.SetProductFunc,
		"setsubtract": stdlib.SetSubtractFunc, "setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc,
		"sort": stdlib.SortFunc, "values": stdlib.ValuesFunc, "zipmap": stdlib.ZipmapFunc,

		"csvdecode": stdlib.CSVDecodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "jsonencode": stdlib.JSONEncodeFunc,
		"formatdate": stdlib.FormatDateFunc, "timeadd": stdlib.TimeAddFunc,

		"tobool": stdlib.MakeToFunc(cty.Bool), "tonumber": stdlib.MakeToFunc(cty.Number), "tostring": stdlib.MakeToFunc(cty.String),
		"tolist": toListFunction, "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)), "toset": toSetFunction,

		"try": tryFunction, "can": canFunction, "duration": durationFunction,
	}
}

// unsetError says that an environment variable has no value.
type unsetError struct{ name string }

func (e *unsetError) Error() string {
	return fmt.Sprintf("the environment variable %s is not set", e.name)
}

// envFunction reads the environment. Its result is marked ephemeral; a variable that is
// unset or empty is an error, which try() may catch.
func envFunction(l *load) function.Function {
	return function.New(&function.Spec{
		Description: "The value of an environment variable, which is ephemeral.",
		Params:      []function.Parameter{openParameter("name")},
		Type:        function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			name, instead, err := openText(args[0], "the name of an environment variable")
			if err != nil || instead != cty.NilVal {
				return instead, err
			}
			value, ok := l.opt.Env(name)
			if !ok || value == "" {
				return cty.DynamicVal, &unsetError{name}
			}
			l.envReads++
			return cty.StringVal(value).Mark(ephemeralMark(name)), nil
		},
	})
}

// openParameter is a string that must not be secret, because it is named in messages.
func openParameter(name string) function.Parameter {
	return function.Parameter{Name: name, Type: cty.String, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true}
}

// openText returns the text of an openParameter. When it has none to give, instead is the
// function's result.
func openText(arg cty.Value, what string) (written string, instead cty.Value, err error) {
	if m := marksOf(arg); len(m[sensitive])+len(m[ephemeral]) > 0 {
		return "", cty.UnknownVal(cty.String), fmt.Errorf("%s is shown and recorded, so it cannot be secret", what)
	}
	if !isKnown(arg) {
		return "", cty.UnknownVal(cty.String).WithSameMarks(arg), nil
	}
	written, _ = text(arg)
	return written, cty.NilVal, nil
}

// durationFunction gives the seconds of a duration, so that durations can be reckoned with.
var durationFunction = function.New(&function.Spec{
	Description: "The number of seconds in a duration such as \"90d\" or \"1h30m\".",
	Params:      []function.Parameter{{Name: "text", Type: cty.String}},
	Type:        function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		written, _ := text(args[0])
		d, err := setting.ParseDuration(written)
		if err != nil {
			return cty.DynamicVal, err
		}
		return cty.NumberFloatVal(d.Seconds()), nil
	},
})

// tryFunction returns the first of its arguments that evaluates without an error. A value
// that is unset here counts as evaluated, and stays unset.
var tryFunction = function.New(&function.Spec{
	Description: "The first of its arguments that evaluates without an error.",
	VarParam:    &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := firstWithoutError(args)
		if err != nil {
			return cty.NilType, err
		}
		return v.Type(), nil
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return firstWithoutError(args) },
})

func firstWithoutError(args []cty.Value) (cty.Value, error) {
	var last error = fmt.Errorf("try needs at least one expression")
	for _, arg := range args {
		v, diags := customdecode.ExpressionClosureFromVal(arg).Value()
		if !diags.HasErrors() {
			return v, nil
		}
		last = fmt.Errorf("none of the expressions could be evaluated; the last: %s", diags[0].Detail)
		if name, ok := unsetVariable(diags[0]); ok {
			last = &unsetError{name}
		}
	}
	return cty.DynamicVal, last
}

// canFunction says whether its argument evaluates without an error.
var canFunction = function.New(&function.Spec{
	Description: "Whether its argument evaluates without an error.",
	Params:      []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
	Type:        function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		_, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
		return cty.BoolVal(!diags.HasErrors()), nil
	},
})
