package plan

import (
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
)

// warn adds what a reviewer of a change or an import should know. A target with nothing to
// do is silent about how it is declared, and columns that it ignores are told with a change of it or of what it reads.
func (m *maker) warn(d *decision, w *want, e state.Target, ignored []string) {
	add := func(attribute, summary, detail string) {
		d.warnings = append(d.warnings, Warning{d.address, summary, detail, lineOf(&w.target.Block, attribute)})
	}
	if w.known && d.table != nil && !w.prior.Connection.IsZero() && w.prior.Connection != e.Connection {
		add("source", "Another connection",
			fmt.Sprintf("The rows were read through %s and come through %s from now on. A run refuses rows of another workspace; -reimport %s is the way to mean it.", w.prior.Connection, e.Connection, d.address))
	}
	if len(ignored) > 0 && (d.change != nil || m.told[e.Source] || m.told[e.Connection]) {
		add("on_schema_change", "Declared columns ignored", fmt.Sprintf(
			"on_schema_change = \"ignore\" keeps the table as it is; %s differ from what is declared.", strings.Join(ignored, ", ")))
	}
	if !d.busy() {
		return
	}
	warnSpec(e.Spec, add)
	if e.Spec.Target.String("first_import") == "scheduled" && w.schedule == nil {
		add("first_import", "No slot to wait for",
			"first_import = \"scheduled\" waits for the first slot, but the target has no schedule, so it is imported at once.")
	}
	if !w.known && d.table != nil && d.table.Head.Lineage != "" && m.lineage() == "" {
		add("", "Table taken over", fmt.Sprintf(
			"There is no state, so the table at %s, made for %s, is taken for this configuration's own. If another folder of configuration owns it, choose another path.", d.table.Path, d.table.Head.Address))
	}
}

// warnSpec warns of what a target is, whatever it was before.
func warnSpec(s spec.Spec, add func(attribute, summary, detail string)) {
	if s.Mode() == spec.Append && !s.Incremental() {
		add("mode", "Every run appends a full copy",
			"The source reads everything each time, and mode = \"append\" adds all of it to what is there. mode = \"replace\" keeps one copy, \"upsert\" one row per key, and incremental = true in the source reads only what is new, where the stream allows it.")
	}
	if s.Mode() == spec.Upsert && !s.AddsTime() && s.TimeColumn() == s.Updated && s.Target.String("partition") != "none" {
		add("time_column", "Rows move between partitions",
			fmt.Sprintf("%s changes whenever a row does, so an updated row moves to another partition, and each commit rewrites the parts of both. A column that stays, such as the time of creation, costs less.", s.TimeColumn()))
	}
}
