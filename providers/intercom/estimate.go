package intercom

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
)

// PerSecond is how many requests the session may make in a second at length.
func (s *session) PerSecond() float64 { return s.client.Lease.Limiter.PerSecond() }

// Try finds out whether the credentials may read a stream.
func (s *session) Try(ctx context.Context, name string) error {
	d, err := s.wanted(name)
	if err != nil {
		return err
	}
	return s.try(ctx, d)
}

// Estimate says what a Read of the same request would give and take. Reads that Read would
// group share their pages here too.
func (s *session) Estimate(ctx context.Context, r providers.Request) ([]providers.Estimate, error) {
	out := make([]providers.Estimate, len(r.Reads))
	groups := s.grouped(r, func(b stream.Batch, err error) bool {
		errors.As(err, &out[b.Read].Refused)
		return true
	})
	for _, g := range groups {
		if err := s.estimate(ctx, g, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// estimate fills in the estimates of one group.
func (s *session) estimate(ctx context.Context, g *shared, out []providers.Estimate) error {
	pages, err := s.pagesOf(ctx, g)
	for i, c := range g.consumers {
		if err == nil {
			out[c.index], err = s.consumed(ctx, pages, c)
		}
		if refused := (*providers.Error)(nil); errors.As(err, &refused) && lasting(refused.Kind) {
			out[c.index], err = providers.Estimate{Rows: -1, Calls: -1, Refused: refused}, nil
			if i == 0 && pages == nil { // what all of them need is refused
				for _, other := range g.consumers {
					out[other.index] = out[c.index]
				}
				return nil
			}
		}
		if err != nil {
			return err
		}
	}
	first := &out[g.consumers[0].index]
	if first.Refused == nil && first.Calls >= 0 {
		first.Calls += pages.calls
	}
	return nil
}

// extent is what the pages of a group hold: how many objects, and how many requests they
// take. sample are the objects of as many pages as are looked at; when they are all there
// are, whole is set.
type extent struct {
	objects, calls int64 // objects is -1 where it is not told
	about          bool
	sample         []item
	whole          bool
}

func (s *session) pagesOf(ctx context.Context, g *shared) (*extent, error) {
	switch w := g.root.way.(type) {
	case search:
		return s.searchExtent(ctx, g, w)
	case whole:
		return s.listExtent(ctx, g, w)
	case scroll:
		return s.scrollExtent(ctx, g, w)
	}
	return nil, unusable("The stream %s cannot be read by itself.", g.root.Name)
}

// consumed is what one read of a group takes beside the group's pages.
func (s *session) consumed(ctx context.Context, x *extent, c *consumer) (providers.Estimate, error) {
	switch w := c.decl.way.(type) {
	case hydrate:
		if err := s.tryObject(ctx, c.decl, w.path, x.sample); err != nil {
			return providers.Estimate{}, err
		}
		return x.children(c, func(o item) (rows, calls int64) {
			n, ok := numberAt(o.text, w.counted)
			if !ok {
				return -1, 1
			}
			return min(n, mostParts), 1
		}), nil
	case under:
		if err := s.tryObject(ctx, c.decl, w.path, x.sample); err != nil {
			return providers.Estimate{}, err
		}
		return x.children(c, w.cost), nil
	case within:
		return x.children(c, func(o item) (rows, calls int64) { return int64(len(listAt(o.text, w.list))), 0 }), nil
	}
	e := providers.Estimate{Rows: x.objects, About: x.about || c.want.since != always || c.want.backfill}
	if lists := c.read.Settings.Strings("expand"); len(lists) > 0 {
		e.Calls = x.children(c, func(o item) (rows, calls int64) { return 0, expanded(o, lists) }).Calls
		e.About = e.About || !x.whole
	}
	return e, nil
}

// cost is what the list under one object gives and takes.
func (w under) cost(o item) (rows, calls int64) {
	total, counted := numberAt(o.text, w.counted)
	switch {
	case !counted:
		return -1, 1
	case total == 0, w.inside != "" && int64(len(listAt(o.text, w.inside))) >= total:
		return total, 0
	case w.paging == numbered:
		return total, (total + rowsUnder - 1) / rowsUnder
	}
	return total, 1
}

// rowsUnder is how many rows a page of a list under an object has.
const rowsUnder = 50

// expanded is how many requests it takes to complete the lists of a contact.
func expanded(o item, lists []string) (calls int64) {
	var object map[string]json.RawMessage
	if json.Unmarshal(o.text, &object) != nil {
		return 0
	}
	for _, name := range lists {
		var l sublist
		if json.Unmarshal(object[name], &l) != nil || !l.More && int64(len(l.Data)) >= l.Total {
			continue
		}
		if calls++; name != "tags" {
			calls += max(0, (l.Total-1)/rowsUnder)
		}
	}
	return calls
}

// children adds up what the objects of the sample cost, and projects it on all of them.
func (x *extent) children(c *consumer, cost func(item) (rows, calls int64)) providers.Estimate {
	e := providers.Estimate{About: x.about || !x.whole}
	for _, o := range c.wanted(x.sample) {
		rows, calls := cost(o)
		if e.Calls += calls; rows < 0 || e.Rows < 0 {
			e.Rows = -1
		} else {
			e.Rows += rows
		}
	}
	n := int64(len(x.sample))
	switch {
	case x.whole:
	case n == 0 || x.objects < 0:
		e.Rows, e.Calls = -1, -1
	default:
		e.Calls = e.Calls * x.objects / n
		if e.Rows > 0 {
			e.Rows = e.Rows * x.objects / n
		}
	}
	return e
}
