package intercom

import (
	"bytes"
	"context"
)

// early is a page that was asked for while the one before it was decoded.
type early struct {
	token  string
	cancel context.CancelFunc
	came   chan struct{} // closed when body and err are there
	body   []byte
	err    error
}

// hurry asks for the page after body before body is decoded, unless body is likely the
// leg's last.
func (c *chain) hurry(ctx context.Context, body []byte) {
	before := c.before
	c.before = c.last
	token := following(body)
	if !c.hurries || token == "" {
		return
	}
	if known := before != always; c.leg.To != never && (!known || c.last+2*(c.last-before) >= c.leg.To) {
		return
	}
	ctx, cancel := context.WithCancel(ctx)
	e := &early{token: token, cancel: cancel, came: make(chan struct{})}
	c.early = e
	go func() {
		defer close(e.came)
		e.body, e.err = c.ask(ctx, token)
	}()
}

// page returns the page that the chain has come to.
func (c *chain) page(ctx context.Context) ([]byte, error) {
	if e := c.early; e != nil && e.token == c.token {
		c.early = nil
		<-e.came
		e.cancel()
		return e.body, e.err
	}
	c.settle()
	return c.ask(ctx, c.token)
}

// settle ends what was asked for early and is not wanted.
func (c *chain) settle() {
	if e := c.early; e != nil {
		c.early = nil
		e.cancel()
		<-e.came
	}
}

// following is the token at the end of a page, where pages have it; empty if it is not
// there. The page itself has the last word.
func following(body []byte) string {
	const end, name = 2 << 10, `"starting_after"`
	body = body[max(0, len(body)-end):]
	i := bytes.LastIndex(body, []byte(name))
	if i < 0 {
		return ""
	}
	value, quoted := bytes.CutPrefix(bytes.TrimLeft(body[i+len(name):], ": \t\r\n"), []byte(`"`))
	token, _, closed := bytes.Cut(value, []byte(`"`))
	if !quoted || !closed || bytes.IndexByte(token, '\\') >= 0 {
		return ""
	}
	return string(token)
}
