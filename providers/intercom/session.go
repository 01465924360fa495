package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/providers/internal/rest"
)

// session reads one workspace. It is safe for concurrent use.
type session struct {
	provider *Provider
	address  string // of the connection, for messages
	client   *rest.Client
	version  version
	share    float64
	timeout  time.Duration
	maxCalls int64
	world    providers.World
	sandbox  *sandbox.Server // nil for a real account
	scroll   sync.Mutex      // an app may have one scroll at a time
}

// Close ends the session and the sandbox behind it.
func (s *session) Close() error {
	s.client.Close()
	if s.sandbox == nil {
		return nil
	}
	return s.sandbox.Close()
}

// Calls is what the session has asked so far.
func (s *session) Calls() providers.Calls { return s.client.Calls() }

// Budget is what is known of the rate limit of the session's token.
func (s *session) Budget() (providers.Budget, bool) { return s.client.Lease.Limiter.Budget() }

// bounded is the client for one import.
func (s *session) bounded() *rest.Client {
	return s.client.Within(rest.NewAllowance(s.maxCalls, s.timeout, s.world.Now()))
}

// ask makes a request and puts a refusal into words.
func (s *session) ask(ctx context.Context, c *rest.Client, d declaration, q rest.Request) (rest.Answer, error) {
	q.Stream = d.Name
	a, err := c.Do(ctx, q)
	var refused *rest.StatusError
	if errors.As(err, &refused) {
		return a, s.explain(refused, d)
	}
	return a, err
}

// me is what GET /me tells, as far as it is used.
type me struct {
	App *struct {
		ID        string `json:"id_code"`
		Name      string `json:"name"`
		Region    string `json:"region"`
		Timezone  string `json:"timezone"`
		CreatedAt int64  `json:"created_at"`
	} `json:"app"`
}

func (s *session) me(ctx context.Context, c *rest.Client) (me, error) {
	var m me
	a, err := s.ask(ctx, c, declaration{}, rest.Request{Method: "GET", Path: "/me"})
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(a.Body, &m); err != nil || m.App == nil || m.App.ID == "" {
		return m, &providers.Error{Kind: providers.Malformed, Read: -1, Status: a.Status, Summary: "The workspace is not named",
			Detail: "Intercom accepts the credentials of " + s.address + " and does not say which workspace they belong to, so nothing can be matched with a table. Use a token that belongs to an app of a workspace.", Err: err}
	}
	return m, nil
}

// Identity asks which workspace the credentials belong to.
func (s *session) Identity(ctx context.Context) (providers.Workspace, error) {
	m, err := s.me(ctx, s.bounded())
	if err != nil {
		return providers.Workspace{}, err
	}
	return providers.Workspace{ID: m.App.ID, Name: m.App.Name, Region: m.App.Region, Timezone: m.App.Timezone}, nil
}

// Count asks how many rows a read would find upstream; -1 when that takes reading them.
func (s *session) Count(ctx context.Context, r providers.Read) (int64, error) {
	d, err := s.wanted(r.Stream)
	if err != nil {
		return 0, err
	}
	client := s.bounded()
	switch w := d.way.(type) {
	case search:
		want, err := newBounds(d, r)
		if err != nil {
			return 0, err
		}
		f := &finder{session: s, client: client, decl: d, search: w, axis: want.axis, filters: want.filters, daily: s.daily(w)}
		return f.count(ctx, want.from)
	case whole:
		if d.Announced {
			return s.countList(ctx, client, d, w)
		}
	}
	return -1, nil
}

func (s *session) countList(ctx context.Context, client *rest.Client, d declaration, w whole) (int64, error) {
	q := url.Values{"page": {"1"}, "per_page": {strconv.Itoa(1)}}
	for name, value := range w.query {
		q.Set(name, value)
	}
	a, err := s.ask(ctx, client, d, rest.Request{Method: "GET", Path: w.path, Query: q})
	if err != nil {
		return 0, err
	}
	var page struct {
		Total *int64 `json:"total_count"`
	}
	if err := json.Unmarshal(a.Body, &page); err != nil || page.Total == nil {
		return -1, nil
	}
	return *page.Total, nil
}

// daily reports whether a search compares dates by day.
func (s *session) daily(w search) bool { return w.daily && !s.version.atLeast(exactSearch) }

// wanted returns the declaration of a stream as this session's version of the API has it.
func (s *session) wanted(name string) (declaration, error) {
	d, ok := s.provider.declaration(name)
	if !ok {
		return d, &providers.Error{Kind: providers.Setting, Read: -1, Stream: name, Summary: "There is no such stream",
			Detail: "Intercom has no stream of that name; `inlay schema` lists them."}
	}
	if !d.offered(s.version) {
		return d, &providers.Error{Kind: providers.Version, Read: -1, Stream: name, Summary: "The API version lacks the stream",
			Detail: "It came with version " + d.MinVersion + " of Intercom's API. Set api_version of " + s.address + " to that or a newer one."}
	}
	return d, nil
}
