package lang

import (
	"fmt"
	"math"
	"math/big"
	"reflect"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/setting"
)

// This file alone takes cty values apart. Every function takes any value whatever: marked,
// null, unknown and wrongly typed ones are answers, never panics.

// addressType is the type of a block's "address" attribute: an address that turns into its
// text where a string is wanted, and that no string can turn into.
var addressType = cty.CapsuleWithOps("address", reflect.TypeFor[addr.Address](), &cty.CapsuleOps{
	ConversionFrom: func(dst cty.Type) func(any, cty.Path) (cty.Value, error) {
		if dst != cty.String {
			return nil
		}
		return func(v any, _ cty.Path) (cty.Value, error) { return cty.StringVal(v.(*addr.Address).String()), nil }
	},
	RawEquals: func(a, b any) bool { return *a.(*addr.Address) == *b.(*addr.Address) },
	Equals:    func(a, b any) cty.Value { return cty.BoolVal(*a.(*addr.Address) == *b.(*addr.Address)) },
	HashKey:   func(v any) string { return v.(*addr.Address).String() },
})

const addressAttr = "address"

func addressValue(a addr.Address) cty.Value { return cty.CapsuleVal(addressType, &a) }

// addressOf returns the address in a reference to a block.
func addressOf(v cty.Value) (a addr.Address, ok bool) {
	v = unmarked(v)
	if v.IsNull() || !v.IsKnown() {
		return a, false
	}
	if ty := v.Type(); ty.IsObjectType() && ty.HasAttribute(addressAttr) {
		v = v.GetAttr(addressAttr)
	}
	if !v.Type().Equals(addressType) || v.IsNull() || !v.IsKnown() {
		return a, false
	}
	p, ok := v.EncapsulatedValue().(*addr.Address)
	if !ok {
		return a, false
	}
	return *p, true
}

// isGroup reports whether v is all instances of a block under for_each, and gives a key.
func isGroup(v cty.Value) (key string, ok bool) {
	v = unmarked(v)
	if v.IsNull() || !v.IsKnown() || !v.Type().IsObjectType() {
		return "", false
	}
	for k, el := range v.AsValueMap() {
		if _, is := addressOf(el); !is {
			return "", false
		}
		if key == "" || k < key {
			key = k
		}
	}
	return key, key != ""
}

// unmarked is v without marks at any depth.
func unmarked(v cty.Value) cty.Value {
	if v.Type().IsPrimitiveType() { // as nearly all are, and looking into them would cost
		v, _ = v.Unmark()
		return v
	}
	v, _ = v.UnmarkDeep()
	return v
}

func isNull(v cty.Value) bool { v, _ = v.Unmark(); return v.IsNull() }

func isKnown(v cty.Value) bool { return unmarked(v).IsWhollyKnown() }

// text returns a string, or false for anything else; numbers and bools are not strings.
func text(v cty.Value) (string, bool) {
	v = unmarked(v)
	if v.IsNull() || !v.IsKnown() || v.Type() != cty.String {
		return "", false
	}
	return v.AsString(), true
}

// truth returns a bool; a string that spells one counts.
func truth(v cty.Value) (value, ok bool) {
	v = unmarked(v)
	c, err := convert.Convert(v, cty.Bool)
	if err != nil || c.IsNull() || !c.IsKnown() {
		return false, false
	}
	return c.True(), true
}

// elements returns the keys and values of what for_each accepts: a map, an object or a set
// of strings. problem is "" when it is one of them.
func elements(v cty.Value) (keys []string, values []cty.Value, problem string) {
	v, _ = v.Unmark()
	ty := v.Type()
	switch {
	case v.IsNull():
		return nil, nil, "it is null"
	case !v.IsKnown():
		return nil, nil, "it is not known"
	case ty.IsMapType(), ty.IsObjectType(), ty.IsSetType():
	case ty.IsTupleType(), ty.IsListType():
		return nil, nil, "it is a list, whose elements have no names; make it a set with toset(...)"
	default:
		return nil, nil, "it is a " + ty.FriendlyName()
	}
	for it := v.ElementIterator(); it.Next(); {
		k, el := it.Element()
		if ty.IsSetType() {
			k = el
		}
		name, ok := text(k)
		if !ok {
			return nil, nil, "its elements are not all strings"
		}
		if name == "" {
			return nil, nil, "one of its keys is empty"
		}
		keys, values = append(keys, name), append(values, el)
	}
	return keys, values, ""
}

// plain turns a known value into the Go form of setting.Any. Whole numbers become int64
// where they fit, others float64.
func plain(v cty.Value) (any, error) {
	v = unmarked(v)
	if !v.IsWhollyKnown() {
		return nil, fmt.Errorf("its value is not known")
	}
	return plainKnown(v)
}

func plainKnown(v cty.Value) (any, error) {
	ty := v.Type()
	switch {
	case v.IsNull():
		return nil, nil
	case ty == cty.String:
		return v.AsString(), nil
	case ty == cty.Bool:
		return v.True(), nil
	case ty == cty.Number:
		return plainNumber(v.AsBigFloat())
	case ty.Equals(addressType):
		a, _ := addressOf(v)
		return a.String(), nil
	case ty.IsListType(), ty.IsTupleType(), ty.IsSetType():
		out := make([]any, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			_, el := it.Element()
			p, err := plainKnown(el)
			if err != nil {
				return nil, err
			}
			out = append(out, p)
		}
		return out, nil
	case ty.IsMapType(), ty.IsObjectType():
		out := map[string]any{}
		for k, el := range v.AsValueMap() {
			p, err := plainKnown(el)
			if err != nil {
				return nil, err
			}
			out[k] = p
		}
		return out, nil
	}
	return nil, fmt.Errorf("a %s cannot stand here", ty.FriendlyName())
}

