package intercom

import (
	"context"
	"errors"
	"iter"
	"strings"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream"
)

// Read yields the batches of all reads. Reads that ask the service the same are read
// together, from the position of the one that is furthest behind; the others side by side.
func (s *session) Read(ctx context.Context, r providers.Request) iter.Seq2[stream.Batch, error] {
	return func(yield func(stream.Batch, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		client := s.bounded()
		groups := s.grouped(r, yield)
		if len(groups) > 0 && groups[0].refused {
			return
		}
		together(ctx, yield, len(groups), func(ctx context.Context, i int, yield func(stream.Batch, error) bool) bool {
			own := client.Apart()
			return s.readGroup(ctx, own, groups[i], counted(own, yield))
		})
	}
}

// counted puts the calls so far on each batch, and on what a read ends with.
func counted(client *rest.Client, yield func(stream.Batch, error) bool) func(stream.Batch, error) bool {
	return func(b stream.Batch, err error) bool {
		b.Calls = client.Calls()
		if b.Final != nil {
			b.Final.Calls = b.Calls
		}
		return yield(b, err)
	}
}

// shared is reads that share their requests.
type shared struct {
	root      declaration // the stream whose pages are read
	consumers []*consumer
	refused   bool // the receiver wants no more
}

// grouped sorts reads into groups, in the order of the first read of each. A read that
// cannot be is answered at once.
func (s *session) grouped(r providers.Request, yield func(stream.Batch, error) bool) []*shared {
	var out []*shared
	by := map[string]*shared{}
	for i, read := range r.Reads {
		root, c, err := s.consumer(i, read)
		if err != nil {
			if !yield(stream.Batch{Read: i}, ofRead(err, &consumer{index: i, decl: declaration{Stream: stream.Stream{Name: read.Stream}}})) {
				return []*shared{{refused: true}}
			}
			continue
		}
		key := c.want.key(root.Name) + " " + strings.Join(read.Settings.Strings("expand"), " ")
		g := by[key]
		if g == nil || read.Resume != "" || g.consumers[0].read.Resume != "" {
			g = &shared{root: root}
			by[key] = g
			out = append(out, g)
		}
		g.consumers = append(g.consumers, c)
	}
	return out
}

// consumer prepares one read and names the stream whose pages it needs.
func (s *session) consumer(i int, r providers.Read) (declaration, *consumer, error) {
	d, err := s.wanted(r.Stream)
	if err != nil {
		return d, nil, err
	}
	root := d
	if d.Parent != "" {
		if root, err = s.wanted(d.Parent); err != nil {
			return d, nil, err
		}
	}
	want, err := newBounds(root, r)
	if err != nil {
		return d, nil, err
	}
	if _, err := s.expansionOf(s.client, d, r); err != nil {
		return d, nil, err
	}
	c := newConsumer(i, d, r, want)
	_, err = c.decoder(nil) // a shape that cannot be decoded fails its own read alone
	return root, c, err
}

// readGroup reads one group, and reports whether the receiver wants more.
func (s *session) readGroup(ctx context.Context, client *rest.Client, g *shared, yield func(stream.Batch, error) bool) bool {
	var err error
	for _, c := range g.consumers {
		if c.child, err = s.childOf(client, c); err != nil {
			break
		}
	}
	if err == nil {
		switch w := g.root.way.(type) {
		case search:
			reading := s.searched(client, g, w, yield)
			if reading.expansion, err = s.expansionOf(client, g.root, g.consumers[0].read); err == nil {
				err = reading.run(ctx)
			}
		case whole:
			err = s.listed(client, g, w, yield).run(ctx)
		case scroll:
			err = s.scrolled(client, g, w, yield).run(ctx)
		default:
			err = unusable("The stream %s cannot be read by itself.", g.root.Name)
		}
	}
	if errors.Is(err, errStopped) {
		return false
	}
	for _, c := range g.consumers {
		if err != nil && !c.failed {
			if !yield(stream.Batch{Read: c.index}, ofRead(err, c)) {
				return false
			}
		}
	}
	return true
}

func (s *session) searched(client *rest.Client, g *shared, w search, yield func(stream.Batch, error) bool) *searching {
	want := g.consumers[0].want
	from := want.from
	for _, c := range g.consumers {
		from = min(from, c.want.from)
	}
	return &searching{consumers: g.consumers, from: from, yield: yield,
		finder: &finder{session: s, client: client, decl: g.root, search: w, axis: want.axis, filters: want.filters, daily: s.daily(w)}}
}
