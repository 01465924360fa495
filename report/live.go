package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
)

// Live writes events as they happen.
type Live interface {
	// Event writes one event.
	Event(e apply.Event) error
	// Close leaves the screen so that what follows starts on a line of its own.
	Close() error
}

// every is how far apart plain lines of progress of one import stand, by the events' time.
const every = 2 * time.Second

// LiveText writes events for people: bars that are redrawn where the style allows it,
// plain lines elsewhere. The first line of an import's progress is written with its first
// event, long before its last page.
func LiveText(w io.Writer, s Style) Live {
	t := &liveText{out: &printer{w: w}, style: s, runs: map[addr.Address]*run{}}
	if s.Live && s.Width > 0 {
		return &liveBars{liveText: t}
	}
	return t
}

// run is what is known of one import under way.
type run struct {
	address  addr.Address
	started  time.Time
	at       time.Time // of the latest event
	written  time.Time // when its latest line of progress was
	rows     int64
	pages    int64
	expected int64
	staged   int64
	note     string
}

type liveText struct {
	out   *printer
	style Style
	runs  map[addr.Address]*run
	order []addr.Address // of the runs under way
}

// Event writes a line for what a person wants to know, and nothing for the rest.
func (t *liveText) Event(e apply.Event) error {
	r := t.follow(e)
	if e.Kind == apply.Progress || e.Kind == apply.Checkpointed {
		if r.written.IsZero() || e.At.Sub(r.written) >= every {
			r.written = e.At
			t.out.line(r.address.String() + ": " + r.progress())
		}
		return t.out.err
	}
	for _, l := range t.lines(e) {
		t.out.line(l)
	}
	return t.out.err
}

func (t *liveText) Close() error { return t.out.err }

// follow keeps what the events of an import say about it.
func (t *liveText) follow(e apply.Event) *run {
	r := t.runs[e.Address]
	if r == nil {
		r = &run{address: e.Address, started: e.At, expected: -1}
		t.runs[e.Address] = r
	}
	r.at = e.At
	switch e.Kind {
	case apply.ImportStart:
		r.started = e.At
		t.order = append(t.order, e.Address)
	case apply.Progress:
		r.rows, r.pages, r.note = e.Rows, e.Pages, ""
		if e.Expected > 0 {
			r.expected = e.Expected
		}
	case apply.Checkpointed:
		r.rows, r.staged = max(r.rows, e.Rows), e.Rows
	case apply.Noted:
		r.note = Clean(e.Message)
	case apply.ImportDone, apply.Failed, apply.Skipped, apply.NotStarted:
		for i, a := range t.order {
			if a == e.Address {
				t.order = append(t.order[:i], t.order[i+1:]...)
				break
			}
		}
	}
	return r
}

// progress is "12,000 of 40,000 rows, 80 pages, 5,100 rows/s, 10,000 staged".
func (r *run) progress() string {
	text := Plural(r.rows, "row")
	if r.expected > 0 {
		text = Count(r.rows) + " of " + Plural(r.expected, "row")
	}
	if r.pages > 0 {
		text += ", " + Plural(r.pages, "page")
	}
	if rate := Rate(r.rows, r.at.Sub(r.started)); rate != "" {
		text += ", " + rate
	}
	if r.staged > 0 {
		text += ", " + Count(r.staged) + " staged"
	}
	return text
}

// lines are the permanent lines of an event that is not progress.
func (t *liveText) lines(e apply.Event) []string {
	s, name := t.style, e.Address.String()
	switch e.Kind {
	case apply.ChangeDone:
		if e.Change == nil {
			return nil
		}
		return []string{s.paint(green, name+": "+work(*e.Change)+" done") + s.paint(dim, spaced(took(e.At, t.runs[e.Address].started)))}
	case apply.ImportStart:
		why := ""
		if e.Import != nil {
			why = " (" + ImportReason(*e.Import) + ")"
		}
		return []string{name + ": run " + e.Run + why}
	case apply.Noted:
		return []string{name + ": " + Clean(e.Message)}
	case apply.ImportDone:
		return []string{s.paint(green, name+": "+doneText(e.Result))}
	case apply.Skipped:
		return []string{s.paint(yellow, name+": skipped, "+Clean(e.Message))}
	case apply.NotStarted:
		return []string{s.paint(yellow, name+": not started, "+Clean(e.Message))}
	case apply.Failed:
		what := "failed"
		if e.Change != nil && e.Run == "" {
			what = work(*e.Change) + " failed"
		}
		head := FromError(e.Err).Summary
		if e.Address.IsZero() {
			return []string{s.paint(red, what+": "+head)}
		}
		return []string{s.paint(red, name+": "+what+": "+head)}
	}
	return nil
}

