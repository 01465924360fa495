package intercom

import (
	"context"
	"hash/maphash"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// feed hands the pages of a list on to the consumers of a group, each row once, however
// often the service repeats it.
type feed struct {
	session   *session
	root      declaration
	consumers []*consumer
	yield     func(stream.Batch, error) bool
	keepers   []keeper
	captures  int // how many
	hash      maphash.Seed
	seen      map[uint64]bool
	created   int64 // highest seen
	updated   int64
	expected  int64
	last      int64 // created_at of the last row; never before the first
	ascended  bool  // a row was newer than the one before it
}

func newFeed(s *session, g *shared, yield func(stream.Batch, error) bool) (*feed, error) {
	f := &feed{session: s, root: g.root, consumers: g.consumers, yield: yield, hash: maphash.MakeSeed(), seen: map[uint64]bool{}, created: always, updated: always, last: never}
	capture := capturesOf(g.root)
	for _, name := range g.root.Key {
		if name != "id" {
			capture = append(capture, name)
		}
	}
	f.captures = len(capture)
	for _, c := range g.consumers {
		if c.child != nil {
			continue
		}
		d, err := c.decoder(capture)
		if err != nil {
			return nil, err
		}
		f.keepers = append(f.keepers, keeper{d, c.want.wants})
	}
	if len(f.keepers) == 0 {
		d, err := decode.New(stream.Shape{NoRest: true}, decode.Options{Capture: capture})
		if err != nil {
			return nil, err
		}
		f.keepers = append(f.keepers, keeper{d, func(int64, int64) bool { return false }})
	}
	return f, nil
}

// taken is what became of a page.
type taken struct {
	page  decode.Page
	rows  []*stream.Rows
	items []item
}

// take decodes a page. Nothing is noted of a page that cannot be read.
func (f *feed) take(body []byte, list string) (taken, error) {
	t := taken{}
	var fresh []bool
	for k, keep := range f.keepers {
		i := -1
		page, err := keep.decoder.Page(body, list, func(e decode.Element) bool {
			if i++; k == 0 {
				fresh = append(fresh, f.meet(e, &t))
			}
			return fresh[i] && keep.wants(second(e, 1), second(e, 2))
		})
		if err != nil {
			keep.decoder.Take()
			return t, err
		}
		t.page = page
		t.rows = append(t.rows, keep.decoder.Take())
	}
	return t, nil
}

// meet takes note of an object, and reports whether it is news.
func (f *feed) meet(e decode.Element, t *taken) bool {
	if at := second(e, 1); at != always {
		f.ascended = f.ascended || at > f.last
		f.last = at
	}
	var h maphash.Hash
	h.SetSeed(f.hash)
	for i := range f.captures {
		if i == 1 || i == 2 {
			continue // times are no part of a key
		}
		s, _ := e.String(i)
		_, _ = h.WriteString(s) // never fails
		_ = h.WriteByte(0)
	}
	if key := h.Sum64(); f.seen[key] {
		return false
	} else {
		f.seen[key] = true
	}
	id, _ := e.String(0)
	o := item{id: id, created: second(e, 1), updated: second(e, 2), text: e.Text}
	f.created, f.updated = max(f.created, o.created), max(f.updated, o.updated)
	t.items = append(t.items, o)
	return true
}

// emit hands a page on. It returns errStopped when the receiver wants no more.
func (f *feed) emit(ctx context.Context, t taken) error {
	k := 0
	for _, c := range f.consumers {
		var rows *stream.Rows
		if c.child == nil {
			rows = t.rows[k]
			k++
		}
		if c.failed {
			continue
		}
		var err error
		if c.child != nil {
			rows, err = c.child.rows(ctx, c.wanted(t.items), &c.final)
		}
		if err != nil && ctx.Err() != nil {
			return interrupted(f.root, ctx)
		}
		if err != nil {
			c.failed = true
			if !f.yield(stream.Batch{Read: c.index}, ofRead(err, c)) {
				return errStopped
			}
			continue
		}
		c.note(f.created, f.updated)
		if !f.yield(stream.Batch{Read: c.index, Rows: rows, Pages: 1, Expected: c.expects(f.expected)}, nil) {
			return errStopped
		}
	}
	return nil
}

// finish ends every read; announced is -1 where the service named no number.
func (f *feed) finish(announced int64, proof string) error {
	received := int64(len(f.seen))
	for _, c := range f.consumers {
		if c.failed {
			continue
		}
		final := &c.final
		final.Whole, final.Proof = c.want.whole, proof
		if c.child == nil {
			final.Received, final.Announced = received, announced
		}
		if !f.yield(stream.Batch{Read: c.index, Next: c.bookmark(), Final: final}, nil) {
			return errStopped
		}
	}
	return nil
}
