package lang

import (
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format returns src in the canonical layout. A text that does not parse is returned as it
// is, with what is wrong with it.
func Format(src []byte, filename string) ([]byte, Diagnostics) {
	if _, diags := parse(src, filename); diags.HasErrors() {
		return src, diags
	}
	return hclwrite.Format(src), nil
}
