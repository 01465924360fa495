package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// showProbe prints what a probe found, after the plan it belongs to.
func (s *speech) showProbe(b *project.Probe, format string) error {
	if format == "markdown" {
		if _, err := fmt.Fprint(s.out, "\n```text\n"); err != nil {
			return err
		}
		if err := probeText(s.out, report.Style{}, b); err != nil {
			return err
		}
		_, err := fmt.Fprintln(s.out, "```")
		return err
	}
	if _, err := fmt.Fprintln(s.out); err != nil {
		return err
	}
	return probeText(s.out, s.style(s.out), b)
}

// probedPlan prints a plan and what a probe of it found as one document.
func (s *speech) probedPlan(made *plan.Plan, b *project.Probe) error {
	var text bytes.Buffer
	if err := project.WritePlan(&text, made); err != nil {
		return err
	}
	return report.Document(s.out, map[string]any{"plan": json.RawMessage(text.Bytes()), "probe": b})
}

// probeText writes whose credentials the connections have, and what each import will take.
func probeText(w io.Writer, style report.Style, b *project.Probe) error {
	for _, c := range b.Connections {
		if c.Err != nil {
			continue
		}
		rate := ""
		if c.PerSecond > 0 {
			rate = fmt.Sprintf("; %s requests a second", report.Count(int64(math.Round(c.PerSecond))))
		}
		if _, err := fmt.Fprintf(w, "%s is workspace %s (%s), %s%s.\n", c.Address, report.Clean(c.Workspace.Name), report.Clean(c.Workspace.ID), report.Clean(c.Workspace.Timezone), rate); err != nil {
			return err
		}
	}
	if n := readable(b.Sources); n > 0 {
		if _, err := fmt.Fprintf(w, "%s beside the imports may be read.\n", report.Plural(n, "source")); err != nil {
			return err
		}
	}
	if len(b.Imports) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w); err != nil {
		return err
	}
	if err := probeGrid(b.Imports).Show(w, style, "text"); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s\n", probeTotal(b.Imports))
	return err
}

func readable(sources []project.ProbedSource) (n int64) {
	for _, s := range sources {
		if s.Err == nil {
			n++
		}
	}
	return n
}

func probeGrid(imports []project.ProbedImport) report.Grid {
	g := report.Grid{Columns: []report.Column{{Name: "target"}, {Name: "rows", Right: true}, {Name: "calls", Right: true}, {Name: "time", Right: true}, {Name: "note"}}}
	for _, i := range imports {
		note := ""
		switch {
		case i.Err != nil:
			note = "cannot be read"
		case i.About:
			note = "about"
		}
		g.Rows = append(g.Rows, []report.Cell{report.Text(i.Address.String()), told(i.Rows), told(i.Calls), {Text: lasting(i.Seconds)}, report.Text(note)})
	}
	return g
}

// told is a number that may not be known.
func told(n int64) report.Cell {
	if n < 0 {
		return report.Cell{Text: "?"}
	}
	return report.Number(n)
}

// lasting is how long something takes, in words.
func lasting(seconds float64) string {
	switch {
	case seconds < 0:
		return "?"
	case seconds < 60:
		return "< 1 minute"
	}
	return report.Duration(time.Duration(seconds * float64(time.Second)).Round(time.Minute))
}

// probeTotal sums up; what is not known is said to be missing from the sum.
func probeTotal(imports []project.ProbedImport) string {
	var rows, calls int64
	seconds, unknown := 0.0, false
	for _, i := range imports {
		unknown = unknown || i.Rows < 0 || i.Calls < 0
		rows, calls, seconds = rows+max(0, i.Rows), calls+max(0, i.Calls), seconds+max(0, i.Seconds)
	}
	text := fmt.Sprintf("In all %s, %s, %s at the rate limit.", report.Plural(rows, "row"), report.Plural(calls, "call"), lasting(seconds))
	if unknown {
		text += " What the service cannot count is not in the sum."
	}
	return text
}

// probeProblems writes what the services refused to standard error, and decides the exit code.
func (s *speech) probeProblems(b *project.Probe) error {
	problems := b.Problems()
	if len(problems) == 0 {
		return nil
	}
	var findings []report.Finding
	add := func(a addr.Address, err error) {
		if err == nil {
			return
		}
		for _, f := range findingsOf(err) {
			if f.Address == "" {
				f.Address = a.String()
			}
			findings = append(findings, f)
		}
	}
	for _, c := range b.Connections {
		add(c.Address, c.Err)
	}
	for _, c := range b.Sources {
		add(c.Address, c.Err)
	}
	for _, c := range b.Imports {
		add(c.Address, c.Err)
	}
	if err := report.FindingsText(s.err, s.style(s.err), findings, s.source); err != nil {
		return err
	}
	return coded(outcomeCode(problems, false, false))
}
