package chunk

import (
	"testing"

	"github.com/inlay-sync/inlay/stream"
)

// TestAPageThatContradictsItselfIsNoPiece takes pages whose levels, numbers or ends lead
// outside of what they hold: they are refused before anything is read from them.
func TestAPageThatContradictsItselfIsNoPiece(t *testing.T) {
	flat := &stream.Vector{Kind: stream.String, MaxDef: 1}
	list := &stream.Vector{Kind: stream.Int, MaxDef: 3, MaxRep: 1}
	two := words{text: []byte("ab"), ends: []uint32{0, 1, 2}}
	for name, p := range map[string]*page{
		"more values told than held": {leaf: flat, store: inText, def: []uint8{1, 1}, text: []byte("a"), ends: []uint32{0, 1}},
		"ends that go back":          {leaf: flat, store: inText, def: []uint8{1, 1}, text: []byte("ab"), ends: []uint32{0, 2, 1}},
		"an end behind the text":     {leaf: flat, store: inText, def: []uint8{1}, text: []byte("a"), ends: []uint32{0, 9}},
		"a number beyond the words":  {leaf: flat, store: inText, def: []uint8{1}, words: &two, ids: []int32{2}},
		"a number below the words":   {leaf: flat, store: inText, def: []uint8{1}, words: &two, ids: []int32{-1}},
		"a list without its levels":  {leaf: list, store: inInts, def: []uint8{3}, ints: []int64{7}},
		"a list that has no start":   {leaf: list, store: inInts, def: []uint8{3}, rep: []uint8{1}, ints: []int64{7}},
	} {
		if _, err := p.whole(); err == nil {
			t.Errorf("%s is a piece", name)
		}
	}
	whole := &page{leaf: flat, store: inText, def: []uint8{1, 0, 1}, words: &two, ids: []int32{1, 0}}
	if p, err := whole.whole(); err != nil || p.Rows() != 3 {
		t.Errorf("a page of three rows has %d: %v", p.Rows(), err)
	}
}
