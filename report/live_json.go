package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/table"
)

// LiveJSON writes one JSON object a line for every event. The first line of a stream is
// written by PlanEvent, the last by SummaryEvent.
func LiveJSON(w io.Writer) Live { return &liveJSON{w} }

type liveJSON struct{ w io.Writer }

func (l *liveJSON) Close() error { return nil }

// eventJSON is one line; members that do not apply are absent.
type eventJSON struct {
	Type     apply.Kind   `json:"type"`
	At       time.Time    `json:"at,omitzero"`
	Address  string       `json:"address,omitempty"`
	Run      string       `json:"run,omitempty"`
	Import   *plan.Import `json:"import,omitempty"`
	Change   *plan.Change `json:"change,omitempty"`
	Rows     *int64       `json:"rows,omitempty"`
	Pages    *int64       `json:"pages,omitempty"`
	Expected *int64       `json:"expected,omitempty"`
	Message  string       `json:"message,omitempty"`
	Serial   int64        `json:"serial,omitempty"`
	Error    *Finding     `json:"error,omitempty"`
	// Calls are the requests of an import that failed; one that is done has them in its result.
	Calls  *providers.Calls `json:"calls,omitempty"`
	Result *resultJSON      `json:"result,omitempty"`
}

type resultJSON struct {
	Manifest int64           `json:"manifest"`
	Rows     int64           `json:"rows"`
	Bytes    int64           `json:"bytes"`
	Counts   table.Counts    `json:"counts"`
	Nothing  bool            `json:"nothing_new"`
	Position string          `json:"position,omitempty"`
	Started  time.Time       `json:"started"`
	Ended    time.Time       `json:"ended"`
	Pages    int64           `json:"pages"`
	Calls    providers.Calls `json:"calls"`
	Warnings []string        `json:"warnings,omitempty"`
}

// Event writes one line.
func (l *liveJSON) Event(e apply.Event) error {
	out := eventJSON{Type: e.Kind, At: e.At, Run: e.Run, Message: e.Message, Serial: e.Serial}
	if !e.Address.IsZero() {
		out.Address = e.Address.String()
	}
	switch e.Kind {
	case apply.ImportStart:
		out.Import = e.Import
	case apply.ChangeStart, apply.ChangeDone:
		out.Change = e.Change
	case apply.Progress:
		out.Rows, out.Pages = &e.Rows, &e.Pages
		if e.Expected >= 0 {
			out.Expected = &e.Expected
		}
	case apply.Checkpointed:
		out.Rows = &e.Rows
	case apply.Failed:
		if e.Run != "" {
			out.Calls = &e.Calls
		}
	}
	if e.Err != nil {
		f := FromError(e.Err)
		out.Error = &f
	}
	if e.Result != nil {
		out.Result = resultOf(e.Result)
	}
	return oneJSON(l.w, out)
}

func resultOf(r *apply.Result) *resultJSON {
	m := r.Manifest
	return &resultJSON{
		Manifest: m.Number, Rows: m.Rows, Bytes: m.Bytes, Counts: m.Counts, Nothing: r.Nothing, Position: m.Position,
		Started: r.Started, Ended: r.Ended, Pages: r.Pages, Calls: r.Calls, Warnings: r.Warnings,
	}
}

func oneJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// planJSON is the first line of a stream.
type planJSON struct {
	Type string     `json:"type"`
	Plan *plan.Plan `json:"plan"`
}

// PlanEvent writes the plan, with its id, as the first line of a stream of events.
func PlanEvent(w io.Writer, p *plan.Plan) error {
	if _, err := p.Encode(); err != nil { // fills in the id
		return err
	}
	return oneJSON(w, planJSON{"plan", p})
}

// summaryJSON is the last line of a stream, also after a failure or an interrupt.
type summaryJSON struct {
	Type        string        `json:"type"`
	At          time.Time     `json:"at,omitzero"`
	Changes     int64         `json:"changes"`     // made
	Done        int           `json:"done"`        // imports, those that found nothing new among them
	Failed      int           `json:"failed"`      // imports and changes
	Stopped     int           `json:"stopped"`     // imports that were interrupted
	NotStarted  int           `json:"not_started"` // imports
	Skipped     int           `json:"skipped"`     // imports
	Interrupted bool          `json:"interrupted,omitempty"`
	GoOn        string        `json:"go_on,omitempty"` // the command that goes on from here
	Outcomes    []outcomeJSON `json:"outcomes"`
}

// outcomeJSON is what became of one import, or of a change that failed.
type outcomeJSON struct {
	Address string      `json:"address,omitempty"`
	Status  Status      `json:"status"`
	Import  bool        `json:"import"`
	Run     string      `json:"run,omitempty"`
	Result  *resultJSON `json:"result,omitempty"`
	Error   *Finding    `json:"error,omitempty"`
	Message string      `json:"message,omitempty"`
	Staged  int64       `json:"staged,omitempty"` // rows that survive for the next attempt
}

// SummaryEvent writes the last line of a stream of events: what became of everything.
func SummaryEvent(w io.Writer, t *Tally, s Summary) error {
	list := []outcomeJSON{}
	for _, o := range t.Outcomes() {
		j := outcomeJSON{Status: o.Status, Import: o.Import, Run: o.Run, Message: o.Message, Staged: o.Staged}
		if !o.Address.IsZero() {
			j.Address = o.Address.String()
		}
		if o.Result != nil {
			j.Result = resultOf(o.Result)
		}
		if o.Err != nil {
			f := FromError(o.Err)
			j.Error = &f
		}
		list = append(list, j)
	}
	return oneJSON(w, summaryJSON{
		Type: "summary", At: t.Ended, Changes: t.Changed(),
		Done: t.Count(Done, Nothing), Failed: len(t.Failures()), Stopped: t.Count(Stopped), NotStarted: t.Count(NotStarted), Skipped: t.Count(SkippedOne),
		Interrupted: s.Interrupted, GoOn: s.GoOn, Outcomes: list,
	})
}
