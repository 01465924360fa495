package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/inlay-sync/inlay/providers"
)

// notJSON is an answer that claims success and holds no JSON.
type notJSON struct {
	status int
	empty  bool
	kind   string
}

func (e *notJSON) Error() string {
	if e.empty {
		return "the answer is empty"
	}
	return fmt.Sprintf("the answer is not JSON but %q", e.kind)
}

// oddTries is how often an answer is asked for that arrives but makes no sense.
const oddTries = 4

// Do asks until there is an answer. What may work later is tried again, with growing
// waits, until the client's patience is over: 408, 425, 429, 5xx, broken connections and
// bodies, and answers that are no JSON. Errors are *StatusError and *providers.Error.
func (c *Client) Do(ctx context.Context, q Request) (Answer, error) {
	began, slept := c.World.Now(), time.Duration(0)
	var last error
	for try := 1; ; try++ {
		if err := c.allowed.spend(c.World.Now()); err != nil {
			return Answer{}, because(err, last)
		}
		if try > 1 {
			c.counts.add(1, retries)
		}
		a, err := c.once(ctx, q)
		if err == nil {
			return a, nil
		}
		if ctx.Err() != nil {
			return Answer{}, &providers.Error{Kind: providers.Interrupted, Read: -1, Stream: q.Stream, Summary: "The import was interrupted",
				Detail: "What was staged is kept: the same command goes on from there.", Err: context.Cause(ctx)}
		}
		last = err
		over := max(slept, c.World.Now().Sub(began)) >= c.patience()
		if final := c.judge(q, err, try, over || q.Single && !throttled(err)); final != nil {
			return Answer{}, final
		}
		wait := c.allowed.left(backoff(try), c.World.Now())
		if throttled(err) {
			wait = 0 // the limiter waits
			slept += backoff(try)
		}
		c.World.Log(loudness(try), "trying again", "path", q.Path, "try", try, "wait", wait.String(), "why", why(err))
		if err := c.World.Sleep(ctx, wait); err != nil {
			return Answer{}, &providers.Error{Kind: providers.Interrupted, Read: -1, Stream: q.Stream, Summary: "The import was interrupted",
				Detail: "What was staged is kept: the same command goes on from there.", Err: err}
		}
		slept += wait
	}
}

// because adds to the error of an import that may not go on what it was waiting for.
func because(err, last error) error {
	var known *providers.Error
	if last == nil || !errors.As(err, &known) {
		return err
	}
	out := *known
	out.Detail += " It was trying again because: " + why(last) + "."
	out.Err = last
	return &out
}

// loudness keeps the first tries to the log, and tells people of a service that goes on failing.
func loudness(try int) string {
	if try < 3 {
		return "debug"
	}
	return "info"
}

// atFirst is the patience with a service that has not answered yet: more likely its
// address is wrong, or there is no network, than that it will come back.
const atFirst = 20 * time.Second

func (c *Client) patience() time.Duration {
	if c.counts.whole().answered.Load() == 0 {
		return min(c.Patience, atFirst)
	}
	return c.Patience
}

func throttled(err error) bool {
	var s *StatusError
	return errors.As(err, &s) && s.Status == http.StatusTooManyRequests
}

// why is an error for the log: of a broken connection the cause, never the address, whose
// query may hold what people wrote.
func why(err error) string {
	var u interface{ Unwrap() error }
	var s *StatusError
	if errors.As(err, &s) {
		return s.Error()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return "no whole answer came in time"
	}
	if errors.As(err, &u) && u.Unwrap() != nil {
		return u.Unwrap().Error()
	}
	return err.Error()
}

// times says how often something was tried before its last failure.
func times(n int) string {
	if n == 1 {
		return "once,"
	}
	return fmt.Sprintf("%d times, the last time", n)
}

// judge returns the final error, or nil when the request is worth another try.
func (c *Client) judge(q Request, err error, try int, over bool) error {
	var known *providers.Error
	var status *StatusError
	var odd *notJSON
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &status):
		return c.judgeStatus(q, status, over)
	case errors.As(err, &odd):
		if !over && try < oddTries {
			return nil
		}
		return &providers.Error{Kind: providers.Malformed, Read: -1, Stream: q.Stream, Status: odd.status, Summary: "The answer is not what it should be",
			Detail: fmt.Sprintf("%s was asked %d times, and %s. Nothing was taken from it; try again later.", q.Path, try, odd), Err: err}
	case over:
		return &providers.Error{Kind: providers.Unavailable, Read: -1, Stream: q.Stream, Summary: "The service cannot be reached",
			Detail: fmt.Sprintf("%s at %s failed %s because: %s. Check the network, region and base_url, or try again later.", q.Path, c.Origin, times(try), why(err)), Err: err}
	}
	return nil
}

func (c *Client) judgeStatus(q Request, e *StatusError, over bool) error {
	switch {
	case e.Status == http.StatusTooManyRequests:
		c.counts.add(1, throttles)
	case e.Status == http.StatusRequestTimeout, e.Status == http.StatusTooEarly:
	case e.Status >= 500 && e.Status != http.StatusNotImplemented && e.Status != http.StatusHTTPVersionNotSupported:
	default:
		return e
	}
	if over || q.Once != nil && q.Once(e.Status) {
		return e
	}
	return nil
}
