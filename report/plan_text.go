package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
)

// PlanText writes a plan for people: what changes, in order of risk so that the riskiest
// stands next to the question that follows, then what is imported and why. A plan with
// nothing to do is one line.
func PlanText(w io.Writer, s Style, p *plan.Plan) error {
	out := &printer{w: w}
	changes := visible(p.Changes)
	if len(changes) == 0 && len(p.Imports) == 0 && len(p.Outputs) == 0 {
		for _, l := range wrap(idle(p), s.Width) {
			out.line(l)
		}
	} else {
		planChanges(out, s, changes)
		planOutputs(out, s, p.Outputs)
		planImports(out, s, p.Imports)
		for _, l := range wrap(Headline(p)+".", s.Width) {
			out.line(s.paint(bold, l))
		}
	}
	planWarnings(out, s, p.Warnings)
	planUnowned(out, s, p.Unowned)
	if done := slotDone(p); len(done) > 0 && len(p.Imports) > 0 {
		out.line(fmt.Sprintf("The slot %s is done for %s.", p.Options.Slot, some(done, 3)))
	}
	if n := len(p.Left); n > 0 {
		out.line(fmt.Sprintf("Left out by the selection: %s.", some(p.Left, 3)))
	}
	return out.err
}

// visible leaves out changes that only say that nothing changes.
func visible(changes []plan.Change) []plan.Change {
	var out []plan.Change
	for _, c := range changes {
		if c.Effect != plan.Noop || len(c.Repair) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// idle is the one line of a plan with nothing to do.
func idle(p *plan.Plan) string {
	tables := 0
	if p.State != nil {
		tables = len(p.State.Targets)
	}
	match := "match"
	if tables == 1 {
		match = "matches"
	}
	text := fmt.Sprintf("No changes. %s %s the configuration", Plural(int64(tables), "table"), match)
	if done := slotDone(p); len(done) > 0 {
		return fmt.Sprintf("Nothing to import: the slot %s is done for %s.", p.Options.Slot, some(done, 3))
	}
	if next := earliest(p.Waiting); next != nil {
		return text + fmt.Sprintf("; next import %s %s.", next.Address, next.NextText)
	}
	return text + "; no import is scheduled."
}

// slotDone lists the targets whose asked slot was imported before.
func slotDone(p *plan.Plan) []addr.Address {
	var out []addr.Address
	for _, w := range p.Waiting {
		if w.Note == plan.NoteSlotDone {
			out = append(out, w.Address)
		}
	}
	return out
}

// earliest is the waiting target that runs first; the first of the list among equals.
func earliest(waiting []plan.Waiting) *plan.Waiting {
	var first *plan.Waiting
	for i := range waiting {
		w := &waiting[i]
		if !w.Next.IsZero() && (first == nil || w.Next.Before(first.Next)) {
			first = w
		}
	}
	return first
}

// NextImport says when the next import after this plan is due: "target.parquet.users
// 2026-11-24 00:40 JST"; "" when none is scheduled.
func NextImport(p *plan.Plan) string {
	all := slices.Clone(p.Waiting)
	for _, i := range p.Imports {
		all = append(all, plan.Waiting{Address: i.Address, Next: i.Next, NextText: i.NextText})
	}
	next := earliest(all)
	if next == nil {
		return ""
	}
	return next.Address.String() + " " + next.NextText
}

func planChanges(out *printer, s Style, changes []plan.Change) {
	if len(changes) == 0 {
		return
	}
	out.line(s.paint(bold, "Changes"))
	out.line("")
	names := addressWidth(changes, func(c plan.Change) addr.Address { return c.Address })
	for _, c := range changes {
		out.line(changeLine(s, c, names))
		for i, r := range c.Reasons {
			out.line(reasonLine(s, r))
			for _, l := range because(s, c.Reasons[i:]) {
				out.line(s.paint(dim, l))
			}
		}
		for _, r := range c.Repair {
			out.line(s.line(span{plain, "      "}, span{yellow, "mends: "}, span{plain, Clean(r)}))
		}
	}
	out.line("")
}

// addressWidth is the width of the column that the addresses of a list stand in.
func addressWidth[T any](list []T, of func(T) addr.Address) int {
	const widest = 44
	width := 0
	for _, x := range list {
		width = max(width, columnsOf(of(x).String()))
	}
	return min(width, widest)
}

func changeLine(s Style, c plan.Change, names int) string {
	sign, color := mark(c)
	spans := []span{
		{color, "  " + sign + " "},
		{plain, fmt.Sprintf("%-*s  ", names, c.Address)},
		{color, fmt.Sprintf("%-8s  ", work(c))},
	}
	if what := stake(c); what != "" {
		spans = append(spans, span{plain, what + "  "})
	}
	if c.Line != "" {
		spans = append(spans, span{dim, c.Line})
	}
	return s.line(spans...)
}

// stake says what of a table a change concerns: its path, and what it holds.
func stake(c plan.Change) string {
	var parts []string
	if !c.Was.IsZero() {
		parts = append(parts, "was "+c.Was.String())
	}
	if c.Path != "" {
		parts = append(parts, Clean(c.Path))
	}
	if c.Rows > 0 {
		parts = append(parts, Plural(c.Rows, "row"))
	}
	if c.Bytes > 0 {
		parts = append(parts, Bytes(c.Bytes))
	}
	if t := c.Took; t != nil {
		parts = append(parts, fmt.Sprintf("read before in %s and %s", Plural(t.Calls, "call"), Duration(time.Duration(t.Seconds*float64(time.Second)))))
	}
	return strings.Join(parts, ", ")
}

// reasonLine is `attribute: before → after (file:line)`; values give way where the line is narrow.
func reasonLine(s Style, r plan.Reason) string {
	before, after := Value(r.Before), Value(r.After)
	where := ""
	if r.Line != "" {
		where = " (" + r.Line + ")"
	}
	if s.Width > 0 {
		room := max(s.Width-6-columnsOf(r.Attribute+":  → "+where), 16)
		if nb := columnsOf(before); nb+columnsOf(after) > room {
			before = cut(before, max(room/2, room-columnsOf(after)))
			after = cut(after, room-columnsOf(before))
		}
	}
	return s.line(span{plain, "      " + r.Attribute + ": "}, span{plain, before + " → " + after}, span{dim, where})
}

// because are the lines that say why the first of some reasons touches data. The same words
// stand only behind the last reason in a row that they hold for.
func because(s Style, reasons []plan.Reason) []string {
	text := reasons[0].Because
	if text == "" || len(reasons) > 1 && reasons[1].Because == text {
		return nil
	}
	width := s.Width
	if width > 0 {
		width = max(width-8, 16)
	}
	out := wrap(Clean(text), width)
	for i := range out {
		out[i] = "        " + out[i]
	}
	return out
}

// mark is the sign and the ink of a change.
func mark(c plan.Change) (string, ink) {
	switch c.Effect {
	case plan.Delete, plan.Detach:
		return "-", red
	case plan.Reimport:
		return "!", red
	case plan.Create, plan.Adopt:
		return "+", green
	}
	switch {
	case c.Added:
		return "+", green
	case c.Removed:
		return "-", yellow
	}
	return "~", yellow
}

func planOutputs(out *printer, s Style, outputs []plan.Reason) {
	if len(outputs) == 0 {
		return
	}
	out.line(s.paint(bold, "Outputs"))
	out.line("")
	for _, r := range outputs {
		out.line(reasonLine(s, r))
	}
	out.line("")
}

// planUnowned names the tables that no block declares, in one line.
func planUnowned(out *printer, s Style, tables []plan.Unowned) {
	if len(tables) == 0 {
		return
	}
	var names []string
	for i, t := range tables {
		if i == 3 {
			names = append(names, fmt.Sprintf("%s more", Count(int64(len(tables)-3))))
			break
		}
		names = append(names, fmt.Sprintf("%s (%s)", Clean(t.Path), Plural(t.Rows, "row")))
	}
	for _, l := range wrap(fmt.Sprintf("No block declares %s: %s.", ofTables(len(tables)), strings.Join(names, ", ")), s.Width) {
		out.line(s.paint(dim, l))
	}
}

func ofTables(n int) string { return Plural(int64(n), "table") + " of the warehouse" }

// Headline counts what a plan does: "Plan: 4 to create, 9 settings; 4 imports".
func Headline(p *plan.Plan) string {
	var parts []string
	for _, e := range byRisk {
		n := int64(0)
		for _, c := range p.Changes {
			if c.Effect == e && (e != plan.Noop || len(c.Repair) > 0) {
				n++
			}
		}
		if n > 0 {
			parts = append(parts, Count(n)+" "+verb(e))
		}
	}
	text := "Plan: " + strings.Join(parts, ", ")
	if len(parts) == 0 {
		text = "Plan: no changes"
	}
	if n := len(p.Imports); n > 0 {
		text += "; " + Plural(int64(n), "import")
	}
	return text
}

// byRisk lists the effects, the riskiest first.
var byRisk = [...]plan.Effect{plan.Delete, plan.Detach, plan.Reimport, plan.Rewrite, plan.Backfill, plan.Adopt, plan.Create, plan.Settings, plan.Move, plan.Noop}

func verb(e plan.Effect) string {
	switch e {
	case plan.Settings:
		return "settings"
	case plan.Noop:
		return "to " + repair
	}
	return "to " + string(e)
}

// repair is what is done to a table of which only what readers see is mended.
const repair = "repair"

// work is a change in a word: its effect, or that something is mended and no more.
func work(c plan.Change) string {
	if c.Effect == plan.Noop && len(c.Repair) > 0 {
		return repair
	}
	return string(c.Effect)
}

// planWarnings writes each kind of warning once in full; more of the same are counted.
func planWarnings(out *printer, s Style, warnings []plan.Warning) {
	more := map[string]int{}
	var first []plan.Warning
	for _, w := range warnings {
		if more[w.Summary]++; more[w.Summary] == 1 {
			first = append(first, w)
		}
	}
	for _, w := range first {
		out.line("")
		head := "Warning: " + Clean(w.Summary)
		if !w.Address.IsZero() {
			head += " (" + w.Address.String()
			if n := more[w.Summary] - 1; n > 0 {
				head += fmt.Sprintf(" and %s more", Count(int64(n)))
			}
			head += ")"
		}
		out.line(s.line(span{yellow, head}, span{dim, spaced(w.Line)}))
		for _, l := range wrap(Clean(w.Detail), textWidth(s)-2) {
			out.line("  " + l)
		}
	}
}

func spaced(text string) string {
	if text == "" {
		return ""
	}
	return "  " + text
}

// textWidth is the width prose is wrapped at.
func textWidth(s Style) int {
	if s.Width > 0 {
		return min(s.Width, 100)
	}
	return 100
}

// some lists the first few of many.
func some[T fmt.Stringer](all []T, n int) string {
	var parts []string
	for i, a := range all {
		if i == n {
			return strings.Join(parts, ", ") + fmt.Sprintf(" and %s more", Count(int64(len(all)-n)))
		}
		parts = append(parts, a.String())
	}
	return strings.Join(parts, ", ")
}
