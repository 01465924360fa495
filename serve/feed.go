package serve

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/report"
)

// Bounds of what the feed keeps in memory.
const (
	keptRuns  = 200
	keptLines = 200
	// behind is how many events a slow listener may lag before it misses some. It then still
	// has every later one, and each event of progress says all there is to know.
	behind = 64
)

// tick is one event as the page gets it.
type tick struct {
	Type     string `json:"type"`
	Address  string `json:"address,omitempty"`
	Run      string `json:"run,omitempty"`
	Rows     int64  `json:"rows"`
	Pages    int64  `json:"pages"`
	Expected int64  `json:"expected"` // -1: not known
	Text     string `json:"text,omitempty"`
	Ended    bool   `json:"ended,omitempty"`
}

// line is one line of a run's log.
type line struct {
	At   time.Time
	Text string
}

// track is what is known of one run of this process.
type track struct {
	last  tick
	lines []line
	order int
}

// feed hands events to whoever listens and keeps the log of the latest runs.
type feed struct {
	mu        sync.Mutex
	listeners map[chan tick]bool
	runs      map[string]*track
	count     int
}

func newFeed() *feed { return &feed{listeners: map[chan tick]bool{}, runs: map[string]*track{}} }

// listen returns a channel of what happens from now on, and the function that ends it.
func (f *feed) listen() (<-chan tick, func()) {
	c := make(chan tick, behind)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.listeners[c] = true
	return c, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.listeners, c)
	}
}

// say tells the listeners; one that lags misses it.
func (f *feed) say(t tick) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tell(t)
}

func (f *feed) tell(t tick) {
	for c := range f.listeners {
		select {
		case c <- t:
		default:
		}
	}
}

// follow takes an event of an apply.
func (f *feed) follow(e apply.Event) {
	t := tick{Type: string(e.Kind), Run: e.Run, Rows: e.Rows, Pages: e.Pages, Expected: -1, Text: eventText(e)}
	if !e.Address.IsZero() {
		t.Address = e.Address.String()
	}
	if e.Expected > 0 {
		t.Expected = e.Expected
	}
	switch e.Kind {
	case apply.ImportDone, apply.Failed, apply.Skipped:
		t.Ended = true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.Run != "" {
		f.keep(e, &t)
	}
	f.tell(t)
}

func (f *feed) keep(e apply.Event, t *tick) {
	r := f.runs[e.Run]
	if r == nil {
		if len(f.runs) >= keptRuns {
			f.forget()
		}
		f.count++
		r = &track{order: f.count, last: tick{Expected: -1}}
		f.runs[e.Run] = r
	}
	if t.Expected < 0 {
		t.Expected = r.last.Expected
	}
	r.last = *t
	if e.Kind == apply.Progress && len(r.lines) > 0 && r.lines[len(r.lines)-1].Text != "" {
		return // the bar shows it
	}
	if r.lines = append(r.lines, line{e.At, t.Text}); len(r.lines) > keptLines {
		r.lines = slices.Delete(r.lines, 1, 2) // its beginning stays
	}
}

// forget drops the run that began first.
func (f *feed) forget() {
	oldest := ""
	for id, r := range f.runs {
		if oldest == "" || r.order < f.runs[oldest].order {
			oldest = id
		}
	}
	delete(f.runs, oldest)
}

// log returns the lines of a run of this process, and its latest event.
func (f *feed) log(run string) ([]line, tick, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := f.runs[run]
	if r == nil {
		return nil, tick{}, false
	}
	return slices.Clone(r.lines), r.last, true
}

// current returns the latest event of every run that has not ended, by address.
func (f *feed) current() map[string]tick {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]tick{}
	for id := range maps.Keys(f.runs) {
		if t := f.runs[id].last; !t.Ended {
			out[t.Address] = t
		}
	}
	return out
}

// eventText is an event in a few words.
func eventText(e apply.Event) string {
	switch e.Kind {
	case apply.ImportStart:
		if e.Import != nil {
			return "begins: " + report.ImportReason(*e.Import)
		}
		return "begins"
	case apply.Progress:
		return report.Plural(e.Rows, "row") + " received, " + report.Plural(e.Pages, "page")
	case apply.Checkpointed:
		return "checkpoint: " + report.Plural(e.Rows, "row") + " are safe"
	case apply.ImportDone:
		return doneText(e.Result)
	case apply.Failed:
		f := report.FromError(e.Err)
		return "failed: " + f.Summary + ". " + f.Detail
	case apply.ChangeStart:
		return "is being changed"
	case apply.ChangeDone:
		return "is changed"
	case apply.StateWritten:
		return "the state is written"
	}
	return report.Clean(e.Message)
}

func doneText(r *apply.Result) string {
	if r == nil {
		return "done"
	}
	if r.Nothing {
		return "done: nothing new"
	}
	c := r.Manifest.Counts
	return "done: " + report.Plural(c.Received, "row") + " received, " + report.Count(c.Inserted) + " inserted, " + report.Count(c.Updated) +
		" updated, " + report.Count(c.Deleted) + " deleted"
}