func plainNumber(f *big.Float) (any, error) {
	if i, acc := f.Int64(); acc == big.Exact {
		return i, nil
	}
	n, _ := f.Float64()
	if math.IsInf(n, 0) {
		return nil, fmt.Errorf("the number is too large")
	}
	return n, nil
}

// numberText writes a number in full, unless that would take more digits than anyone reads.
func numberText(v cty.Value) (string, bool) {
	if v.Type() != cty.Number || v.IsNull() || !v.IsKnown() || v.IsMarked() {
		return "", false
	}
	f := v.AsBigFloat()
	if e := f.MantExp(nil); e > 4000 || e < -4000 {
		return fmt.Sprintf("(a number of some %d digits)", int(math.Abs(float64(e))*math.Log10(2))), true
	}
	return f.Text('f', -1), true
}

// settingValue turns a value into the Go form of a setting's kind. It refuses a number or a
// bool where a string is wanted: a version written 2.10 without quotes is the number 2.1.
func settingValue(v cty.Value, s *setting.Setting) (any, error) {
	v = unmarked(v)
	switch s.Kind {
	case setting.String, setting.Duration, setting.Size:
		return stringValue(v)
	case setting.Int:
		return intValue(v)
	case setting.Float:
		n, err := number(v)
		if err != nil {
			return nil, err
		}
		f, _ := n.Float64()
		if math.IsInf(f, 0) {
			return nil, fmt.Errorf("it is too large")
		}
		return f, nil
	case setting.Bool:
		b, ok := truth(v)
		if !ok {
			return nil, fmt.Errorf("a bool is needed here, true or false, and this is %s", describe(v))
		}
		return b, nil
	case setting.Strings:
		return stringsValue(v)
	case setting.Map:
		if ty := v.Type(); !ty.IsMapType() && !ty.IsObjectType() {
			return nil, fmt.Errorf("a map is needed here, written { name = value }, and this is %s", describe(v))
		}
	}
	return plain(v)
}

func stringValue(v cty.Value) (any, error) {
	if v.Type().Equals(addressType) {
		return plainKnown(v)
	}
	s, ok := text(v)
	if !ok {
		if ty := v.Type(); ty == cty.Number || ty == cty.Bool {
			return nil, fmt.Errorf("a string is needed here, and this is %s; write it in quotes", describe(v))
		}
		return nil, fmt.Errorf("a string is needed here, and this is %s", describe(v))
	}
	return s, nil
}

func intValue(v cty.Value) (any, error) {
	n, err := number(v)
	if err != nil {
		return nil, err
	}
	i, acc := n.Int64()
	if acc != big.Exact {
		return nil, fmt.Errorf("a whole number is needed here")
	}
	return i, nil
}

func number(v cty.Value) (*big.Float, error) {
	c, err := convert.Convert(v, cty.Number)
	if err != nil || c.IsNull() || !c.IsKnown() || v.Type() == cty.Bool {
		return nil, fmt.Errorf("a number is needed here, and this is %s", describe(v))
	}
	return c.AsBigFloat(), nil
}

func stringsValue(v cty.Value) (any, error) {
	ty := v.Type()
	if !ty.IsListType() && !ty.IsTupleType() && !ty.IsSetType() {
		return nil, fmt.Errorf("a list of strings is needed here, written [\"one\", \"two\"], and this is %s", describe(v))
	}
	out := make([]any, 0, v.LengthInt())
	for it := v.ElementIterator(); it.Next(); {
		_, el := it.Element()
		s, ok := text(el)
		if !ok {
			return nil, fmt.Errorf("every element must be a string, and one is %s", describe(el))
		}
		out = append(out, s)
	}
	return out, nil
}

// describe names the type of a value for people, never the value.
func describe(v cty.Value) string {
	v, _ = v.Unmark()
	switch ty := v.Type(); {
	case v.IsNull():
		return "null"
	case ty.IsTupleType(), ty.IsListType(), ty.IsSetType():
		return "a list"
	case ty.IsObjectType(), ty.IsMapType():
		if _, ok := addressOf(v); ok {
			return "a block"
		}
		return "a map"
	case ty == cty.DynamicPseudoType:
		return "a value of any type"
	default:
		return "a " + ty.FriendlyName()
	}
}

// fromGo is the inverse of plain. Anything that is no Go form of a setting becomes null.
func fromGo(v any) cty.Value {
	switch v := v.(type) {
	case string:
		return cty.StringVal(v)
	case bool:
		return cty.BoolVal(v)
	case int64:
		return cty.NumberIntVal(v)
	case int:
		return cty.NumberIntVal(int64(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			break
		}
		return cty.NumberFloatVal(v)
	case []any:
		out := make([]cty.Value, len(v))
		for i, el := range v {
			out[i] = fromGo(el)
		}
		return cty.TupleVal(out)
	case setting.Values:
		return fromGo(map[string]any(v))
	case map[string]any:
		out := make(map[string]cty.Value, len(v))
		for k, el := range v {
			out[k] = fromGo(el)
		}
		return cty.ObjectVal(out)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

// jsonText writes a known value as JSON.
func jsonText(v cty.Value) (string, error) {
	v = unmarked(v)
	if !v.IsWhollyKnown() {
		return "", fmt.Errorf("its value is not known")
	}
	out, err := ctyjson.Marshal(v, v.Type())
	return string(out), err
}

// keysOf returns the names that may follow a value in a reference.
func keysOf(v cty.Value) []string {
	v, _ = v.Unmark()
	ty := v.Type()
	if ty.IsObjectType() {
		return sortedKeys(ty.AttributeTypes())
	}
	if ty.IsMapType() && v.IsKnown() && !v.IsNull() {
		return sortedKeys(v.AsValueMap())
	}
	return nil
}
