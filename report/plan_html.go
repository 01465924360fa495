package report

import (
	"embed"
	"html/template"
	"io"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/stream"
)

//go:embed html/plan.html html/plan.css
var planFiles embed.FS

// ColumnsChange is the columns of a table before and after a plan; nil where there is no
// table.
type ColumnsChange struct{ Before, After []stream.Column }

// PlanHTML writes a plan as part of a page, with headings from the second level on, and
// with the schema of each table that it changes. It needs the style that PlanCSS returns.
func PlanHTML(w io.Writer, p *plan.Plan, columns map[addr.Address]ColumnsChange) error {
	return planHTML(w, "part", p, columns)
}

// PlanPage writes a plan as a page of its own, which needs no other file.
func PlanPage(w io.Writer, p *plan.Plan, columns map[addr.Address]ColumnsChange) error {
	return planHTML(w, "page", p, columns)
}

// PlanCSS is the style of a plan in a page.
func PlanCSS() (string, error) {
	data, err := planFiles.ReadFile("html/plan.css")
	return string(data), err
}

func planHTML(w io.Writer, name string, p *plan.Plan, columns map[addr.Address]ColumnsChange) error {
	t, err := template.New("plan").Funcs(template.FuncMap{"value": Value, "clean": Clean, "reason": ImportReason, "count": Count}).ParseFS(planFiles, "html/plan.html")
	if err != nil {
		return err
	}
	css, err := PlanCSS()
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, name, planView(p, columns, template.CSS(css))) // the style is a file of ours
}

type htmlPlan struct {
	Headline string
	Idle     string
	Plan     *plan.Plan
	Changes  []htmlChange
	Style    template.CSS
	Open     bool // few enough to show every change whole
}

type htmlChange struct {
	plan.Change
	Sign, Work, Stake string
	Columns           []htmlColumn
	Same              int // columns that stay as they are
}

// htmlColumn is a column that a change touches.
type htmlColumn struct{ Name, Before, After, What string }

// shownWhole is up to how many changes are shown with everything about them.
const shownWhole = 50

func planView(p *plan.Plan, columns map[addr.Address]ColumnsChange, style template.CSS) htmlPlan {
	changes := visible(p.Changes)
	v := htmlPlan{Headline: strings.TrimPrefix(Headline(p), "Plan: "), Plan: p, Style: style, Open: len(changes) <= shownWhole}
	if len(changes) == 0 && len(p.Imports) == 0 && len(p.Outputs) == 0 {
		v.Idle = idle(p)
	}
	for _, c := range changes {
		sign, _ := mark(c)
		h := htmlChange{Change: c, Sign: sign, Work: work(c), Stake: stake(c)}
		if s, ok := columns[c.Address]; ok {
			h.Columns, h.Same = columnChanges(s)
		}
		v.Changes = append(v.Changes, h)
	}
	return v
}

// columnChanges lists the columns that come, go or change their type, in the order of the
// table after the change, and counts the others.
func columnChanges(s ColumnsChange) (out []htmlColumn, same int) {
	before := map[string]string{}
	for _, c := range s.Before {
		before[c.Name] = c.Type.String()
	}
	for _, c := range s.After {
		was, ok := before[c.Name]
		delete(before, c.Name)
		switch now := c.Type.String(); {
		case !ok:
			out = append(out, htmlColumn{c.Name, "", now, "added"})
		case was != now:
			out = append(out, htmlColumn{c.Name, was, now, "changed"})
		default:
			same++
		}
	}
	for _, c := range s.Before {
		if was, gone := before[c.Name]; gone {
			out = append(out, htmlColumn{c.Name, was, "", "removed"})
		}
	}
	return slices.Clip(out), same
}
