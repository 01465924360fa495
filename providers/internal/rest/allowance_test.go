package rest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
)

// A service that takes a request and never answers is left when the import's time is up,
// however long a single request might take.
func TestTheTimeoutEndsARequestThatHangs(t *testing.T) {
	c, _ := asking(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c = c.Within(NewAllowance(0, 50*time.Millisecond, c.World.Now()))
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	if kindOf(err) != providers.Exhausted || !strings.Contains(err.Error(), "trying again because: no whole answer came in time") {
		t.Errorf("%v, want exhausted with the cause", err)
	}
}

// Waiting for the next window beyond the end of the import would be waiting for nothing.
func TestTheTimeoutEndsWaitingForTheLimit(t *testing.T) {
	c, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
		w.WriteHeader(http.StatusTooManyRequests)
	})
	began := c.World.Now()
	c = c.Within(NewAllowance(0, time.Minute, began))
	_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
	if kindOf(err) != providers.Exhausted {
		t.Errorf("%v, want exhausted", err)
	}
	if waited := c.World.Now().Sub(began); waited > 70*time.Second {
		t.Errorf("an import of a minute waited %s", waited)
	}
}
