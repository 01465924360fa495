package serve

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/serve/webhook"
	"github.com/inlay-sync/inlay/state"
)

const served = `
inlay {
  webhook "ops" {
    url    = env("HOOK")
    secret = env("HOOK_SECRET")
    on     = ["failure", "recovery"]
  }
}
connection "intercom" "acme" {
  base_url     = env("SERVICE")
  access_token = env("TOKEN")
}
schedule "hourly" { cron = "@hourly" }
source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}
target "parquet" "tags" {
  source   = source.intercom.tags
  mode     = "replace"
  schedule = schedule.hourly
}
`

// receiver is a webhook's other end.
type receiver struct {
	mu     sync.Mutex
	events []webhook.Event
	broken int // answers with an error this many times
	t      *testing.T
}

func (h *receiver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.broken > 0 {
		h.broken--
		http.Error(w, "not now", http.StatusBadGateway)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		h.t.Error(err)
	}
	at, given, _ := strings.Cut(r.Header.Get("Inlay-Signature"), ",v1=")
	mac := hmac.New(sha256.New, []byte("hook-secret"))
	mac.Write([]byte(strings.TrimPrefix(at, "t=") + "." + string(body)))
	if given != hex.EncodeToString(mac.Sum(nil)) {
		h.t.Errorf("signature %q of %s", r.Header.Get("Inlay-Signature"), body)
	}
	var e webhook.Event
	if err := json.Unmarshal(body, &e); err != nil {
		h.t.Error(err)
	}
	if canary.Find(body) != "" {
		h.t.Errorf("a credential was sent: %s", body)
	}
	h.events = append(h.events, e)
}

func (h *receiver) told() (out []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		out = append(out, e.Event+" "+e.Slot)
	}
	return out
}

// TestFailureAndRecovery: a service that is away is asked again with growing waits; the
// webhook hears of the failure once, and of the recovery.
func TestFailureAndRecovery(t *testing.T) {
	r := newRig(t, served, "2026-06-01T00:10:00Z")
	hook := &receiver{t: t, broken: 2}
	there := httptest.NewServer(hook)
	defer there.Close()
	start := func(address string) *sandbox.Server {
		s, err := sandbox.Start(context.Background(), sandbox.Options{Token: canary.Token, Contacts: 5, Growth: -1, RateLimit: 100, Now: r.clock.Now}, address)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	service := start("127.0.0.1:0")
	r.env = map[string]string{"HOOK": there.URL + "/secret-path", "HOOK_SECRET": "hook-secret", "SERVICE": service.URL, "TOKEN": canary.Token}
	r.apply()
	d := r.daemon()
	page := httptest.NewServer(d.handler())
	defer page.Close()
	b := newBrowser(t, page.URL)
	r.settle(d)
	if err := service.Close(); err != nil {
		t.Fatal(err)
	}

	a, err := addr.Parse("target.parquet.tags")
	if err != nil {
		t.Fatal(err)
	}
	r.clock.move(time.Hour)
	for want := 1; want <= 3; want++ {
		d.turn(t.Context(), true)
		d.batches.Wait()
		failed := d.retries[a]
		if failed.failures != want || failed.slot != "2026-06-01T01:00:00Z" {
			t.Fatalf("after %d tries: %+v\n%s", want, failed, r.log)
		}
		d.turn(t.Context(), true) // not yet
		d.batches.Wait()
		if d.retries[a].failures != want {
			t.Fatalf("tried again before %s", failed.at)
		}
		r.clock.move(failed.at.Sub(r.clock.Now()))
	}
	if got := hook.told(); len(got) != 1 || got[0] != "failure 2026-06-01T01:00:00Z" {
		t.Errorf("told of %v", got)
	}
	again := start(strings.TrimPrefix(service.URL, "http://"))
	defer again.Close()
	r.settle(d)
	if got := hook.told(); len(got) != 2 || !strings.HasPrefix(got[1], "recovery 2026-06-01T0") {
		t.Errorf("told of %v\n%s", got, r.log)
	}
	if len(d.retries) != 0 {
		t.Errorf("still to be tried: %v", d.retries)
	}
	b.see("/metrics", "inlay_rate_limit_requests{connection=\"connection.intercom.acme\"} 100", "inlay_rate_limit_remaining_requests{connection=\"connection.intercom.acme\"} 98")

	// A refused token costs a call too, and what it cost is written down.
	r.env["TOKEN"] = "another-token"
	d.forgetStamp()
	r.clock.move(time.Hour)
	d.turn(t.Context(), true)
	d.batches.Wait()
	runs, err := d.current().History(project.Runs{Of: a, Limit: 1})
	if err != nil || len(runs) != 1 || runs[0].Status != state.Failed || runs[0].Calls != 1 {
		t.Errorf("%+v, %v", runs, err)
	}
	b.see("/metrics", `inlay_runs_total{target="target.parquet.tags",result="failed"} 4`, `remaining_requests{connection="connection.intercom.acme"} 100`)
	b.see("/runs/"+runs[0].ID, "<dt>calls</dt><dd class=\"lines\">1</dd>")
	for _, secret := range []string{"secret-path", "hook-secret"} {
		if strings.Contains(r.log.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}
