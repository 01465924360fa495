package reference

import (
	"testing"

	"github.com/inlay-sync/inlay/plan"
)

func TestEveryEffectHasWords(t *testing.T) {
	known := map[plan.Effect]bool{}
	for i, e := range effects {
		known[e.effect] = true
		if i > 0 && e.effect.Risk() <= effects[i-1].effect.Risk() {
			t.Errorf("%q does not come after %q in the order of risk", e.effect, effects[i-1].effect)
		}
	}
	for _, r := range plan.Rules() {
		if !known[r.Effect] {
			t.Errorf("the rule of %s.%s has the effect %q, which has no words", r.Block, r.Attribute, r.Effect)
		}
	}
}
