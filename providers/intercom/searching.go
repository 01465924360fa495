package intercom

import (
	"context"
	"encoding/json"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// searching reads one search for the consumers of a group.
type searching struct {
	*finder
	consumers []*consumer
	from      int64
	yield     func(stream.Batch, error) bool
	resumed   bool
	legs      []leg
	total     int64  // announced for the whole search when it began; -1 if not
	opened    *chain // the first leg's, with its first page
	days      days   // what was received, by day of the axis
	apart     int64  // rows received that no leg counts, once parts are read once more
	mending   bool   // parts are read once more
}

// errStopped says that whoever takes the batches wants no more.
var errStopped = errors.New("stopped")

// run reads everything. It returns errStopped, or the error that ended all reads.
func (s *searching) run(ctx context.Context) error {
	if err := s.begin(ctx); err != nil {
		return err
	}
	if err := s.readLegs(ctx); err != nil {
		return err
	}
	return s.reconcile(ctx)
}

// resumePoint is where an interrupted search goes on.
type resumePoint struct {
	Format int    `json:"v"`
	Axis   string `json:"c"`
	From   int64  `json:"from"`
	Total  int64  `json:"total"`
	Legs   []leg  `json:"legs"`
}

// begin decides on the legs: those of the attempt that is resumed, or new ones.
func (s *searching) begin(ctx context.Context) error {
	if len(s.consumers) == 1 && s.consumers[0].read.Resume != "" {
		var p resumePoint
		err := json.Unmarshal([]byte(s.consumers[0].read.Resume), &p)
		if err == nil && p.Format == bookmarkFormat && p.Axis == s.axis && p.From <= s.from && len(p.Legs) > 0 {
			s.from, s.legs, s.total, s.resumed = p.From, p.Legs, p.Total, true
			return nil
		}
		s.session.world.Log("warn", "the resume point is of another read; reading from its beginning", "stream", s.decl.Name)
	}
	return s.divide(ctx)
}

// divide reads the first page, which says how much there is, and makes legs of it.
func (s *searching) divide(ctx context.Context) error {
	c, err := s.chain(entire())
	if err != nil {
		return err
	}
	f, err := c.open(ctx)
	if err != nil {
		return err
	}
	s.opened, s.total = c, f.total
	if s.legs, err = s.split(ctx, c.lowest, c.last, s.session.world.Now().Unix(), s.total); err != nil {
		return err
	}
	if len(s.legs) > 1 {
		c.shorten(s.legs[0].To)
	}
	return nil
}

// readLegs reads the legs side by side and hands on their pages in turn: one of each leg,
// then the next of each. The order of batches depends on the service's answers alone, and
// no leg runs ahead by more than the pages that wait for their turn.
func (s *searching) readLegs(ctx context.Context) error {
	tail := len(s.legs)
	if s.axis == "updated_at" && len(s.legs) > 1 {
		tail-- // rows that changed meanwhile stand there
	}
	if err := s.sideBySide(ctx, 0, tail); err != nil {
		return err
	}
	return s.sideBySide(ctx, tail, len(s.legs))
}

func (s *searching) sideBySide(ctx context.Context, from, to int) error {
	ctx, cancel := context.WithCancel(ctx)
	g, ctx := errgroup.WithContext(ctx)
	defer func() { cancel(); _ = g.Wait() }() // the chains' errors came through their pages
	turns := map[int]chan found{}
	for i := from; i < to; i++ {
		if s.legs[i].Done {
			continue
		}
		c := s.opened
		if s.opened = nil; c == nil {
			var err error
			if c, err = s.chain(s.legs[i]); err != nil {
				return err
			}
		}
		turn := make(chan found, 1)
		turns[i] = turn
		g.Go(func() error { return c.send(ctx, turn) })
	}
	for len(turns) > 0 {
		for i := from; i < to; i++ {
			turn, ok := turns[i]
			if !ok {
				continue
			}
			f, ok := <-turn
			if !ok {
				if ctx.Err() != nil {
					return interrupted(s.decl, ctx)
				}
				delete(turns, i)
				continue
			}
			if f.err != nil {
				return f.err
			}
			s.legs[i] = f.leg
			if err := s.emit(ctx, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// send hands on the chain's pages until there are no more.
func (c *chain) send(ctx context.Context, turn chan<- found) error {
	defer close(turn)
	defer c.settle()
	c.hurries = true
	for {
		f, more := c.next(ctx)
		select {
		case turn <- f:
		case <-ctx.Done():
			return ctx.Err()
		}
		if !more {
			return nil
		}
	}
}

// chain makes the chain of a leg, with a decoder for each consumer of the pages' objects.
func (s *searching) chain(l leg) (*chain, error) {
	var keepers []keeper
	for _, c := range s.consumers {
		if c.child != nil || c.failed {
			continue
		}
		d, err := c.decoder(captures())
		if err != nil {
			return nil, err
		}
		keepers = append(keepers, keeper{d, c.want.wants})
	}
	if len(keepers) == 0 { // only the objects themselves are wanted
		d, err := decode.New(stream.Shape{NoRest: true}, decode.Options{Capture: captures()})
		if err != nil {
			return nil, err
		}
		keepers = append(keepers, keeper{d, func(int64, int64) bool { return false }})
	}
	c := newChain(s.finder, s.from, l, keepers)
	c.forgets = !s.mending // what is read once more is counted exactly
	return c, nil
}

// emit hands a page on to every consumer.
func (s *searching) emit(ctx context.Context, f found) error {
	s.days.count(s.axis, f.items)
	k := 0
	for _, c := range s.consumers {
		var rows *stream.Rows
		if c.child == nil {
			rows = f.rows[k]
			k++
		}
		if c.failed {
			continue
		}
		var err error
		if c.child != nil {
			rows, err = c.child.rows(ctx, c.wanted(f.items), &c.final)
		}
		if err != nil {
			if ctx.Err() != nil {
				return interrupted(s.decl, ctx)
			}
			if err := s.fail(c, err); err != nil {
				return err
			}
			continue
		}
		c.note(f.leg.Created, f.leg.Updated)
		b := stream.Batch{Read: c.index, Rows: rows, Pages: 1, Expected: c.expects(s.total)}
		if f.safe && !s.mending {
			b.Resume = s.resume()
		}
		if len(s.legs) == 1 && f.safe && !s.mending && s.axis == c.want.marked {
			b.Next = c.bookmark()
		}
		if !s.yield(b, nil) {
			return errStopped
		}
	}
	return nil
}

// fail ends one read; the others of the group go on.
func (s *searching) fail(c *consumer, err error) error {
	c.failed = true
	if !s.yield(stream.Batch{Read: c.index}, ofRead(err, c)) {
		return errStopped
	}
	return nil
}

// ofRead says which read an error ends.
func ofRead(err error, c *consumer) error {
	var known *providers.Error
	if !errors.As(err, &known) {
		known = &providers.Error{Kind: providers.Malformed, Summary: "The answer is not what it should be", Detail: err.Error(), Err: err}
	}
	e := *known
	e.Read, e.Stream = c.index, c.decl.Name
	return &e
}

func interrupted(d declaration, ctx context.Context) error {
	return &providers.Error{Kind: providers.Interrupted, Read: -1, Stream: d.Name, Summary: "The import was interrupted",
		Detail: "What was staged is kept: the same command goes on from there.", Err: context.Cause(ctx)}
}

func (s *searching) resume() stream.Bookmark {
	b, err := json.Marshal(resumePoint{bookmarkFormat, s.axis, s.from, s.total, s.legs})
	if err != nil { // plain members always marshal
		return ""
	}
	return stream.Bookmark(b)
}
