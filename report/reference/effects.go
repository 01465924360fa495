package reference

import (
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
)

// effects are all effects in order of risk, with what each does.
var effects = [...]struct {
	effect plan.Effect
	words  string
}{
	{plan.Noop, "nothing"},
	{plan.Move, "the same table at another path or address; no rows are read or written"},
	{plan.Settings, "nothing on disk moves"},
	{plan.Create, "a new table"},
	{plan.Adopt, "a table that stands there without an owner is taken over"},
	{plan.Backfill, "older rows are read in addition; the bookmark stays"},
	{plan.Rewrite, "the table is built anew from its own files, without asking the service"},
	{plan.Reimport, "rows are read again from the service; the old snapshot is served until the new one is published"},
	{plan.Detach, "the table is forgotten, its files stay"},
	{plan.Delete, "the files go too"},
}

func effectsPage() string {
	var w strings.Builder
	w.WriteString("# effects\n\nEvery change in a plan has an effect on data. In order of risk:\n\n")
	var rows [][]string
	for _, e := range effects {
		rows = append(rows, []string{code(string(e.effect)), sentence(e.words)})
	}
	w.WriteString(grid([]string{"effect", "what it does"}, rows))
	w.WriteString("\nWhich effect a change has is decided by the rules below. Of the rules of one attribute the first that applies decides; `*` is every attribute without rules of its own. `inlay schema rules` prints them too.\n")
	for _, kind := range []addr.Kind{addr.Connection, addr.Source, addr.Target, addr.Schedule} {
		var rows [][]string
		for _, r := range plan.Rules() {
			if r.Block == kind {
				rows = append(rows, []string{code(r.Attribute), r.When, code(string(r.Effect)), sentence(r.Why)})
			}
		}
		fmt.Fprintf(&w, "\n## %s\n\n%s", kind, grid([]string{"attribute", "when", "effect", "why"}, rows))
	}
	return w.String()
}
