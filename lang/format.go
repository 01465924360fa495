package lang

import (
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Format returns src in the canonical layout. A text that does not parse is returned as it
// is, with what is wrong with it.
func Format(src []byte, filename string) ([]byte, Diagnostics) {
	if _, diags := parse(src, filename); diags.HasErrors() {
		return src, diags
	}
	return hclwrite.Format(src), nil
}

// Quote writes a text as an expression of HCL that evaluates to it.
func Quote(text string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(text)).Bytes())
}
