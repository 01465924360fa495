package intercom

import (
	"context"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream"
)

// told is what one look at a stream of deletions gave.
type told struct {
	keys    []stream.Key
	highest int64
}

// tellDeletions gives a consumer that asked for them the keys of the rows that were deleted
// since its bookmark. It takes one request where little was deleted. A read that saw every
// row needs none: it moves the position only. known holds what was read for others of its
// group, by where it began.
func (s *session) tellDeletions(ctx context.Context, client *rest.Client, c *consumer, known map[int64]told) ([]stream.Key, error) {
	feed, ok := s.provider.declaration(c.decl.deletions)
	if !c.read.Deletions || !ok || !feed.offered(s.version) || c.want.backfill {
		return nil, nil
	}
	if c.want.whole && !c.final.Short() {
		if c.want.started != never {
			c.deleted = c.want.started
		}
		return nil, nil
	}
	back, err := lookback(c.read)
	if err != nil {
		return nil, err
	}
	from := int64(always)
	if c.want.before.Deleted > 0 {
		from = c.want.before.Deleted - int64(back/time.Second)
	}
	t, ok := known[from]
	if !ok {
		if t.keys, t.highest, err = s.deletedSince(ctx, client, feed, from); err != nil {
			return nil, err
		}
		known[from] = t
	}
	if t.highest != always {
		c.deleted = min(t.highest, c.want.started)
	}
	return t.keys, nil
}

// deletedSince reads a stream of deletions newest first, down to a second, and says how far
// it reaches.
func (s *session) deletedSince(ctx context.Context, client *rest.Client, feed declaration, from int64) (keys []stream.Key, highest int64, err error) {
	way, ok := feed.way.(whole)
	if !ok {
		return nil, always, unusable("The stream %s cannot be read for deletions.", feed.Name)
	}
	sh, err := feed.Shape(feed.Key, nil, feed.Key)
	if err != nil {
		return nil, always, unusable("The stream %s cannot be read for deletions: %v.", feed.Name, err)
	}
	sh.NoRest = true
	c := newConsumer(0, feed, providers.Read{Stream: feed.Name, Shape: sh},
		bounds{axis: way.newest, marked: way.newest, from: from, since: always, until: never, started: never})
	take := func(b stream.Batch, _ error) bool {
		if b.Rows != nil {
			for _, id := range b.Rows.Leaf(feed.Key[0]).Strs {
				keys = append(keys, stream.Key{id})
			}
		}
		return true
	}
	if err := s.listed(client, &shared{root: feed, consumers: []*consumer{c}}, way, take).run(ctx); err != nil {
		return nil, always, err
	}
	return keys, c.created, nil
}
