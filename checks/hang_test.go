package checks

import (
	"os"
	"testing"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// silences are the ways in which a service says nothing more: it never answers, or it stops
// in the middle of an answer. Once is survived; for ever ends with the connection's timeout.
func silences() []hardship {
	return []hardship{
		{name: "no answer once", fault: sandbox.Fault{Kind: sandbox.FaultHang}, once: true},
		{name: "half an answer once", fault: sandbox.Fault{Kind: sandbox.FaultStall}, once: true},
		{name: "no answer", fault: sandbox.Fault{Kind: sandbox.FaultHang}, code: 6},
		{name: "half an answer", fault: sandbox.Fault{Kind: sandbox.FaultStall}, code: 6},
	}
}

// TestAServiceThatFallsSilent is TestAHardService with what takes real time: the import
// itself has to give up waiting. A request of a scroll is never made twice, and a scroll that
// was left open is held for a minute, which is more than these imports have: each fails. By default each mode meets a third, as there.
func TestAServiceThatFallsSilent(t *testing.T) {
	for at, e := range endpoints() {
		for m, mode := range []string{"append", "replace", "upsert"} {
			t.Run(e.kind+"/"+mode, func(t *testing.T) {
				t.Parallel()
				h := newTrial(t, e, mode, "2s")
				for i, silence := range silences() {
					if (at+i)%3 != m && os.Getenv("INLAY_LONG") == "" {
						continue
					}
					if e.kind == "scroll" {
						silence.code = map[bool]int{true: 6, false: 8}[silence.once]
					}
					t.Run(silence.name, func(t *testing.T) { h.meets(t, silence) })
				}
			})
		}
	}
}
