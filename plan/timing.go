package plan

import (
	"slices"

	"github.com/inlay-sync/inlay/state"
)

// timing decides whether the target is imported, and says when it is next.
func (m *maker) timing(d *decision, c Change, w *want, e state.Target) {
	k := candidate{
		address: d.address, entry: e, table: d.table,
		lost:     c.Effect == Create && len(c.Repair) > 0,
		reread:   hasEffect(c.Reasons, Reimport),
		backfill: hasEffect(c.Reasons, Backfill),
		family:   familyOf(w.target.Stream),
	}
	if w.schedule != nil {
		k.schedule, k.off = w.schedule.Parsed, !w.schedule.Enabled
	}
	v := m.clock.decide(k)
	d.imp, d.group, d.wait = v.imp, v.group, v.wait
	d.warnings = append(d.warnings, v.warnings...)
	d.problems = append(d.problems, v.problems...)
}

func hasEffect(reasons []Reason, e Effect) bool {
	return slices.ContainsFunc(reasons, func(r Reason) bool { return r.Effect == e })
}

// refuseDisabled says that a disabled target cannot be imported.
func (m *maker) refuseDisabled(d *decision) {
	if m.clock.asked[d.address] && !m.clock.options.RunAll || m.forced[d.address] {
		d.problems = append(d.problems, Problem{d.address, sumDisabled,
			"It, its source or its connection has enabled = false, so it cannot be imported. Enable it first.", ""})
	}
}
