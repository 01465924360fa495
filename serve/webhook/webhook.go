// Package webhook tells an address of what became of imports: a webhook is that address,
// what it wants to be told of, and the secret that signs what is sent.
//
// What is sent is one JSON object, an Event, in a POST. It holds no credential and no row.
// With a secret, the header Inlay-Signature is "t=UNIX,v1=HEX": HEX is the HMAC-SHA256, by
// the secret, of the seconds UNIX, a full stop and the body. A receiver that compares it and
// refuses an old t knows that the event is inlay's and is told now. Inlay-Delivery stays the
// same when a delivery is repeated, so a receiver can drop what it has.
//
// A delivery is tried up to five times, over some fifteen seconds. An address is never part
// of an error or a log, because it often is a secret itself.
package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/inlay-sync/inlay/setting"
)

// Hook is one webhook.
type Hook struct {
	Name   string
	URL    setting.Secret
	Secret setting.Secret // zero: unsigned
	On     []string       // of Failure, Recovery and Success
}

// Sender sends events.
type Sender struct {
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	Version string
	// Transport carries the requests; nil is Go's own.
	Transport http.RoundTripper
}

const (
	tries   = 5
	perTry  = 10 * time.Second
	maxRead = 64 << 10 // of an answer, so that the connection can be used again
)

// Send tells a hook of an event, if it wants to know. The error says what the last try came
// to.
func (s Sender) Send(ctx context.Context, h Hook, e Event) error {
	if !slices.Contains(h.On, e.Event) {
		return nil
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	var id [12]byte
	_, _ = rand.Read(id[:]) // never fails: it ends the program instead
	client := &http.Client{
		Transport: s.Transport, Timeout: perTry,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for try := range tries {
		if try > 0 {
			if serr := s.Sleep(ctx, time.Second<<(try-1)); serr != nil {
				return err
			}
		}
		var again bool
		if again, err = s.post(ctx, client, h, e, body, hex.EncodeToString(id[:])); err == nil || !again {
			return err
		}
	}
	return err
}

// post tries once, and says whether another try makes sense.
func (s Sender) post(ctx context.Context, client *http.Client, h Hook, e Event, body []byte, id string) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL.Reveal(), bytes.NewReader(body))
	if err != nil {
		return false, &Error{h.Name, "its address is no URL"}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "inlay/"+s.Version)
	req.Header.Set("Inlay-Event", e.Event)
	req.Header.Set("Inlay-Delivery", id)
	if !h.Secret.IsZero() {
		req.Header.Set("Inlay-Signature", Signature(h.Secret, s.Now(), body))
	}
	res, err := client.Do(req)
	if err != nil {
		return ctx.Err() == nil, &Error{h.Name, withoutAddress(err)}
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, maxRead) // what it says does not matter
	switch c := res.StatusCode; {
	case c >= 200 && c < 300:
		return false, nil
	case c >= 500, c == http.StatusTooManyRequests, c == http.StatusRequestTimeout:
		return true, &Error{h.Name, fmt.Sprintf("it answered with status %d", c)}
	default:
		return false, &Error{h.Name, fmt.Sprintf("it answered with status %d, and another try would not change that", c)}
	}
}

// Signature signs a body at a moment, as the package comment says.
func Signature(secret setting.Secret, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret.Reveal()))
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// withoutAddress says a failed request without the address that Go puts into it.
func withoutAddress(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		if u.Timeout() {
			return "it did not answer in time"
		}
		return u.Err.Error()
	}
	return "the request failed"
}

// Error is a delivery that failed.
type Error struct{ Hook, Problem string }

func (e *Error) Error() string {
	return fmt.Sprintf("the webhook %q was not told: %s", e.Hook, e.Problem)
}

// Explain says the error in a few constant words and in full sentences.
func (e *Error) Explain() (summary, detail string) {
	return "Webhook not told", fmt.Sprintf("The webhook %q was not told: %s. Imports are not affected.", e.Hook, e.Problem)
}
