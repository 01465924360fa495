package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

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
	return newChain(s.finder, s.from, l, keepers), nil
}

// emit hands a page on to every consumer.
func (s *searching) emit(ctx context.Context, f found) error {
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
		b := stream.Batch{Read: c.index, Rows: rows, Pages: 1, Expected: max(0, s.total)}
		if f.safe {
			b.Resume = s.resume()
		}
		if len(s.legs) == 1 && f.safe && s.axis == c.want.marked {
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
		Detail: "What was staged is kept.", Err: context.Cause(ctx)}
}

func (s *searching) resume() stream.Bookmark {
	b, err := json.Marshal(resumePoint{bookmarkFormat, s.axis, s.from, s.total, s.legs})
	if err != nil { // plain members always marshal
		return ""
	}
	return stream.Bookmark(b)
}

// received is how many distinct rows the search gave.
func (s *searching) received() int64 {
	n := int64(0)
	for _, l := range s.legs {
		n += l.Seen
	}
	return n
}

// reconcile compares what was received with what was announced. On a shortfall it counts
// again, since rows may have left meanwhile, and reads once more, since the index may have
// been late; what is missing then is missing.
func (s *searching) reconcile(ctx context.Context) error {
	announced, err := s.short(ctx)
	if err != nil {
		return err
	}
	if announced > s.received() {
		s.session.world.Log("warn", "fewer rows than announced; reading once more", "stream", s.decl.Name, "received", s.received(), "announced", announced)
		s.legs = []leg{entire()}
		if err := s.readLegs(ctx); err != nil {
			return err
		}
		if announced, err = s.short(ctx); err != nil {
			return err
		}
	}
	for _, c := range s.consumers {
		if c.failed {
			continue
		}
		s.close(c, announced)
		gone, err := s.session.tellDeletions(ctx, s.client, c)
		if err != nil {
			if err := s.fail(c, err); err != nil {
				return err
			}
			continue
		}
		if !s.yield(stream.Batch{Read: c.index, Deleted: gone, Next: c.bookmark(), Final: &c.final}, nil) {
			return errStopped
		}
	}
	return nil
}

// short returns what is announced: what was when the read began if all that came, else
// what is now.
func (s *searching) short(ctx context.Context) (int64, error) {
	if s.total >= 0 && s.received() >= s.total {
		return s.total, nil
	}
	if s.total < 0 {
		return -1, nil
	}
	return s.count(ctx, s.from)
}

// close writes a consumer's reconciliation.
func (s *searching) close(c *consumer, announced int64) {
	f := &c.final
	f.Whole = c.want.whole
	if c.child == nil {
		f.Received, f.Announced = s.received(), announced
	} else if short := announced - s.received(); announced >= 0 && short > 0 {
		f.Announced += short // objects whose rows are missing altogether
	}
	switch {
	case announced < 0:
		f.Announced, f.Proof = -1, "Intercom announced no number; its pages were read to the end"
	case len(s.legs) > 1:
		f.Proof = fmt.Sprintf("%d ranges of %s side by side, in verified order", len(s.legs), s.axis)
	case s.resumed:
		f.Proof = "resumed where an earlier attempt left off"
	}
}
