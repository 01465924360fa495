package intercom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

const canary = "canary-4f9a2c71d8"

// clock is a clock that only moves when somebody sleeps or a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.advance(d)
	return ctx.Err()
}

// rig is a sandbox workspace and a session that reads it.
type rig struct {
	t       *testing.T
	clock   *clock
	world   *sandbox.Workspace
	server  *httptest.Server
	session providers.Session
	logs    *logs
}

type logs struct {
	mu    sync.Mutex
	lines []string
}

func (l *logs) add(_, message string, _ ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, message)
}

func (l *logs) has(message string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Contains(l.lines, message)
}

func newRig(t *testing.T, o sandbox.Options, settings setting.Values) *rig {
	t.Helper()
	r := &rig{t: t, clock: newClock(), logs: &logs{}}
	o.Token, o.Now = canary, r.clock.Now
	r.world = sandbox.New(o)
	r.server = httptest.NewServer(r.world)
	t.Cleanup(r.server.Close)
	all := setting.Values{"base_url": r.server.URL, "api_version": "2.16", "rate_limit": 0.9}
	for name, v := range settings {
		all[name] = v
	}
	s, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.acme", Settings: all,
		Secrets: setting.Secrets{"access_token": setting.NewSecret(canary)}, World: r.outside()})
	if err != nil {
		t.Fatal(err)
	}
	r.session = s
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// edited lets edit change the answers of the workspace before they are sent; n counts the
// requests of a method and path. It must be called before the first request.
func (r *rig) edited(edit func(where string, n int, body []byte) []byte) {
	var mu sync.Mutex
	counts := map[string]int{}
	r.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		q.Header.Del("Accept-Encoding")
		answer := httptest.NewRecorder()
		r.world.ServeHTTP(answer, q)
		where := q.Method + " " + q.URL.Path
		mu.Lock()
		counts[where]++
		body := edit(where, counts[where], answer.Body.Bytes())
		mu.Unlock()
		header := w.Header()
		for name, v := range answer.Header() {
			header[name] = v
		}
		header.Del("Content-Length")
		w.WriteHeader(answer.Code)
		if _, err := w.Write(body); err != nil && !gaveUp(err) {
			r.t.Error(err)
		}
	})
}

// gaveUp reports whether the client no longer wanted the answer.
func gaveUp(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// held calls before with the path of every request before it is served. It must be called
// before the first request.
func (r *rig) held(before func(path string)) {
	r.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		before(q.URL.Path)
		r.world.ServeHTTP(w, q)
	})
}

func (r *rig) outside() providers.World {
	return providers.World{Now: r.clock.Now, Sleep: r.clock.Sleep, UserAgent: "inlay/test", Log: r.logs.add}
}

// got is what one read yielded.
type got struct {
	ids     []string // of the rows, in order; the key's values joined
	batches []stream.Batch
	next    stream.Bookmark
	resumes []stream.Bookmark
	final   *stream.Final
	err     *providers.Error
}

func (g got) distinct() []string {
	ids := slices.Clone(g.ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r *rig) read(reads ...providers.Read) []got {
	r.t.Helper()
	return r.readUntil(r.t.Context(), nil, reads...)
}

// readUntil stops when stop says so.
func (r *rig) readUntil(ctx context.Context, stop func(stream.Batch) bool, reads ...providers.Read) []got {
	r.t.Helper()
	out := make([]got, len(reads))
	for i := range reads {
		r.fill(&reads[i])
	}
	for b, err := range r.session.Read(ctx, providers.Request{Reads: reads}) {
		g := &out[b.Read]
		if err != nil {
			if !errors.As(err, &g.err) || g.err.Read != b.Read {
				r.t.Fatalf("error of read %d: %v", b.Read, err)
			}
			continue
		}
		if g.final != nil {
			r.t.Fatalf("read %d goes on after its last batch", b.Read)
		}
		g.batches = append(g.batches, b)
		g.ids = append(g.ids, keysOf(r.t, b.Rows, keyOf(reads[b.Read].Stream))...)
		if b.Next != "" {
			g.next = b.Next
		}
		g.resumes = append(g.resumes, b.Resume)
		g.final = b.Final
		if stop != nil && stop(b) {
			break
		}
	}
	return out
}

// fill completes a read: the whole shape of the stream, started now.
func (r *rig) fill(read *providers.Read) {
	r.t.Helper()
	s := r.session.(*session)
	d, ok := s.provider.declaration(read.Stream)
	if !ok {
		return
	}
	if read.Shape.Fields == nil {
		sh, err := d.at(s.version).Shape(nil, nil, nil)
		if err != nil {
			r.t.Fatal(err)
		}
		read.Shape = sh
	}
	if read.Started.IsZero() {
		read.Started = r.clock.Now()
	}
}

func keyOf(name string) []string {
	d, _ := New().declaration(name)
	return d.Key
}

func keysOf(t *testing.T, rows *stream.Rows, key []string) []string {
	t.Helper()
	if rows == nil {
		return nil
	}
	out := make([]string, rows.N)
	for _, name := range key {
		v := rows.Leaf(name)
		if v == nil {
			t.Fatalf("no column %q", name)
		}
		for i := range out {
			if out[i] != "" {
				out[i] += "/"
			}
			out[i] += v.Strs[i]
		}
	}
	return out
}

// oracle is the keys of what the workspace holds.
func (r *rig) oracle(name string) []string {
	var out []string
	names := keyOf(name)
	for _, o := range r.world.Rows(name) {
		key := ""
		for _, k := range names {
			if key != "" {
				key += "/"
			}
			key += fmt.Sprint(o[k])
		}
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// sameIDs compares without order and complains about a row that came twice.
func sameIDs(t *testing.T, what string, got, want []string) {
	t.Helper()
	got, want = slices.Clone(got), slices.Clone(want)
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return
	}
	missing, surplus := 0, 0
	for _, id := range want {
		if _, ok := slices.BinarySearch(got, id); !ok {
			missing++
		}
	}
	for _, id := range got {
		if _, ok := slices.BinarySearch(want, id); !ok {
			surplus++
		}
	}
	t.Errorf("%s: %d rows, want %d; %d missing, %d not wanted, %d twice", what, len(got), len(want), missing, surplus, len(got)-len(slices.Compact(slices.Clone(got))))
}

func incremental(name, cursor string, from stream.Bookmark) providers.Read {
	return providers.Read{Stream: name, From: from, Settings: setting.Values{"incremental": true, "cursor": cursor, "lookback": "1h", "stream": name}}
}

func full(name string) providers.Read {
	return providers.Read{Stream: name, Full: true, Settings: setting.Values{"stream": name}}
}

func parseResume(t *testing.T, p stream.Bookmark) resumePoint {
	t.Helper()
	var r resumePoint
	if err := json.Unmarshal([]byte(p), &r); err != nil {
		t.Fatal(err)
	}
	return r
}
