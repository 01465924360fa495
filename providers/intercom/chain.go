package intercom

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// item is one row of a search as far as reading on needs it.
type item struct {
	id               string
	created, updated int64
	text             []byte // shares the page
	doubtful         bool   // nobody knows whether it came before
}

// leg is the part of a search that one chain of pages covers: the rows whose axis lies in
// [From, To). At and Seen are where an interrupted attempt left off: Seen distinct rows
// lie below At, and reading goes on there. The first leg reaches down without end, since a
// search may give rows from before it was asked for.
type leg struct {
	From int64 `json:"from"`
	To   int64 `json:"to"`
	At   int64 `json:"at"`
	Seen int64 `json:"seen"`
	Done bool  `json:"done,omitempty"`
	// Highest values seen below At.
	Created int64 `json:"created"`
	Updated int64 `json:"updated"`
}

// found is one page of a chain.
type found struct {
	rows  []*stream.Rows // for each decoder that has one
	items []item         // the rows in the leg, each once
	total int64          // what the service announced for the query; -1 if nothing
	leg   leg            // as it stands after the page
	safe  bool           // the leg may be resumed from here
	err   error
}

// keeper is a decoder and what it is to keep.
type keeper struct {
	decoder *decode.Decoder
	wants   func(created, updated int64) bool
}

// captures are what every page's objects are asked for, in this order.
func captures() []string { return []string{"id", "created_at", "updated_at"} }

// capturesOf are the captures of a stream's objects: where they have a time of another
// name, it stands for created_at.
func capturesOf(d declaration) []string {
	if w, ok := d.way.(whole); ok && w.newest != "" {
		return []string{"id", w.newest, "updated_at"}
	}
	return captures()
}

// chain reads one leg, page after page.
type chain struct {
	*finder
	base     int64 // where the whole search begins
	leg      leg
	keepers  []keeper // at least one
	met      *met
	forgets  bool // rows far behind need not be remembered
	tokens   map[string]bool
	token    string
	perPage  int
	good     int    // pages in a row that went well
	barren   int    // pages in a row without a new row
	last     int64  // the axis of the last row
	lastN    int64  // distinct rows there
	lowest   int64  // the axis of the first row of the leg; never if there was none
	straight bool   // rows came in the order asked for
	waiting  *found // a page already read and not handed on
	more     bool   // whether pages follow it
	hurries  bool   // the next page is asked for while one is decoded; settle ends it
	early    *early // what was asked for so
	before   int64  // the axis of the last row one page earlier
}

func newChain(f *finder, base int64, l leg, keepers []keeper) *chain {
	return &chain{finder: f, base: base, leg: l, keepers: keepers, met: newMet(), tokens: map[string]bool{},
		perPage: largestPage, last: always, before: always, lowest: never, straight: true}
}

// start is where the chain's own rows begin.
func (c *chain) start() int64 { return max(c.leg.From, c.leg.At) }

// next reads the next page, and reports whether there may be another.
func (c *chain) next(ctx context.Context) (found, bool) {
	if f := c.waiting; f != nil {
		c.waiting = nil
		return *f, c.more
	}
	for again := false; ; again = true {
		body, err := c.page(ctx)
		if err != nil {
			return found{err: err}, false
		}
		c.hurry(ctx, body)
		f, next, err := c.take(body)
		if err != nil {
			if !again { // a page may arrive whole and still be spoilt once
				continue
			}
			return found{err: malformed(c.decl, c.search.path, err)}, false
		}
		return c.advance(f, next)
	}
}

// open reads the first page ahead of its turn.
func (c *chain) open(ctx context.Context) (found, error) {
	f, more := c.next(ctx)
	c.waiting, c.more = &f, more
	return f, f.err
}

// shorten leaves the rows from a second on, none of which has come yet, to another chain.
func (c *chain) shorten(to int64) {
	c.leg.To, c.waiting.leg.To = to, to
}

// ask asks for a page, with smaller ones where the service breaks down, and larger ones
// again once it holds.
func (c *chain) ask(ctx context.Context, token string) ([]byte, error) {
	for {
		body, err := c.post(ctx, max(c.base, c.start()), pages{c.perPage, token}, c.perPage <= smallestPage)
		if status, _ := refusedWith(err); tooLarge(status) && c.perPage > smallestPage {
			c.perPage, c.good = max(c.perPage/2, smallestPage), 0
			c.session.world.Log("info", "asking for smaller pages", "stream", c.decl.Name, "per_page", c.perPage)
			continue
		}
		if err != nil {
			return nil, err
		}
		if c.good++; c.good%10 == 0 {
			c.perPage = min(c.perPage*2, largestPage)
		}
		if c.expansion != nil {
			return c.expansion.whole(ctx, body)
		}
		return body, nil
	}
}

