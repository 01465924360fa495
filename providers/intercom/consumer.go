package intercom

import (
	"context"
	"fmt"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/stream/decode"
)

// consumer is one read of a group: what it wants of the pages, and what it has had so far.
type consumer struct {
	index   int // of the read in the request
	read    providers.Read
	decl    declaration
	want    bounds
	shape   stream.Shape // in places of the service's object
	child   child        // nil when the pages' own objects are its rows
	failed  bool
	created int64 // highest seen
	updated int64
	deleted int64 // how far deletions were read; 0 if not
	final   stream.Final
}

// child turns the objects of a page into rows that stand in or under them.
type child interface {
	rows(ctx context.Context, items []item, f *stream.Final) (*stream.Rows, error)
}

func newConsumer(index int, d declaration, r providers.Read, want bounds) *consumer {
	return &consumer{index: index, read: r, decl: d, want: want, shape: d.located(r.Shape), created: always, updated: always}
}

// decoder makes a decoder for the consumer's rows; capture names what is wanted beside them.
func (c *consumer) decoder(capture []string) (*decode.Decoder, error) {
	d, err := decode.New(c.shape, decode.Options{HashKey: []byte(c.read.HashKey.Reveal()), Capture: capture})
	if err != nil {
		return nil, &providers.Error{Kind: providers.Setting, Read: -1, Stream: c.decl.Name, Summary: "The columns cannot be read",
			Detail: fmt.Sprintf("The target's columns do not fit the stream: %v.", err), Err: err}
	}
	return d, nil
}

// wanted are the items that the consumer wants.
func (c *consumer) wanted(items []item) []item {
	var out []item
	for _, o := range items {
		if c.want.wants(o.created, o.updated) {
			out = append(out, o)
		}
	}
	return out
}

// note keeps the highest times of what was seen.
func (c *consumer) note(created, updated int64) {
	c.created, c.updated = max(c.created, created), max(c.updated, updated)
}

// bookmark is the position once everything seen so far is committed.
func (c *consumer) bookmark() stream.Bookmark {
	if c.want.marked == "updated_at" {
		return c.want.bookmark(c.updated, c.deleted)
	}
	return c.want.bookmark(c.created, c.deleted)
}

// expects is how many rows the read will have, as far as the number of objects that the
// service announced tells: of rows inside or under them it does not.
func (c *consumer) expects(announced int64) int64 {
	if c.child != nil {
		return 0
	}
	return max(0, announced)
}
