package intercom

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// listing reads a list from its first page to its last.
type listing struct {
	session *session
	client  *rest.Client
	group   *shared
	way     whole
	yield   func(stream.Batch, error) bool
	feed    *feed
	total   int64 // announced; -1 if not
	from    int64 // where a list that is given newest first may end; always if it may not
	stopped bool  // it ended there
}

func (s *session) listed(client *rest.Client, g *shared, w whole, yield func(stream.Batch, error) bool) *listing {
	return &listing{session: s, client: client, group: g, way: w, yield: yield, total: -1, from: g.oldest(w)}
}

// oldest is the oldest second that any read of the group wants of a list that can be given
// newest first; always for other lists and for reads of everything.
func (g *shared) oldest(w whole) int64 {
	if w.newest == "" {
		return always
	}
	from := int64(never)
	for _, c := range g.consumers {
		from = min(from, c.want.from)
	}
	return from
}

func (l *listing) run(ctx context.Context) (err error) {
	if l.feed, err = newFeed(l.session, l.group, l.yield); err != nil {
		return err
	}
	if err := l.pass(ctx); err != nil {
		return err
	}
	// A page's rows move when others change while the list is read; what slipped through
	// is found by reading once more, and what was received before is not yielded again.
	if l.short() {
		l.session.world.Log("warn", "fewer rows than announced; reading once more", "stream", l.group.root.Name, "received", len(l.feed.seen), "announced", l.total)
		if err := l.pass(ctx); err != nil {
			return err
		}
	}
	proof := ""
	if l.stopped {
		l.total, proof = -1, "stopped at the first row before "+time.Unix(l.from, 0).UTC().Format(time.RFC3339)+", newest first in verified order"
	} else if l.total < 0 {
		proof = "Intercom announces no number here; the list was read to its end"
	}
	return l.feed.finish(l.total, proof)
}

func (l *listing) short() bool { return !l.stopped && l.total > int64(len(l.feed.seen)) }

// passed reports whether a list that is given newest first has come to rows that nobody
// wants. One row out of order, and nothing is concluded from it.
func (l *listing) passed() bool {
	return l.from != always && !l.feed.ascended && l.feed.last < l.from
}

// pass reads the list once, or once for every slice of time where it wants to be asked so.
func (l *listing) pass(ctx context.Context) error {
	if l.way.slices[0] == "" {
		return l.pages(ctx, nil)
	}
	from, to, err := l.span(ctx)
	if err != nil {
		return err
	}
	for ; from < to; from += slice {
		bounds := map[string]string{l.way.slices[0]: strconv.FormatInt(from-1, 10), l.way.slices[1]: strconv.FormatInt(min(from+slice, to)+1, 10)}
		if err := l.pages(ctx, bounds); err != nil {
			return err
		}
	}
	return nil
}

// slice is how many seconds of a log are asked for at a time; long ranges fail.
const slice = 30 * 24 * 60 * 60

// span is the time a log has to be asked about: from the oldest wanted row, or else from
// the workspace's own beginning, to a day from now, whatever the clocks say.
func (l *listing) span(ctx context.Context) (from, to int64, err error) {
	from = never
	for _, c := range l.group.consumers {
		from = min(from, max(c.want.from, c.want.since))
	}
	to = l.session.world.Now().Add(24 * time.Hour).Unix()
	if from != always {
		return from, to, nil
	}
	m, err := l.session.me(ctx, l.client)
	if err != nil {
		return 0, 0, err
	}
	if m.App.CreatedAt <= 0 || m.App.CreatedAt > to {
		return time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), to, nil // Intercom's own beginning
	}
	return m.App.CreatedAt, to, nil
}

// pages reads the pages of one query.
func (l *listing) pages(ctx context.Context, bounds map[string]string) error {
	w, tokens, barren := l.way, map[string]bool{}, 0
	q := url.Values{}
	for name, value := range w.query {
		q.Set(name, value)
	}
	for name, value := range bounds {
		q.Set(name, value)
	}
	if l.from != always {
		q.Set("order", "desc")
	}
	if w.perPage > 0 {
		q.Set("per_page", strconv.Itoa(w.perPage))
	}
	for number := 1; ; number++ {
		if w.paging == numbered {
			q.Set("page", strconv.Itoa(number))
		}
		had := len(l.feed.seen)
		t, err := l.page(ctx, q)
		if err != nil {
			return err
		}
		next, err := l.beyond(t.page)
		if err != nil {
			return err
		}
		if err := l.feed.emit(ctx, t); err != nil {
			return err
		}
		if l.stopped = l.passed(); l.stopped {
			return nil
		}
		if barren++; len(l.feed.seen) > had || t.page.Elements > 0 && l.short() {
			barren = 0
		}
		switch {
		case next == "" || w.paging == onePage:
			return nil
		case w.paging == tokenQuery && tokens[next]:
			return endless(l.group.root, w.path, "a page token came twice")
		case barren > 3, number > 100_000:
			return endless(l.group.root, w.path, "page after page brings nothing new")
		}
		tokens[next] = true
		if w.paging == tokenQuery {
			q.Set("starting_after", next)
		}
	}
}

// page asks for one page, and once more if it cannot be read.
func (l *listing) page(ctx context.Context, q url.Values) (taken, error) {
	for again := false; ; again = true {
		a, err := l.session.ask(ctx, l.client, l.group.root, rest.Request{Method: "GET", Path: l.way.path, Query: q})
		if err != nil {
			return taken{}, err
		}
		t, err := l.feed.take(a.Body, l.way.list)
		if err == nil {
			return t, nil
		}
		if again {
			return taken{}, malformed(l.group.root, l.way.path, err)
		}
	}
}

// beyond reads what a page says of the rest: how many rows there are, and whether there is
// a further page. An address of one must lead to this service; only the fact that it is
// there is used.
func (l *listing) beyond(p decode.Page) (next string, err error) {
	var total *int64
	if raw, ok := p.Rest["total_count"]; ok && l.way.slices[0] == "" && json.Unmarshal(raw, &total) == nil && total != nil && *total >= 0 {
		l.total = *total
		l.feed.expected = *total
	}
	var pages *struct {
		Next json.RawMessage `json:"next"`
	}
	if raw, ok := p.Rest["pages"]; ok && json.Unmarshal(raw, &pages) != nil {
		return "", malformed(l.group.root, l.way.path, err)
	}
	if pages == nil || len(pages.Next) == 0 || string(pages.Next) == "null" {
		return "", nil
	}
	var token struct {
		After string `json:"starting_after"`
		Page  int    `json:"page"`
	}
	var address string
	if json.Unmarshal(pages.Next, &address) == nil {
		return address, l.inside(address)
	}
	if json.Unmarshal(pages.Next, &token) != nil {
		return "", malformed(l.group.root, l.way.path, err)
	}
	if token.After == "" && l.way.paging == numbered && token.Page > 0 {
		return strconv.Itoa(token.Page), nil
	}
	return token.After, nil
}

// inside refuses the address of a next page that leads to somebody else.
func (l *listing) inside(address string) error {
	if address == "" {
		return nil
	}
	var friends []string
	for _, h := range hosts() {
		friends = append(friends, h)
	}
	if _, _, err := l.client.Origin.Inside(address, friends...); err != nil {
		return &providers.Error{Kind: providers.Untrusted, Read: -1, Stream: l.group.root.Name, Summary: "The service leads elsewhere",
			Detail: "Of " + l.way.path + ", " + err.Error() + ". Credentials go to " + l.client.Origin.String() + " only, so the import stopped. Check region and base_url.", Err: err}
	}
	return nil
}