func took(at, started time.Time) string {
	if d := at.Sub(started); d >= time.Second {
		return "in " + Duration(d)
	}
	return ""
}

// doneText says what an import did: "2,000 rows inserted in 1.2s, 14 calls".
func doneText(r *apply.Result) string {
	if r == nil {
		return "done"
	}
	text := "nothing new"
	if !r.Nothing {
		text = counts(r)
	}
	text += " in " + Duration(r.Ended.Sub(r.Started))
	if n := r.Calls.Requests; n > 0 {
		text += ", " + Plural(n, "call")
	}
	return text
}

func counts(r *apply.Result) string {
	c := r.Manifest.Counts
	var parts []string
	for _, p := range []struct {
		n    int64
		verb string
	}{{c.Inserted, "inserted"}, {c.Updated, "updated"}, {c.Deleted, "deleted"}, {c.Unchanged, "unchanged"}} {
		if p.n > 0 {
			parts = append(parts, Plural(p.n, "row")+" "+p.verb)
		}
	}
	if len(parts) == 0 {
		return Plural(r.Manifest.Rows, "row") + " in the table"
	}
	return strings.Join(parts, ", ")
}

// liveBars redraws one line for every import under way, below the permanent lines.
type liveBars struct {
	*liveText
	drawn    int
	lastDraw time.Time
}

// barsEvery is how far apart two drawings of the same bars stand, by the events' time.
const barsEvery = 80 * time.Millisecond

// Event writes what stays and redraws what moves.
func (b *liveBars) Event(e apply.Event) error {
	b.follow(e)
	moving := e.Kind == apply.Progress || e.Kind == apply.Checkpointed || e.Kind == apply.Noted
	if moving && b.drawn > 0 && e.At.Sub(b.lastDraw) < barsEvery {
		return b.out.err
	}
	b.lastDraw = e.At
	b.erase()
	if !moving {
		for _, l := range b.lines(e) {
			b.out.line(l)
		}
	}
	b.draw(e.At)
	return b.out.err
}

// Close erases the bars: what is permanent has been written.
func (b *liveBars) Close() error {
	b.erase()
	return b.out.err
}

func (b *liveBars) erase() {
	if b.drawn > 0 {
		b.out.text(fmt.Sprintf("\x1b[%dA\r\x1b[J", b.drawn))
	}
	b.drawn = 0
}

// most is how many imports are drawn; the others are counted.
const most = 12

func (b *liveBars) draw(now time.Time) {
	for i, a := range b.order {
		if i == most {
			b.out.line(b.style.line(span{dim, fmt.Sprintf("  and %d more under way", len(b.order)-most)}))
			b.drawn++
			return
		}
		r := b.runs[a]
		text := r.progress()
		if r.note != "" {
			text = r.note
		}
		b.out.line(b.style.line(span{cyan, "  " + bar(r) + " "}, span{plain, a.String() + "  "}, span{dim, text}))
		b.drawn++
	}
}

const barWidth = 16

// bar is a share of what was announced, or a mark that moves with the pages.
func bar(r *run) string {
	if r.expected > 0 {
		n := int(min(r.rows*barWidth/r.expected, barWidth))
		return strings.Repeat("█", n) + strings.Repeat("░", barWidth-n)
	}
	at := int(r.pages) % barWidth
	return strings.Repeat("░", at) + "█" + strings.Repeat("░", barWidth-at-1)
}
