package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
)

// RunFields is one run in full, as the diary tells it.
func RunFields(r state.Run) []Field {
	out := []Field{
		{Name: "run", Value: r.ID}, {Name: "target", Value: addressText(r.Address)}, {Name: "status", Value: string(r.Status)},
		{Name: "why", Value: r.Why}, {Name: "source", Value: addressText(r.Source)}, {Name: "schedule", Value: addressText(r.Schedule)},
		{Name: "slot", Value: r.Slot}, {Name: "process", Value: processText(r)}, {Name: "started", Value: momentText(r.Started)},
	}
	if r.Ended.IsZero() {
		return out // the rest is written at the end
	}
	return append(out,
		Field{Name: "ended", Value: momentText(r.Ended)}, Field{Name: "duration", Value: Duration(r.Ended.Sub(r.Started))},
		Field{Name: "rows", Value: rowsText(r)}, Field{Name: "pages", Value: Count(r.Pages)},
		Field{Name: "calls", Value: Count(r.Calls)}, Field{Name: "retries", Value: Count(r.Retries)},
		Field{Name: "waited", Value: waitedText(r)}, Field{Name: "checkpoints", Value: Count(r.Saved)},
		Field{Name: "commit", Value: commitText(r)}, Field{Name: "parts", Value: partsText(r)},
		Field{Name: "bookmark", Value: r.Position}, Field{Name: "audit", Value: strings.Join(r.Audit, "\n")},
		Field{Name: "warnings", Value: strings.Join(r.Warnings, "\n")}, Field{Name: "error", Value: r.Error})
}

func rowsText(r state.Run) string {
	text := Count(r.Rows) + " received"
	if r.Commit > 0 {
		text += fmt.Sprintf(", %s inserted, %s updated, %s deleted", Count(r.Inserted), Count(r.Updated), Count(r.Deleted))
	}
	return text
}

func waitedText(r state.Run) string {
	if r.Waited < 0.05 {
		return "" // less than is told
	}
	return Duration(time.Duration(r.Waited*float64(time.Second))) + " for the service's rate limit"
}

func commitText(r state.Run) string {
	if r.Commit == 0 {
		return ""
	}
	return Count(r.Commit)
}

func partsText(r state.Run) string {
	if r.Commit == 0 {
		return ""
	}
	return fmt.Sprintf("%s written, %s in the table", Count(int64(r.Written)), Count(int64(r.Parts)))
}

func processText(r state.Run) string {
	if r.PID == 0 {
		return ""
	}
	return fmt.Sprintf("%d on %s", r.PID, r.Host)
}

func addressText(a addr.Address) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}
