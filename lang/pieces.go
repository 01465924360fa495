package lang

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// pieceSize is about how many bytes of a long text are parsed at a time. The parser first
// writes out every word of what it is given, at some hundred bytes a word, and moves that
// list each time it outgrows its place; the list of a short text is soon free for the next.
const pieceSize = 1 << 10

// parseInPieces parses a long text of blocks some at a time, with the result that parsing
// it whole has. ok is false when that cannot be told: where a text is cut inside a heredoc,
// a comment or anything else that spans lines, no piece beside the cut is without a mistake.
func parseInPieces(src []byte, name string) (b *hclsyntax.Body, ok bool) {
	if len(src) < 2*pieceSize {
		return nil, false
	}
	whole := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: hcl.Range{Filename: name, Start: hcl.InitialPos}}
	at := hcl.InitialPos
	for len(src) > 0 {
		piece := src[:endOfPiece(src)]
		src = src[len(piece):]
		file, diags := hclsyntax.ParseConfig(piece, name, at)
		body, native := file.Body.(*hclsyntax.Body)
		if len(diags) > 0 || !native || len(body.Attributes) > 0 {
			return nil, false
		}
		whole.Blocks = append(whole.Blocks, body.Blocks...)
		at.Byte += len(piece)
		at.Line += bytes.Count(piece, []byte{'\n'})
		whole.SrcRange.End, whole.EndRange = body.SrcRange.End, body.EndRange
	}
	return whole, true
}

// endOfPiece is where the first piece of a text ends: after a line that closes a block.
func endOfPiece(src []byte) int {
	if len(src) < 2*pieceSize {
		return len(src)
	}
	closing := []byte("\n}\n")
	n := bytes.Index(src[pieceSize:], closing)
	if n < 0 {
		return len(src)
	}
	return pieceSize + n + len(closing)
}
