package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
)

// Discover tries every stream of the connection's version of the API and lists the custom
// attributes of contacts, companies and conversations.
func (s *session) Discover(ctx context.Context) ([]providers.Offer, error) {
	if _, err := s.Identity(ctx); err != nil { // what is refused from here on is one stream
		return nil, err
	}
	var all []declaration
	for _, d := range s.provider.streams {
		if d.offered(s.version) {
			all = append(all, d)
		}
	}
	out := make([]providers.Offer, len(all))
	g, within := errgroup.WithContext(ctx)
	g.SetLimit(atOnce)
	for i, d := range all {
		g.Go(func() (err error) {
			out[i], err = s.offer(within, d)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, s.attributes(ctx, out)
}

// offer tries one stream.
func (s *session) offer(ctx context.Context, d declaration) (providers.Offer, error) {
	o := providers.Offer{Stream: d.Name}
	if d.Name == "contacts" {
		o.Without = "Its rows are those of users and leads together."
		return o, nil
	}
	err := s.try(ctx, d)
	if refused := (*providers.Error)(nil); errors.As(err, &refused) && lasting(refused.Kind) {
		o.Without, err = refused.Detail, nil
	}
	return o, err
}

// lasting tells refusals of one stream from failures that another try may not meet.
func lasting(k providers.ErrorKind) bool {
	switch k {
	case providers.Unauthorized, providers.Forbidden, providers.PlanLimit, providers.NotFound, providers.Version, providers.Invalid:
		return true
	}
	return false
}

// try makes the smallest request that a read of the stream begins with; for a list under
// other objects, one for such an object and one for its list.
func (s *session) try(ctx context.Context, d declaration) error {
	switch w := d.way.(type) {
	case whole:
		q := url.Values{}
		for name, value := range w.query {
			q.Set(name, value)
		}
		if w.perPage > 0 {
			q.Set("per_page", "1")
		}
		if w.slices[0] != "" {
			now := s.world.Now().Unix()
			q.Set(w.slices[0], strconv.FormatInt(now-int64(time.Hour/time.Second), 10))
			q.Set(w.slices[1], strconv.FormatInt(now, 10))
		}
		_, err := s.ask(ctx, s.client, d, rest.Request{Method: "GET", Path: w.path, Query: q})
		return err
	case hydrate:
		return s.tryUnder(ctx, d, w.path)
	case under:
		return s.tryUnder(ctx, d, w.path)
	case within:
		return s.tryUnder(ctx, d, "")
	}
	_, err := s.first(ctx, d)
	return err
}

// tryUnder asks for what stands at a path under the first object of the parent stream. An
// object that is gone by then is an answer too.
func (s *session) tryUnder(ctx context.Context, d declaration, path string) error {
	parent, err := s.wanted(d.Parent)
	if err != nil {
		return err
	}
	id, err := s.first(ctx, parent)
	if err != nil || id == "" || path == "" {
		return err
	}
	_, err = s.ask(ctx, s.client, d, rest.Request{Method: "GET", Path: pathOf(path, id)})
	if status, _ := refusedWith(err); status == 404 || status == 410 {
		return nil
	}
	return err
}

// first is the id of one object of a stream, "" if there is none. Companies are not
// scrolled for it, because an app has one scroll at a time.
func (s *session) first(ctx context.Context, d declaration) (string, error) {
	var body []byte
	var err error
	list := "data"
	switch w := d.way.(type) {
	case search:
		f := &finder{session: s, client: s.client, decl: d, search: w, axis: "created_at", daily: s.daily(w)}
		list = w.list
		body, err = f.post(ctx, always, pages{PerPage: 1}, true)
	case scroll:
		var a rest.Answer
		a, err = s.ask(ctx, s.client, d, rest.Request{Method: "POST", Path: "/companies/list", Query: url.Values{"page": {"1"}, "per_page": {"1"}}})
		body = a.Body
	}
	if err != nil || body == nil {
		return "", err
	}
	var page map[string]json.RawMessage
	var objects []struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return "", malformed(d, "the first page", err)
	}
	if raw, ok := page[list]; ok {
		if err := json.Unmarshal(raw, &objects); err != nil {
			return "", malformed(d, "the first page", err)
		}
	}
	if len(objects) == 0 {
		return "", nil
	}
	return objects[0].ID, nil
}

// attributes adds to the offers what the workspace's own attributes promote.
func (s *session) attributes(ctx context.Context, offers []providers.Offer) error {
	for _, from := range []struct {
		stream string // that lists them
		of     []string
	}{
		{"contact_attributes", []string{"users", "leads"}},
		{"company_attributes", []string{"companies"}},
		{"conversation_attributes", []string{"conversations"}},
	} {
		at := slices.IndexFunc(offers, func(o providers.Offer) bool { return o.Stream == from.stream })
		if at < 0 || offers[at].Without != "" {
			continue // what cannot be listed stays in the open column
		}
		list, notes, err := s.promotions(ctx, from.stream)
		if err != nil {
			return err
		}
		for i := range offers {
			if slices.Contains(from.of, offers[i].Stream) && offers[i].Without == "" {
				offers[i].Promotions, offers[i].Notes = list, append(offers[i].Notes, notes...)
			}
		}
	}
	return nil
}
