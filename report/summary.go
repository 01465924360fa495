package report

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/inlay-sync/inlay/table"
)

// Summary is what a summary says beside what happened.
type Summary struct {
	Interrupted bool   // a person stopped it
	GoOn        string // the command that goes on from here, when something is left to do
	Warehouse   string // as a person standing in the shell's folder would write it
	// Next is when the next import is due, in words; "" when nothing is scheduled.
	Next string
}

// SummaryText writes what a run came to: done, failed, not started, the command that goes
// on from here and one line that shows how to query what was imported.
func SummaryText(w io.Writer, st Style, t *Tally, s Summary) error {
	out := &printer{w: w}
	out.line("")
	out.line(st.paint(bold, headOf(t, s)))
	groups := []struct {
		title    string
		color    ink
		statuses []Status
	}{
		{"Done", green, []Status{Done, Nothing}},
		{"Skipped", yellow, []Status{SkippedOne}},
		{"Stopped", yellow, []Status{Stopped}},
		{"Not started", yellow, []Status{NotStarted}},
		{"Failed", red, []Status{FailedHere}},
	}
	outcomes := t.Outcomes()
	for _, g := range groups {
		var list []Outcome
		for _, o := range outcomes {
			for _, status := range g.statuses {
				if o.Status == status {
					list = append(list, o)
				}
			}
		}
		outcomeGroup(out, st, g.title, g.color, list)
	}
	closing(out, st, t, s, outcomes)
	return out.err
}

func headOf(t *Tally, s Summary) string {
	var parts []string
	if n := t.Changed(); n > 0 {
		parts = append(parts, Plural(n, "table")+" changed")
	}
	for _, c := range []struct {
		n    int
		word string
	}{
		{t.Count(Done, Nothing), "done"}, {t.Count(FailedHere), "failed"}, {t.Count(SkippedOne), "skipped"},
		{t.Count(Stopped), "stopped"}, {t.Count(NotStarted), "not started"},
	} {
		if c.n > 0 {
			parts = append(parts, Plural(int64(c.n), "import")+" "+c.word)
		}
	}
	head := "Finished"
	switch {
	case s.Interrupted:
		head = "Stopped cleanly"
	case len(t.Failures()) > 0:
		head = "Finished with failures"
	}
	if d := t.Ended.Sub(t.Started); d > 0 {
		head += " in " + Duration(d)
	}
	if len(parts) == 0 {
		return head + "."
	}
	return head + ": " + strings.Join(parts, ", ") + "."
}

// listed is how many outcomes of one group are written; failures are all written.
const listed = 30

func outcomeGroup(out *printer, st Style, title string, color ink, list []Outcome) {
	if len(list) == 0 {
		return
	}
	names := 0
	for _, o := range list {
		names = max(names, columnsOf(o.Address.String()))
	}
	names = min(names, 44)
	out.line("")
	out.line(st.paint(color, title))
	for i, o := range list {
		if i == listed && o.Status != FailedHere {
			out.line(fmt.Sprintf("  and %s more", Count(int64(len(list)-listed))))
			return
		}
		out.line(st.line(span{plain, fmt.Sprintf("  %-*s  ", names, o.Address)}, span{plain, outcomeText(o)}, span{dim, runText(o)}))
		if o.Err != nil {
			f := FromError(o.Err)
			for _, l := range wrap(Clean(f.Detail), textWidth(st)-6) {
				out.line("      " + l)
			}
		}
		if o.Result != nil {
			for _, warning := range o.Result.Warnings {
				out.line(st.paint(yellow, "      "+Clean(warning)))
			}
		}
	}
}

func outcomeText(o Outcome) string {
	switch {
	case o.Result != nil:
		text, m := string(o.Status), o.Result.Manifest
		if !o.Result.Nothing {
			text = counts(o.Result)
		}
		text += fmt.Sprintf("; %s: %s, %s", m.Path, Plural(m.Rows, "row"), Bytes(m.Bytes))
		if m.Unreconciled > 0 {
			text += fmt.Sprintf("; unreconciled -%s", Count(m.Unreconciled))
		}
		return text
	case o.Err != nil:
		return FromError(o.Err).Summary
	case o.Message != "":
		return Clean(o.Message)
	case o.Staged > 0:
		return Plural(o.Staged, "row") + " staged"
	}
	return ""
}

func runText(o Outcome) string {
	if o.Run == "" {
		return ""
	}
	return "  run " + o.Run
}

func closing(out *printer, st Style, t *Tally, s Summary, outcomes []Outcome) {
	out.line("")
	if s.GoOn != "" {
		out.line("Go on with:  " + st.paint(bold, s.GoOn))
	}
	if s.Next != "" {
		out.line("Next import: " + s.Next)
	}
	if m := largest(outcomes); m != nil {
		out.line("Query it:    " + st.paint(bold, Query(s.Warehouse, m.Path)))
	}
}

// largest is the table with the most rows of those that were imported; nil for none.
func largest(outcomes []Outcome) *table.Manifest {
	var most *table.Manifest
	for _, o := range outcomes {
		if o.Result != nil && o.Result.Manifest.Path != "" && (most == nil || o.Result.Manifest.Rows > most.Rows) {
			most = &o.Result.Manifest
		}
	}
	return most
}

// Query is a command line that counts a table's rows with DuckDB. On an object store, whose
// objects no pattern chooses right, the views say which ones to read.
func Query(warehouse, table string) string {
	if strings.Contains(warehouse, "://") {
		return `inlay table views > views.sql && duckdb -init views.sql -c "select count(*) from ` + strings.ReplaceAll(table, "/", ".") + `"`
	}
	glob := path.Join(warehouse, table) + "/**/*.parquet"
	return `duckdb -c "select count(*) from '` + strings.ReplaceAll(glob, "'", "''") + `'"`
}
