package intercom

import (
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// Provider is the service Intercom. Sessions that it opens with the same token share one
// rate limit. It is safe for concurrent use.
type Provider struct {
	streams []declaration
	limits  rest.Registry
}

// New returns the provider.
func New() *Provider {
	return &Provider{streams: declared()}
}

// Name is the label of the blocks: connection "intercom".
func (*Provider) Name() string { return "intercom" }

// Doc is one sentence about the service.
func (*Provider) Doc() string {
	return "Intercom: contacts, conversations and everything around them, over its REST API."
}

// Streams lists the streams that the connection's api_version has. An api_version that
// cannot be read counts as the default one; Open refuses it.
func (p *Provider) Streams(connection setting.Values) []stream.Stream {
	v, ok := parseVersion(connection.String("api_version"))
	if !ok {
		v, _ = parseVersion(defaultVersion)
	}
	var out []stream.Stream
	for _, d := range p.streams {
		if d.offered(v) {
			out = append(out, p.offer(d, v))
		}
	}
	return out
}

// offer is the stream with what a source may ask of the search behind it, which is its
// own or that of the stream its rows are found through.
func (p *Provider) offer(d declaration, v version) stream.Stream {
	s := d.at(v)
	if w, ok := d.way.(search); ok {
		s.Expands = w.expands()
	}
	root := d
	if parent, ok := p.declaration(d.Parent); ok {
		root = parent
	}
	if w, ok := root.way.(search); ok {
		s.Filters = w.filters()
	}
	if feed, ok := p.declaration(d.deletions); ok {
		s.DeletionFeed = feed.offered(v)
	}
	return s
}

// declaration returns the stream of that name.
func (p *Provider) declaration(name string) (declaration, bool) {
	for _, d := range p.streams {
		if d.Name == name {
			return d, true
		}
	}
	return declaration{}, false
}
