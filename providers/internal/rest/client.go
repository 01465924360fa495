package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// Defaults of a Config.
const (
	defaultPatience = 3 * time.Minute
	defaultTry      = 2 * time.Minute
	defaultMost     = 256 << 20
	mostRedirects   = 5
	mostHeader      = 256 << 10
)

// Config is what a client is made of. Origin, Lease and World are required.
type Config struct {
	Origin Origin
	Token  setting.Secret // sent as a bearer token; none is sent when it is empty
	Header http.Header    // sent with every request
	Lease  *Lease         // released by Close
	World  providers.World
	// Patience is how long a request is tried again before it counts as failed; default 3m.
	Patience time.Duration
	// Most is how many bytes an inflated answer may have; default 256 MiB.
	Most int64
	// Transport makes the connections; by default Pooled.
	Transport http.RoundTripper
}

// Client asks one service with one token. It is safe for concurrent use.
type Client struct {
	Config
	http     *http.Client
	inflater *inflater
	sizes    *sync.Map // path -> *atomic.Int64, the size of its last answer
	counts   *counts
	allowed  *Allowance
}

// counts are what a client has asked, and are part of those of the client it came from.
type counts struct {
	requests, answered, retries, throttled, waited atomic.Int64

	of *counts // nil: this is the whole
}

// add counts n here and in the whole.
func (c *counts) add(n int64, field func(*counts) *atomic.Int64) {
	for ; c != nil; c = c.of {
		field(c).Add(n)
	}
}

// whole is what the first client counts.
func (c *counts) whole() *counts {
	for c.of != nil {
		c = c.of
	}
	return c
}

func requests(c *counts) *atomic.Int64  { return &c.requests }
func answered(c *counts) *atomic.Int64  { return &c.answered }
func retries(c *counts) *atomic.Int64   { return &c.retries }
func throttles(c *counts) *atomic.Int64 { return &c.throttled }
func waiting(c *counts) *atomic.Int64   { return &c.waited }

// New returns a client. It makes no request.
func New(c Config) *Client {
	if c.Patience == 0 {
		c.Patience = defaultPatience
	}
	if c.Most == 0 {
		c.Most = defaultMost
	}
	if c.Transport == nil {
		c.Transport = Pooled()
	}
	return &Client{Config: c, sizes: &sync.Map{}, counts: &counts{}, inflater: &inflater{most: c.Most},
		http: &http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Pooled makes the connections that a client uses by default: many to one host, kept open,
// with HTTP/2, and through the proxy of the environment.
func Pooled() *http.Transport {
	return &http.Transport{Proxy: http.ProxyFromEnvironment, DisableCompression: true, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 20 * time.Second, MaxResponseHeaderBytes: mostHeader}
}

// Within returns the same client, bounded by an allowance and with a count of its own calls.
func (c *Client) Within(a *Allowance) *Client {
	bounded := *c
	bounded.allowed = a
	bounded.counts = &counts{of: c.counts}
	return &bounded
}

// Calls is what the client has asked so far.
func (c *Client) Calls() providers.Calls {
	return providers.Calls{Requests: c.counts.requests.Load(), Retries: c.counts.retries.Load(),
		Throttled: c.counts.throttled.Load(), Waited: time.Duration(c.counts.waited.Load())}
}

// Apart returns the same client, within the same bounds, with a count of its own calls.
func (c *Client) Apart() *Client { return c.Within(c.allowed) }

// Close releases the limiter and idle connections.
func (c *Client) Close() {
	c.Lease.Release()
	c.http.CloseIdleConnections()
}

// Request is one question.
type Request struct {
	Method string // GET or POST
	Path   string
	Query  url.Values
	Body   []byte // JSON, of a POST
	Stream string // for errors
	// Once names statuses that are not tried again here, because the caller knows better.
	Once func(status int) bool
	// Single is set where asking again would not give the same: only a request that the
	// service refused unread, for coming too soon, is made again.
	Single bool
}

// Answer is a successful answer. The body is JSON as far as its first byte tells, and
// belongs to the caller.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// StatusError is a refusal by the service.
type StatusError struct {
	Status int
	Header http.Header
	Body   []byte
	Path   string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("%s answers %d %s", e.Path, e.Status, http.StatusText(e.Status))
}

// once makes one request and reads its answer. A refusal is a *StatusError, an answer that
// cannot be trusted a *providers.Error; any other error may go away.
func (c *Client) once(ctx context.Context, q Request) (Answer, error) {
	g, waited, err := c.Lease.Limiter.acquire(ctx, c.allowed)
	c.counts.add(int64(waited), waiting)
	if err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.allowed.left(defaultTry, c.World.Now()))
	defer cancel()
	c.counts.add(1, requests)
	resp, err := c.send(ctx, q)
	if err != nil {
		c.Lease.Limiter.settle(g, 0, nil)
		return Answer{}, err
	}
	defer resp.Body.Close()
	c.counts.add(1, answered)
	c.Lease.Limiter.settle(g, resp.StatusCode, resp.Header)
	size := c.size(q.Path)
	body, err := c.inflater.read(resp, int(size.Load()))
	if errors.Is(err, errTooLarge) {
		return Answer{}, &providers.Error{Kind: providers.Untrusted, Read: -1, Stream: q.Stream, Status: resp.StatusCode, Summary: "The answer is too large",
			Detail: fmt.Sprintf("%s sent more than %d MiB in one answer, which is not read any further. Nothing of it was taken. If base_url is set, see that it is the service and not something in between; otherwise try again later.", q.Path, c.Most>>20), Err: err}
	}
	if err != nil {
		return Answer{}, err
	}
	if resp.StatusCode/100 != 2 {
		return Answer{}, &StatusError{resp.StatusCode, resp.Header, body, q.Path}
	}
	if text := bytes.TrimLeft(body, " \t\r\n"); len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return Answer{}, &notJSON{resp.StatusCode, len(text) == 0, resp.Header.Get("Content-Type")}
	}
	size.Store(int64(len(body) + len(body)/8))
	return Answer{resp.StatusCode, resp.Header, body}, nil
}

