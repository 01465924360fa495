package report

import (
	"fmt"
	"html"
	"io"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/plan"
)

// MarkdownLimit is the most bytes a markdown plan takes: a comment on a pull request may
// hold 65,536 characters, and something is left for whoever wraps it.
const MarkdownLimit = 60000

// Marker is the first line of a markdown plan. A later comment that finds it replaces the
// comment it stands in.
const Marker = "<!-- inlay plan -->"

// PlanMarkdown writes a plan as a comment for a pull request, the riskiest change first, in
// at most MarkdownLimit bytes however large the plan. It leaves out the plan's id and the
// time it was made, so that plans that do the same are the same text.
func PlanMarkdown(w io.Writer, p *plan.Plan) error {
	changes := visible(p.Changes)
	slices.SortStableFunc(changes, func(a, b plan.Change) int { return b.Effect.Risk() - a.Effect.Risk() })
	page := &page{left: MarkdownLimit - 512}
	page.must(Marker + "\n### inlay: " + title(p, changes) + "\n\n")
	page.must(caution(changes))
	changesTable(page, changes)
	importsTable(page, p.Imports)
	warningsList(page, p.Warnings)
	details(page, changes)
	if len(p.Left) > 0 {
		page.add(fmt.Sprintf("\n%s left out by the selection.\n", Plural(int64(len(p.Left)), "address")))
	}
	_, err := io.WriteString(w, page.String())
	return err
}

// page is text of a bounded size.
type page struct {
	strings.Builder
	left int
}

// add writes text if it still fits, and reports whether it did.
func (p *page) add(text string) bool {
	if len(text) > p.left {
		return false
	}
	p.must(text)
	return true
}

func (p *page) must(text string) {
	p.left -= len(text)
	p.WriteString(text)
}

func title(p *plan.Plan, changes []plan.Change) string {
	if len(changes) == 0 && len(p.Imports) == 0 {
		return "no changes"
	}
	return strings.TrimPrefix(Headline(p), "Plan: ")
}

// caution warns of what a reviewer must not overlook, and only of that.
func caution(changes []plan.Change) string {
	var reimports, deletes, rows int64
	for _, c := range changes {
		switch c.Effect {
		case plan.Reimport:
			reimports++
			rows += c.Rows
		case plan.Delete:
			deletes++
			rows += c.Rows
		}
	}
	var parts []string
	if deletes > 0 {
		parts = append(parts, "deletes "+Plural(deletes, "table"))
	}
	if reimports > 0 {
		parts = append(parts, "reads "+Plural(reimports, "table")+" again from the service")
	}
	if len(parts) == 0 {
		return ""
	}
	stake := ""
	if rows > 0 { // a comparison of configurations knows of none
		stake = ": " + Plural(rows, "row") + " at stake"
	}
	return fmt.Sprintf("> [!CAUTION]\n> This %s%s.\n\n", strings.Join(parts, " and "), stake)
}

func changesTable(p *page, changes []plan.Change) {
	if len(changes) == 0 {
		return
	}
	p.must("| | effect | address | what |\n|---|---|---|---|\n")
	floor := p.left / 2 // the rest is for imports and details
	for i, c := range changes {
		sign, _ := mark(c)
		row := fmt.Sprintf("| `%s` | %s | %s | %s |\n", sign, work(c), code(c.Address.String()), cell(brief(c)))
		if p.left-len(row) < floor {
			p.must(fmt.Sprintf("\n…and %s more changes: %s.\n", Count(int64(len(changes)-i)), tally(changes[i:])))
			break
		}
		p.must(row)
	}
	p.must("\n")
}

// brief says a change in a few words: what it concerns and which attributes cause it.
func brief(c plan.Change) string {
	parts := []string{}
	if s := stake(c); s != "" {
		parts = append(parts, s)
	}
	for i, r := range c.Reasons {
		if i == 3 {
			parts = append(parts, fmt.Sprintf("%d more", len(c.Reasons)-3))
			break
		}
		parts = append(parts, r.Attribute)
	}
	return strings.Join(parts, ", ")
}

func tally(changes []plan.Change) string {
	var parts []string
	for _, e := range byRisk {
		n := 0
		for _, c := range changes {
			if c.Effect == e {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, Count(int64(n))+" "+strings.TrimPrefix(verb(e), "to "))
		}
	}
	return strings.Join(parts, ", ")
}

func importsTable(p *page, imports []plan.Import) {
	if len(imports) == 0 {
		return
	}
	p.must("| import | why |\n|---|---|\n")
	floor := p.left / 2
	for i, im := range imports {
		row := fmt.Sprintf("| %s | %s |\n", code(im.Address.String()), cell(ImportReason(im)))
		if p.left-len(row) < floor {
			p.must(fmt.Sprintf("\n…and %s more imports.\n", Count(int64(len(imports)-i))))
			break
		}
		p.must(row)
	}
	p.must("\n")
	for _, read := range sharedReads(imports) {
		p.add(cell(read) + ".\n\n")
	}
}

func warningsList(p *page, warnings []plan.Warning) {
	counts := map[string]int64{}
	for _, w := range warnings {
		counts[w.Summary]++
	}
	for _, w := range warnings {
		n := counts[w.Summary]
		if n == 0 {
			continue
		}
		counts[w.Summary] = 0
		more := ""
		if n > 1 {
			more = fmt.Sprintf(" (and %s more)", Count(n-1))
		}
		where := ""
		if !w.Address.IsZero() {
			where = " " + code(w.Address.String())
		}
		if !p.add(fmt.Sprintf("- ⚠️ **%s**%s%s: %s\n", cell(w.Summary), where, more, cell(w.Detail))) {
			return
		}
	}
}

// details folds one diff per change that has reasons, as many as there is room for.
func details(p *page, changes []plan.Change) {
	for i, c := range changes {
		if len(c.Reasons) == 0 {
			continue
		}
		if !p.add(folded(c)) {
			p.must(fmt.Sprintf("\nThere is no room here for the details of %s.\n", Plural(int64(len(changes)-i), "change")))
			return
		}
	}
}

func folded(c plan.Change) string {
	var diff strings.Builder
	for i, r := range c.Reasons {
		if r.Before != nil || r.After == nil {
			fmt.Fprintf(&diff, "- %s = %s\n", r.Attribute, Value(r.Before))
		}
		where := ""
		if r.Line != "" {
			where = "  # " + r.Line
		}
		if r.After != nil || r.Before == nil {
			fmt.Fprintf(&diff, "+ %s = %s%s\n", r.Attribute, Value(r.After), where)
		} else if where != "" {
			fmt.Fprintf(&diff, "%s\n", where)
		}
		for _, l := range because(Style{}, c.Reasons[i:]) {
			diff.WriteString("  # " + strings.TrimSpace(l) + "\n")
		}
	}
	fence := "```"
	for strings.Contains(diff.String(), fence) {
		fence += "`"
	}
	return fmt.Sprintf("<details><summary>%s <code>%s</code></summary>\n\n%sdiff\n%s%s\n\n</details>\n",
		work(c), html.EscapeString(c.Address.String()), fence, diff.String(), fence)
}

// cell makes text safe inside a row of a markdown table.
func cell(text string) string {
	text = html.EscapeString(strings.ReplaceAll(Clean(text), "\n", " "))
	return strings.NewReplacer("|", "\\|", "`", "\\`", "*", "\\*", "_", "\\_", "[", "\\[", "@", "@\u200b").Replace(text)
}

// code shows text as code inside a row of a table.
func code(text string) string {
	return "<code>" + strings.ReplaceAll(html.EscapeString(Clean(text)), "|", "&#124;") + "</code>"
}
