package plan

import (
	"fmt"
	"slices"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
)

// timing decides whether the target is imported, and says when it is next.
func (m *maker) timing(d *decision, c Change, w want, e state.Target) {
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

// warn adds what a reviewer should know.
func (m *maker) warn(d *decision, w want, prior state.Target, known bool, e state.Target) {
	add := func(attribute, summary, detail string) {
		d.warnings = append(d.warnings, Warning{d.address, summary, detail, lineOf(&w.target.Block, attribute)})
	}
	s := e.Spec
	if s.Mode() == spec.Append && !s.Incremental() {
		add("mode", "Every run appends a full copy",
			"The source reads everything each time, and mode = \"append\" adds all of it to what is there. mode = \"replace\" keeps one copy, \"upsert\" one row per key, and incremental = true in the source reads only what is new, where the stream allows it.")
	}
	if s.Mode() == spec.Upsert && !s.AddsTime() && s.TimeColumn() == s.Updated && s.Target.String("partition") != "none" {
		add("time_column", "Rows move between partitions",
			fmt.Sprintf("%s changes whenever a row does, so an updated row moves to another partition, and each commit rewrites the parts of both. A column that stays, such as the time of creation, costs less.", s.TimeColumn()))
	}
	if known && d.table != nil && !prior.Connection.IsZero() && prior.Connection != e.Connection {
		add("source", "Another connection",
			fmt.Sprintf("The rows were read through %s and come through %s from now on. A run refuses rows of another workspace; -reimport %s is the way to mean it.", prior.Connection, e.Connection, d.address))
	}
	if s.Target.String("first_import") == "scheduled" && w.schedule == nil {
		add("first_import", "No slot to wait for",
			"first_import = \"scheduled\" waits for the first slot, but the target has no schedule, so it is imported at once.")
	}
	if !known && d.table != nil && d.table.Head.Lineage != "" && m.lineage() == "" {
		add("", "Table taken over", fmt.Sprintf(
			"There is no state, so the table at %s, made for %s, is taken for this configuration's own. If another folder of configuration owns it, choose another path.", d.table.Path, d.table.Head.Address))
	}
}