func (c *Client) size(path string) *atomic.Int64 {
	v, ok := c.sizes.Load(path)
	if !ok && len(path) < 32 { // paths of single objects are too many to remember
		v, _ = c.sizes.LoadOrStore(path, new(atomic.Int64))
	}
	if n, ok := v.(*atomic.Int64); ok {
		return n
	}
	return new(atomic.Int64)
}

// send makes the request and follows redirects within the origin, of a GET only.
func (c *Client) send(ctx context.Context, q Request) (*http.Response, error) {
	where := c.Origin.url(q.Path, q.Query)
	for range mostRedirects {
		req, err := http.NewRequestWithContext(ctx, q.Method, where, bytes.NewReader(q.Body))
		if err != nil {
			return nil, &providers.Error{Kind: providers.Invalid, Read: -1, Stream: q.Stream, Summary: "The request cannot be made", Detail: "Its address cannot be written: " + err.Error() + ". Check base_url.", Err: err}
		}
		c.dress(req, q)
		if q.Single { // a body that cannot be read twice keeps net/http from asking again by itself
			req.Body, req.GetBody = io.NopCloser(strings.NewReader("")), nil
		}
		resp, err := c.http.Do(req)
		if err != nil || !redirects(resp.StatusCode) {
			return resp, err
		}
		next, err := c.follow(q, resp)
		if cerr := resp.Body.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return nil, err
		}
		where = next
	}
	return nil, c.astray(q, "it redirects again and again")
}

func redirects(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// dress puts the headers on a request, the credentials only towards the origin.
func (c *Client) dress(req *http.Request, q Request) {
	for name, values := range c.Header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Encoding", "gzip")
	if c.World.UserAgent != "" {
		req.Header.Set("User-Agent", c.World.UserAgent)
	}
	if q.Body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if !c.Token.IsZero() && c.Origin.same(req.URL) {
		req.Header.Set("Authorization", "Bearer "+c.Token.Reveal())
	}
}

// follow is where a redirect leads, if that may be followed.
func (c *Client) follow(q Request, resp *http.Response) (string, error) {
	u, err := resp.Location()
	switch {
	case err != nil:
		return "", c.astray(q, "it redirects without saying where")
	case q.Method != http.MethodGet:
		return "", c.astray(q, "it redirects a search, which is not followed")
	case !c.Origin.same(u):
		return "", c.astray(q, fmt.Sprintf("it redirects to %s", originOf(u)))
	}
	return u.String(), nil
}

func (c *Client) astray(q Request, why string) error {
	return &providers.Error{Kind: providers.Untrusted, Read: -1, Stream: q.Stream, Summary: "The service leads elsewhere",
		Detail: fmt.Sprintf("Asked for %s, %s. Credentials go to %s only; if the API has moved, set the connection's region or base_url.", q.Path, why, c.Origin)}
}
