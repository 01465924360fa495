package report

import (
	"fmt"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
)

func planImports(out *printer, s Style, imports []plan.Import) {
	if len(imports) == 0 {
		return
	}
	out.line(s.paint(bold, "Imports"))
	out.line("")
	names := addressWidth(imports, func(i plan.Import) addr.Address { return i.Address })
	for _, i := range imports {
		spans := []span{{cyan, "  > "}, {plain, fmt.Sprintf("%-*s  ", names, i.Address)}, {plain, ImportReason(i)}}
		if i.NextText != "" {
			spans = append(spans, span{dim, "  then " + i.NextText})
		}
		out.line(s.line(spans...))
	}
	for _, read := range sharedReads(imports) {
		for _, l := range wrap(read+".", textWidth(s)-4) {
			out.line(s.paint(dim, "    "+l))
		}
	}
	out.line("")
}

// sharedReads says which imports share a read with others: "One read for a, b and c".
func sharedReads(imports []plan.Import) []string {
	members := map[int][]addr.Address{}
	var order []int
	for _, i := range imports {
		if members[i.Group] = append(members[i.Group], i.Address); i.Group != 0 && len(members[i.Group]) == 2 {
			order = append(order, i.Group)
		}
	}
	var out []string
	for n, g := range order {
		if n == 5 {
			return append(out, fmt.Sprintf("And %s more", Plural(int64(len(order)-n), "shared read")))
		}
		out = append(out, "One read for "+some(members[g], 5))
	}
	return out
}

// ImportReason says in words why an import runs and what it reads.
func ImportReason(i plan.Import) string {
	text := string(i.Why)
	switch {
	case i.SlotTime != "":
		text += " " + i.SlotTime
	case i.Slot != "":
		text += " " + i.Slot
	}
	switch {
	case i.Backfill:
		text += ", backfill"
		if !i.Since.IsZero() {
			text += " from " + i.Since.UTC().Format("2006-01-02 15:04:05 UTC")
		}
	case i.Full, i.From == "":
		text += ", reads everything"
	case i.Position != "":
		text += ", from " + Clean(i.Position)
	default:
		text += ", what is new"
	}
	if i.Staged > 0 {
		text += ", " + Plural(i.Staged, "row") + " staged"
	}
	return text
}
