package intercom

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

// inRealTime is a workspace and a session whose clock is the machine's; asked is called
// before every request.
func inRealTime(t testing.TB, o sandbox.Options, asked func()) (*sandbox.Workspace, providers.Session) {
	t.Helper()
	o.Token = canary
	w := sandbox.New(o)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		asked()
		w.ServeHTTP(rw, q)
	}))
	world := providers.World{Now: time.Now, Log: func(string, string, ...any) {}, Sleep: func(ctx context.Context, d time.Duration) error {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
			return nil
		}
	}}
	s, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.acme", World: world,
		Settings: setting.Values{"base_url": server.URL, "api_version": "2.16", "rate_limit": 0.9},
		Secrets:  setting.Secrets{"access_token": setting.NewSecret(canary)}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		server.Close()
	})
	return w, s
}

func wholly(t testing.TB, name string) providers.Read {
	t.Helper()
	d, ok := New().declaration(name)
	if !ok {
		t.Fatalf("no stream %s", name)
	}
	sh, err := d.Shape(nil, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return providers.Read{Stream: name, Full: true, Shape: sh, Started: time.Now(), Settings: setting.Values{"stream": name}}
}

// rowsOf reads everything and says how many rows came.
func rowsOf(t testing.TB, s providers.Session, r providers.Read) (rows int) {
	t.Helper()
	for b, err := range s.Read(t.Context(), providers.Request{Reads: []providers.Read{r}}) {
		if err != nil {
			t.Fatal(err)
		}
		if b.Rows != nil {
			rows += b.Rows.N
		}
	}
	return rows
}

// Against a service that enforces windows of ten seconds, conversations are read as fast as
// the share of the limit allows and no faster: what is counted is requests in a window of
// the service's clock, not time.
func TestTheAllowedRateIsReached(t *testing.T) {
	if os.Getenv("INLAY_LONG") == "" {
		t.Skip("takes five windows of ten seconds; set INLAY_LONG=1")
	}
	const limit, budget = 300, 270
	var mu sync.Mutex
	windows := map[int64]int{}
	o := sandbox.Options{Seed: 91, Conversations: 4*budget + 100, Contacts: 10, Growth: -1, RateLimit: limit, Latency: 60 * time.Millisecond}
	w, s := inRealTime(t, o, func() {
		mu.Lock()
		defer mu.Unlock()
		windows[time.Now().Unix()/10]++
	})
	rows := rowsOf(t, s, wholly(t, "conversation_parts"))
	stats := w.Stats()
	mu.Lock()
	defer mu.Unlock()
	seen := slices.Sorted(maps.Keys(windows))
	if rows == 0 || stats.Throttled > 0 || stats.BusiestWindow > limit {
		t.Errorf("%d rows; %d refusals; %d requests in a window of %d", rows, stats.Throttled, stats.BusiestWindow, limit)
	}
	if len(seen) < 4 {
		t.Fatalf("only %d windows", len(seen))
	}
	for i := 1; i < len(seen)-1; i++ { // the first and the last are not whole
		if n := windows[seen[i]]; n < budget*95/100 {
			t.Errorf("window %d: %d requests of %d allowed", i, n, budget)
		}
	}
}

// BenchmarkRanges compares one chain of pages with the ranges a read is made of, at a tenth
// of a second for each answer: "times" is how many times as fast they are.
func BenchmarkRanges(b *testing.B) {
	_, s := inRealTime(b, sandbox.Options{Seed: 92, Conversations: 40_000, Contacts: 10, Growth: -1, RateLimit: 100_000, Latency: 100 * time.Millisecond}, func() {})
	one := wholly(b, "conversations")
	point := searching{finder: &finder{axis: "created_at"}, from: always, legs: []leg{entire()}, total: 40_000}
	one.Resume = stream.Bookmark(point.resume())
	began := time.Now()
	rows := rowsOf(b, s, one)
	chain := time.Since(began)
	for b.Loop() {
		began = time.Now()
		if n := rowsOf(b, s, wholly(b, "conversations")); n != rows {
			b.Fatalf("%d rows, one chain gives %d", n, rows)
		}
		b.ReportMetric(float64(chain)/float64(time.Since(began)), "times")
	}
}
