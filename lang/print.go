package lang

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// printValue writes a value as HCL. Secret parts are written "(sensitive)" and what is not
// known "(not known here)".
func printValue(v cty.Value) string {
	var b strings.Builder
	writeValue(&b, v, "")
	return b.String()
}

func writeValue(b *strings.Builder, v cty.Value, indent string) {
	bare, marks := v.Unmark()
	if secretIn(marks) != nil {
		b.WriteString("(sensitive)")
		return
	}
	ty := bare.Type()
	switch {
	case !bare.IsKnown():
		b.WriteString("(not known here)")
	case bare.IsNull():
		b.WriteString("null")
	case ty.Equals(addressType):
		a, _ := addressOf(bare)
		b.WriteString(a.String())
	case ty == cty.Number:
		digits, _ := numberText(bare)
		b.WriteString(digits)
	case ty.IsPrimitiveType():
		b.Write(hclwrite.TokensForValue(bare).Bytes())
	case ty.IsListType(), ty.IsTupleType(), ty.IsSetType():
		writeList(b, bare, indent)
	case ty.IsMapType(), ty.IsObjectType():
		writeMap(b, bare, indent)
	default:
		b.WriteString("(" + ty.FriendlyName() + ")")
	}
}

func writeList(b *strings.Builder, v cty.Value, indent string) {
	if v.LengthInt() == 0 {
		b.WriteString("[]")
		return
	}
	b.WriteString("[\n")
	for it := v.ElementIterator(); it.Next(); {
		_, el := it.Element()
		b.WriteString(indent + "  ")
		writeValue(b, el, indent+"  ")
		b.WriteString(",\n")
	}
	b.WriteString(indent + "]")
}

func writeMap(b *strings.Builder, v cty.Value, indent string) {
	all := v.AsValueMap()
	if len(all) == 0 {
		b.WriteString("{}")
		return
	}
	width := 0
	for k := range all {
		width = max(width, len(keyText(k)))
	}
	b.WriteString("{\n")
	for _, k := range sortedKeys(all) {
		name := keyText(k)
		b.WriteString(indent + "  " + name + strings.Repeat(" ", width-len(name)) + " = ")
		writeValue(b, all[k], indent+"  ")
		b.WriteString("\n")
	}
	b.WriteString(indent + "}")
}

func keyText(k string) string {
	if hclsyntax.ValidIdentifier(k) {
		return k
	}
	return string(hclwrite.TokensForValue(cty.StringVal(k)).Bytes())
}
