package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/stream"
)

const (
	// scrollRest is how long an abandoned scroll blocks the next one, and a little more.
	scrollRest     = 65 * time.Second
	scrollPatience = 5 // times a scroll is waited for, and begun again
)

// scrolling reads the companies. The scroll is drained first, because it dies when nobody
// asks for a minute; what takes longer, child reads and the receiver's work, comes after.
type scrolling struct {
	session *session
	client  *rest.Client
	group   *shared
	way     scroll
	yield   func(stream.Batch, error) bool
	feed    *feed
}

func (s *session) scrolled(client *rest.Client, g *shared, w scroll, yield func(stream.Batch, error) bool) *scrolling {
	return &scrolling{session: s, client: client, group: g, way: w, yield: yield}
}

func (c *scrolling) run(ctx context.Context) (err error) {
	if c.feed, err = newFeed(c.session, c.group, c.yield); err != nil {
		return err
	}
	drained, err := c.drain(ctx)
	if err != nil {
		return err
	}
	for _, t := range drained {
		if err := c.feed.emit(ctx, t); err != nil {
			return err
		}
	}
	return c.feed.finish(-1, "Intercom announces no number of companies; the scroll was drained to its empty page")
}

// drain scrolls until it succeeded in one go. A page that was lost on its way cannot be
// asked for again, because the scroll has moved on, so that too begins the scroll anew. Nobody
// knows whether a request that was refused for coming too soon moved the scroll on, and no
// total would tell; a pass with such a refusal is followed by another, until one had none or
// brought nothing new. Rows that came before a restart are kept and not taken again.
func (c *scrolling) drain(ctx context.Context) ([]taken, error) {
	c.session.scroll.Lock()
	defer c.session.scroll.Unlock()
	var out []taken
	ended := false  // a pass came to its end, with or without doubt
	var cause error // what broke the scroll, rather than that it blocks the next one
	for try := 1; ; try++ {
		known, refusals := len(c.feed.seen), c.client.Calls().Throttled
		more, err := c.pass(ctx)
		out = append(out, more...)
		if err == nil && (c.client.Calls().Throttled == refusals || ended && len(c.feed.seen) == known) {
			return out, nil
		}
		if err == nil {
			ended, err = true, c.doubtful()
		}
		wait, again := c.verdict(err)
		if wait == 0 || cause == nil {
			cause = err
		}
		if !again || try > scrollPatience {
			return nil, cause
		}
		c.session.world.Log("info", "the scroll begins again", "stream", c.group.root.Name, "try", try, "wait", wait.String())
		if err := c.session.world.Sleep(ctx, wait); err != nil {
			return nil, interrupted(c.group.root, ctx)
		}
	}
}

// doubtful is a scroll to its end with a page of which nobody knows whether it was lost.
func (c *scrolling) doubtful() error {
	return &providers.Error{Kind: providers.Unavailable, Read: -1, Stream: c.group.root.Name, Summary: "The scroll met the rate limit",
		Detail: "A request in the middle of the scroll was refused for coming too soon, and whether its page was lost with it nobody can tell. Use a smaller rate_limit, or import when others ask less."}
}

// verdict says whether a broken scroll may begin again, and how long to wait before.
func (c *scrolling) verdict(err error) (wait time.Duration, again bool) {
	var known *providers.Error
	if !errors.As(err, &known) {
		return 0, false
	}
	switch status, code := refusedWith(err); {
	case code == "scroll_exists", status == 400 && code == "":
		return scrollRest, true
	case status == 404, status >= 500, status == 408, status == 425:
		return 0, true
	}
	return 0, known.Kind == providers.Malformed || known.Kind == providers.Unavailable && known.Status == 0
}

// pass scrolls from the beginning to the empty page.
func (c *scrolling) pass(ctx context.Context) ([]taken, error) {
	var out []taken
	token, rows := "", 0
	for {
		q := url.Values{}
		if token != "" {
			q.Set("scroll_param", token)
		}
		a, err := c.session.ask(ctx, c.client, c.group.root, rest.Request{Method: "GET", Path: c.way.path, Query: q, Single: true})
		if err != nil {
			return out, err
		}
		t, err := c.feed.take(a.Body, c.way.list)
		if err != nil {
			return out, malformed(c.group.root, c.way.path, err)
		}
		if t.page.Elements == 0 {
			return out, nil
		}
		if rows += t.page.Elements; rows > len(c.feed.seen) {
			return out, endless(c.group.root, c.way.path, "the scroll brings rows again that it brought before")
		}
		out = append(out, t)
		var next *string
		if raw, ok := t.page.Rest["scroll_param"]; ok && json.Unmarshal(raw, &next) == nil && next != nil && *next != "" {
			token = *next
		}
	}
}
