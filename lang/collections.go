package lang

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// toset and tolist of a long list written out take the standard functions time that grows
// with the square of its length, because they look for a type that all elements have in
// common. Where all are of one simple type already, these take the short way.

var toSetFunction = collectionFunction("The set of the elements of a list.",
	stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), cty.Set, cty.SetVal)

var toListFunction = collectionFunction("A list whose elements are all of one type.",
	stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), cty.List, cty.ListVal)

func collectionFunction(doc string, standard function.Function, of func(cty.Type) cty.Type, build func([]cty.Value) cty.Value) function.Function {
	return function.New(&function.Spec{
		Description: doc,
		Params: []function.Parameter{{
			Name: "v", Type: cty.DynamicPseudoType, AllowNull: true, AllowMarked: true, AllowUnknown: true, AllowDynamicType: true,
		}},
		Type: func(args []cty.Value) (cty.Type, error) {
			if elem, ok := simpleElements(args[0]); ok {
				return of(elem), nil
			}
			return standard.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if _, ok := simpleElements(args[0]); !ok {
				return standard.Call(args)
			}
			tuple, marks := args[0].Unmark()
			return build(tuple.AsValueSlice()).WithMarks(marks), nil
		},
	})
}

// simpleElements returns the type of the elements of a tuple, when it is one and simple.
func simpleElements(v cty.Value) (elem cty.Type, ok bool) {
	v, _ = v.Unmark()
	if !v.Type().IsTupleType() || v.IsNull() || !v.IsKnown() || v.LengthInt() == 0 {
		return elem, false
	}
	types := v.Type().TupleElementTypes()
	for _, t := range types {
		if !t.IsPrimitiveType() || t != types[0] { // types of tuples cannot be compared so
			return elem, false
		}
	}
	return types[0], true
}
