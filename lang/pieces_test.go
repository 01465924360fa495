package lang

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// outline writes down what a body holds and where.
func outline(b *strings.Builder, body *hclsyntax.Body) {
	fmt.Fprintf(b, "body %v %v\n", body.SrcRange, body.EndRange)
	for _, name := range sortedKeys(body.Attributes) {
		a := body.Attributes[name]
		fmt.Fprintf(b, "%s %T %v %v\n", name, a.Expr, a.SrcRange, a.Expr.Range())
		if v, diags := a.Expr.Value(nil); !diags.HasErrors() {
			fmt.Fprintf(b, "%#v\n", v)
		}
	}
	for _, block := range body.Blocks {
		fmt.Fprintf(b, "%s %q %v\n", block.Type, block.Labels, block.DefRange())
		outline(b, block.Body)
	}
}

// sameAsWhole reports whether a text was parsed in pieces, and fails when that gave
// something else than parsing it whole.
func sameAsWhole(t *testing.T, text string) bool {
	t.Helper()
	pieces, ok := parseInPieces([]byte(text), "main.hcl")
	if !ok {
		return false
	}
	file, diags := hclsyntax.ParseConfig([]byte(text), "main.hcl", hcl.InitialPos)
	if len(diags) > 0 {
		t.Fatalf("no piece has the mistake %s", diags.Error())
	}
	var got, want strings.Builder
	outline(&got, pieces)
	outline(&want, file.Body.(*hclsyntax.Body))
	if got.String() != want.String() {
		t.Fatalf("in pieces:\n%.2000s\nwhole:\n%.2000s", got.String(), want.String())
	}
	return true
}

// spanning are the texts that a cut after a closing brace would tear.
var spanning = []string{
	"locals {\n  a = <<EOT\n{\n}\nEOT\n}\n",
	"locals {\n  a = <<-EOT\n    {\n}\n    EOT\n}\n",
	"/*\nlocals {\n}\n*/\n",
	"locals {\n  a = {\n    b = 1\n}\n}\n",
	"locals {\n  a = [{\n}\n, 2]\n}\n",
	"locals {\n  a = \"${ {\n}\n}\"\n}\n",
}

func TestPiecesAreTheWhole(t *testing.T) {
	plain := "schedule \"s\" {\n  cron = \"0 0 * * *\" # é\n}\n\n"
	if !sameAsWhole(t, strings.Repeat(plain, 200)) {
		t.Error("blocks were not parsed in pieces")
	}
	for _, text := range spanning {
		for before := range 12 { // so that the cut falls into each of its lines
			at := strings.Repeat("# "+strings.Repeat("x", 60)+"\n", 14) + strings.Repeat("# 12\n", before*3)
			sameAsWhole(t, strings.Repeat(at+text+plain, 8))
		}
	}
	for _, mistaken := range []string{"x = 1\n", "schedule {\n", "}\n", "schedule \"s\" {\n  a = 1\n  a = 2\n}\n"} {
		if sameAsWhole(t, strings.Repeat(plain, 100)+mistaken+strings.Repeat(plain, 100)) {
			t.Errorf("%q was parsed in pieces", mistaken)
		}
	}
}

// FuzzPieces puts any text between blocks.
func FuzzPieces(f *testing.F) {
	for _, text := range spanning {
		f.Add(text, 300)
	}
	f.Fuzz(func(t *testing.T, text string, before int) {
		if _, deep := tooDeep([]byte(text)); deep {
			return
		}
		plain := "schedule \"s\" {\n  cron = \"0 0 * * *\"\n}\n"
		sameAsWhole(t, strings.Repeat("#", max(0, before)%pieceSize)+"\n"+strings.Repeat(plain, 20)+text+strings.Repeat(plain, 40))
	})
}
