package intercom

import (
	"strings"

	"github.com/inlay-sync/inlay/providers"
)

// Origin says where a stream's rows come from; ok is false of a stream there is not. The
// permission is in the words of Intercom's Developer Hub.
func (p *Provider) Origin(name string) (o providers.Origin, ok bool) {
	d, ok := p.declaration(name)
	if !ok {
		return providers.Origin{}, false
	}
	return providers.Origin{Endpoint: p.endpoint(d), Permission: permissionOf(d)}, true
}

func (p *Provider) endpoint(d declaration) string {
	switch w := d.way.(type) {
	case whole:
		return "GET " + w.path
	case search:
		if w.role != "" {
			return "POST " + w.path + " with role = " + w.role
		}
		return "POST " + w.path
	case scroll:
		return "GET " + w.path
	case hydrate:
		return p.parentEndpoint(d) + ", then GET " + w.path + " for each"
	case under:
		return p.parentEndpoint(d) + ", then GET " + w.path + w.occasion()
	case within:
		return p.parentEndpoint(d) + "; the list " + strings.SplitN(w.list, ".", 2)[0] + " inside each object"
	}
	return ""
}

func (p *Provider) parentEndpoint(d declaration) string {
	parent, ok := p.declaration(d.Parent)
	if !ok {
		return "the objects of " + d.Parent
	}
	return p.endpoint(parent)
}

// occasion says of which objects the list is asked for.
func (w under) occasion() string {
	switch {
	case w.inside != "":
		return " where the object does not show the whole list"
	case w.counted != "":
		return " where the object says that there are any"
	}
	return " for each"
}
