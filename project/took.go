package project

import (
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// longestLook is how many runs of the diary are looked at for what a read took.
const longestLook = 20_000

// tellTook adds to every table that is to be read again what its largest read so far took.
// A plan is no worse without it, so a diary that cannot be read adds nothing.
func (p *Project) tellTook(made *plan.Plan) {
	again := map[string]*plan.Change{} // by table
	for i := range made.Changes {
		if c := &made.Changes[i]; c.Effect == plan.Reimport && c.Table != "" {
			again[c.Table] = c
		}
	}
	if len(again) == 0 {
		return
	}
	looked := 0
	for r, err := range p.runs() {
		if looked++; err != nil || looked > longestLook {
			return
		}
		c := again[r.Table]
		if c != nil && r.Status == state.Done && r.Calls > 0 && (c.Took == nil || r.Rows > c.Took.Rows) {
			c.Took = &plan.Took{Rows: r.Rows, Calls: r.Calls, Seconds: r.Ended.Sub(r.Started).Seconds()}
		}
	}
}
