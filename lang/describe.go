package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Function describes one function of the expression language.
type Function struct {
	Name string
	// Params are the names of the parameters in order; the last ends in "..." when it may be
	// given any number of times.
	Params []string
	Doc    string // one sentence or more; never empty
}

// Functions lists what expressions may call, by name.
func Functions() []Function {
	s := &scope{load: &load{}}
	all := functions(s)
	out := make([]Function, 0, len(all))
	for _, name := range sortedKeys(all) {
		out = append(out, describeFunction(name, all[name]))
	}
	return out
}

// conversions are the functions that the library makes without words of their own.
var conversions = map[string]string{
	"tobool": "true or false", "tonumber": "a number", "tostring": "a string",
	"tolist": "a list", "tomap": "a map", "toset": "a set",
}

func describeFunction(name string, f function.Function) Function {
	out := Function{Name: name, Doc: f.Description()}
	if to := conversions[name]; to != "" {
		out.Doc = "Turns its argument into " + to + "; an error where that cannot be done."
	}
	for _, p := range f.Params() {
		out.Params = append(out.Params, paramName(p))
	}
	if p := f.VarParam(); p != nil {
		out.Params = append(out.Params, paramName(*p)+"...")
	}
	return out
}

// paramName is the name of a parameter, or its type where the library gives it none.
func paramName(p function.Parameter) string {
	switch {
	case p.Name != "":
		return p.Name
	case p.Type == cty.NilType:
		return "value"
	}
	return p.Type.FriendlyName()
}
