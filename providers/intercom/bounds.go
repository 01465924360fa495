package intercom

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Seconds that bound nothing.
const (
	always = math.MinInt64
	never  = math.MaxInt64
)

// bounds is which rows one read wants, and along which column of time it is best read.
type bounds struct {
	axis     string // the column the service is asked to go by
	marked   string // the column the bookmark is about
	cursor   string // the source's cursor
	from     int64  // rows below it on the axis were read before
	since    int64  // rows below it by the cursor are not wanted
	until    int64  // rows at or above it by the cursor are already there
	started  int64  // the bookmark never passes it
	before   mark   // the bookmark the read starts from; zero for none
	backfill bool
	whole    bool // every row there is is wanted
	filters  []condition
}

// newBounds works out what a read wants of the stream root, which is the read's own or the
// one its rows are found through. What is new under an object shows in the object's
// updated_at alone.
func newBounds(root declaration, r providers.Read) (bounds, error) {
	b := bounds{axis: "created_at", from: always, since: always, until: never, started: never}
	if len(root.Cursors) > 0 {
		b.cursor = root.Cursors[0]
	}
	if c := r.Settings.String("cursor"); c != "" {
		b.cursor = c
	}
	if root.Name != r.Stream && len(root.Cursors) > 0 {
		b.cursor = "updated_at"
	}
	w, searched := root.way.(search)
	var err error
	if b.filters, err = filtersOf(root, r); err != nil {
		return b, err
	}
	b.marked = b.cursor
	if searched && (w.byUpdate || len(b.filters) > 0) {
		b.marked = "updated_at"
	}
	if !r.Started.IsZero() {
		b.started = r.Started.Unix()
	}
	if !r.Since.IsZero() {
		b.since = r.Since.Unix()
	}
	if !r.Until.IsZero() {
		b.until, b.backfill = r.Until.Unix(), true
	}
	m, known := parseMark(r.From)
	if known && m.Column == b.marked {
		b.before = m
	}
	b.whole = (r.Full || b.before.Format == 0) && r.Since.IsZero() && !b.backfill
	switch {
	case b.backfill, r.Full, b.before.Format == 0:
		if b.since != always && b.cursor != "" { // the cursor's own order reaches the wanted rows soonest
			b.axis, b.from = b.cursor, b.since
		}
	default:
		back, err := lookback(r)
		if err != nil {
			return b, err
		}
		b.axis, b.from = b.marked, b.before.Watermark-int64(back/time.Second)
	}
	return b, nil
}

func lookback(r providers.Read) (time.Duration, error) {
	s := r.Settings.String("lookback")
	if s == "" {
		s = defaultLookback
	}
	d, err := setting.ParseDuration(s)
	if err != nil {
		return 0, unusable("lookback must be a length of time, such as \"1h\".")
	}
	return d, nil
}

// wants reports whether the read wants a row with these seconds; an absent time is always,
// and a row without times is never left out.
func (b bounds) wants(created, updated int64) bool {
	at := func(column string) int64 {
		if column == "updated_at" {
			return updated
		}
		return created
	}
	if on := at(b.axis); on != always && on < b.from {
		return false
	}
	by := at(b.cursor)
	return b.cursor == "" || by == always || by >= b.since && by < b.until
}

// bookmark is the position once every row up to the highest one seen is committed, and
// every deletion up to deleted.
func (b bounds) bookmark(highest, deleted int64) stream.Bookmark {
	if b.cursor == "" {
		return ""
	}
	w := min(highest, b.started)
	if b.before.Format != 0 && (w <= b.before.Watermark || b.backfill) {
		same := b.before
		same.Deleted = max(same.Deleted, deleted)
		return same.bookmark()
	}
	if highest == always || b.backfill {
		return ""
	}
	return mark{bookmarkFormat, b.marked, w, max(b.before.Deleted, deleted)}.bookmark()
}

// filtersOf turns a source's filter into conditions of the search, in order of name.
func filtersOf(d declaration, r providers.Read) ([]condition, error) {
	filter := r.Settings.Block("filter")
	if len(filter) == 0 {
		return nil, nil
	}
	w, ok := d.way.(search)
	if !ok {
		return nil, unusable("The stream %s cannot be filtered by the service. Remove filter, or use a stream that is searched: users, leads, contacts, conversations or tickets.", d.Name)
	}
	var names []string
	for name := range filter {
		names = append(names, name)
	}
	slices.Sort(names)
	var out []condition
	for _, name := range names {
		field := name
		if f, ok := w.names[name]; ok {
			field = f
		}
		switch v := filter[name].(type) {
		case string, bool, int64, float64, int:
			out = append(out, condition{field, "=", v})
		case []any:
			out = append(out, condition{field, "IN", v})
		default:
			return nil, unusable("filter %s of the stream %s must be a text, a number, true, false or a list of these.", name, d.Name)
		}
	}
	if len(out) > 12 {
		return nil, unusable("filter of the stream %s has %d conditions; Intercom's search takes at most 12 beside those of the read.", d.Name, len(out))
	}
	return out, nil
}

// key says whether two reads can share their requests.
func (b bounds) key(root string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s %s %d %v", root, b.axis, b.until, b.whole)
	for _, f := range b.filters {
		fmt.Fprintf(&s, " %s%s%v", f.Field, f.Operator, f.Value)
	}
	return s.String()
}