// take decodes a page. The chain changes only if the page can be read.
func (c *chain) take(body []byte) (found, string, error) {
	f := found{total: -1, safe: true}
	var fresh []bool
	var page decode.Page
	for k, keeper := range c.keepers {
		i := -1
		read, err := keeper.decoder.Page(body, c.search.list, func(e decode.Element) bool {
			if i++; k == 0 {
				fresh = append(fresh, c.meet(e, &f))
			}
			return fresh[i] && keeper.wants(second(e, 1), second(e, 2))
		})
		if err != nil {
			keeper.decoder.Take()
			return f, "", err
		}
		if k == 0 {
			page = read
		}
		f.rows = append(f.rows, keeper.decoder.Take())
	}
	next, err := beyond(page, &f)
	return f, next, err
}

// beyond reads what a page says of the rows beyond it.
func beyond(page decode.Page, f *found) (next string, err error) {
	var total *int64
	if raw, ok := page.Rest["total_count"]; ok && json.Unmarshal(raw, &total) == nil && total != nil && *total >= 0 {
		f.total = *total
	}
	var p *struct {
		Next *struct {
			After string `json:"starting_after"`
		} `json:"next"`
	}
	if raw, ok := page.Rest["pages"]; ok {
		if err := json.Unmarshal(raw, &p); err != nil {
			return "", err
		}
	}
	if p != nil && p.Next != nil {
		next = p.Next.After
	}
	return next, nil
}

// second is a time among the captures in seconds, as number or text; always if it is neither.
func second(e decode.Element, i int) int64 {
	if us, ok := e.Time(i); ok {
		s := us / 1e6
		if us%1e6 < 0 {
			s--
		}
		return s
	}
	if n, ok := e.Int(i); ok { // a number written as text
		return n
	}
	return always
}

// meet takes note of an object, and reports whether it is the leg's and news.
func (c *chain) meet(e decode.Element, f *found) bool {
	id, _ := e.String(0)
	o := item{id: id, created: second(e, 1), updated: second(e, 2), text: e.Text}
	at := o.created
	if c.axis == "updated_at" {
		at = o.updated
	}
	switch {
	case at == always || at == c.last:
	case at > c.last:
		c.last, c.lastN = at, 0
	default:
		c.straight = false
	}
	if at == always && c.leg.From != always || at != always && (at < c.start() || at >= c.leg.To) {
		return false
	}
	news := c.met.row(id, at, o.updated)
	if news == known {
		return false
	}
	o.doubtful = news == doubtful
	if at != always {
		c.lowest = min(c.lowest, at)
	}
	if news == unknown && at == c.last {
		c.lastN++
	}
	c.leg.Created, c.leg.Updated = max(c.leg.Created, o.created), max(c.leg.Updated, o.updated)
	f.items = append(f.items, o)
	return true
}

// advance moves the chain past a page, guarding against pages without an end.
func (c *chain) advance(f found, next string) (found, bool) {
	if c.barren++; slices.ContainsFunc(f.items, func(o item) bool { return !o.doubtful }) || !c.reached() {
		c.barren = 0
	}
	c.forget()
	over := c.straight && c.last != always && c.last >= c.leg.To
	more := next != "" && !over
	switch {
	case more && (next == c.token || c.tokens[next]):
		return found{err: endless(c.decl, c.search.path, "a page token came twice")}, false
	case more && c.barren > 3:
		return found{err: endless(c.decl, c.search.path, "page after page brings nothing new")}, false
	}
	c.tokens[next], c.token = true, next
	f.leg, f.safe = c.leg, c.straight
	if c.straight && c.last != always {
		f.leg.At = max(c.leg.At, min(c.last, c.leg.To))
		f.leg.Seen = c.leg.Seen + c.met.count - c.lastN
	}
	if !more {
		f.leg.Done, f.leg.Seen, f.safe = true, c.leg.Seen+c.met.count, true
	}
	return f, more
}

// reached reports whether the chain has come to rows of its leg.
func (c *chain) reached() bool { return c.last == always || c.last >= c.start() }

// forget lets go of rows that cannot come again while the service keeps the order it was
// asked for. A row that changes moves to the present along updated_at: only the leg without
// an end, or one that is the whole search, meets it again.
func (c *chain) forget() {
	if c.forgets && c.straight && c.last != always && (c.axis != "updated_at" || c.leg.To != never) {
		c.met.forget(c.last)
	}
}
