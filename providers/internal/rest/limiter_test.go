package rest

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// service is a rate-limited service in simulated time: requests are counted in windows of
// ten seconds of its own clock, which is ahead of ours by some amount.
type service struct {
	limit  int
	ahead  time.Duration
	window int64
	used   int
	served int
	denied int
	peak   int
}

func (s *service) answer(at time.Time) (int, http.Header) {
	at = at.Add(s.ahead)
	if w := at.Unix() / 10; w != s.window {
		s.window, s.used = w, 0
	}
	s.used++
	h := http.Header{}
	h.Set("Date", at.UTC().Format(http.TimeFormat))
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, s.limit-s.used)))
	h.Set("X-RateLimit-Reset", strconv.FormatInt((s.window+1)*10, 10))
	s.peak = max(s.peak, s.used)
	if s.used > s.limit {
		s.denied++
		return http.StatusTooManyRequests, h
	}
	s.served++
	return http.StatusOK, h
}

// event is something that happens at a moment of simulated time.
type event struct {
	at time.Time
	n  int // events of one moment happen in the order they were made
	do func()
}

type events []event

func (e events) Len() int { return len(e) }
func (e events) Less(i, j int) bool {
	return e[i].at.Before(e[j].at) || e[i].at.Equal(e[j].at) && e[i].n < e[j].n
}
func (e events) Swap(i, j int) { e[i], e[j] = e[j], e[i] }
func (e *events) Push(x any)   { *e = append(*e, x.(event)) }
func (e *events) Pop() any {
	last := (*e)[len(*e)-1]
	*e = (*e)[:len(*e)-1]
	return last
}

// simulate lets workers ask as fast as the limiter allows.
type simulation struct {
	now     time.Time
	queue   events
	made    int
	idle    []func() // waiting for something to be learned
	limiter *Limiter
	service *service
	latency func() time.Duration
}

func newSimulation(s *service, share float64, latency func() time.Duration) *simulation {
	m := &simulation{now: time.Date(2026, 11, 23, 0, 0, 3, 141592653, time.UTC), service: s, latency: latency}
	m.limiter = newLimiter(providers.World{Now: func() time.Time { return m.now }}, share)
	return m
}

func (m *simulation) after(d time.Duration, do func()) {
	m.made++
	heap.Push(&m.queue, event{m.now.Add(d), m.made, do})
}

func (m *simulation) worker() {
	g, wait, changed := m.limiter.try()
	switch {
	case wait > 0:
		m.after(wait, m.worker)
	case changed != nil:
		m.idle = append(m.idle, m.worker)
	default:
		there, back := m.latency(), m.latency()
		m.after(there, func() {
			status, h := m.service.answer(m.now)
			m.after(back, func() {
				m.limiter.settle(g, status, h)
				woken := m.idle
				m.idle = nil
				for _, w := range woken {
					m.after(0, w)
				}
				m.worker()
			})
		})
	}
}

func (m *simulation) run(workers int, d time.Duration) {
	for range workers {
		m.after(0, m.worker)
	}
	end := m.now.Add(d)
	for len(m.queue) > 0 && m.queue[0].at.Before(end) {
		e := heap.Pop(&m.queue).(event)
		m.now = e.at
		e.do()
	}
}

func TestLimiterUsesItsShareWithoutARefusal(t *testing.T) {
	for _, limit := range []int{83, 167, 1666} {
		for _, share := range []float64{0.5, 0.9, 1} {
			for _, ahead := range []time.Duration{0, 3700 * time.Millisecond, -365 * 24 * time.Hour, 500 * time.Millisecond} {
				t.Run(fmt.Sprintf("%d of %v, %s ahead", limit, share, ahead), func(t *testing.T) {
					chance := rand.New(rand.NewPCG(1, uint64(limit)))
					s := &service{limit: limit, ahead: ahead}
					m := newSimulation(s, share, func() time.Duration { return 20*time.Millisecond + time.Duration(chance.IntN(30))*time.Millisecond })
					const windows = 24
					m.run(24, windows*10*time.Second)
					most := float64(limit) * share * windows
					if got := float64(s.served) / most; got < 0.95 {
						t.Errorf("%d requests served, %.1f %% of the share", s.served, got*100)
					}
					if float64(s.peak) > float64(limit)*share+24 { // requests under way may fall into the next window
						t.Errorf("%d requests in one window of %d", s.peak, limit)
					}
					if s.denied > 0 {
						t.Errorf("%d requests refused", s.denied)
					}
				})
			}
		}
	}
}

func TestBudgetIsWhatTheServiceSays(t *testing.T) {
	s := &service{limit: 100}
	m := newSimulation(s, 0.5, func() time.Duration { return 10 * time.Millisecond })
	if b, ok := m.limiter.Budget(); ok {
		t.Errorf("known before the first answer: %+v", b)
	}
	s.answer(m.now) // somebody else's
	m.run(1, time.Second)
	b, ok := m.limiter.Budget()
	if !ok || b.Limit != 100 || b.Remaining != 100-s.used || !b.Reset.After(m.now) || b.Reset.Sub(m.now) > 11*time.Second {
		t.Errorf("%v %+v, and the service counts %d", ok, b, s.used)
	}
}

func TestLimiterLeavesRoomForOthers(t *testing.T) {
	s := &service{limit: 100}
	m := newSimulation(s, 0.6, func() time.Duration { return 10 * time.Millisecond })
	var other func()
	theirs := 0
	other = func() { // another app of the workspace makes four requests a second
		if status, _ := s.answer(m.now); status != http.StatusOK {
			theirs++
		}
		m.after(250*time.Millisecond, other)
	}
	m.after(0, other)
	m.run(8, 10*time.Minute)
	if s.denied > 0 {
		t.Errorf("%d of our requests and %d of theirs refused", s.denied-theirs, theirs)
	}
	if ours := s.served - 2400; ours < 3420 {
		t.Errorf("%d of our requests served of 3600", ours)
	}
}

// Whatever the headers say, nobody waits longer than a minute, and the waits of a burst of
// refusals do not add up.
func TestLimiterClampsHostileHeaders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
		l := newLimiter(providers.World{Now: func() time.Time { return now }}, 0.9)
		texts := rapid.OneOf(rapid.SampledFrom([]string{"", "-1", "0", "1", "9223372036854775807", "soon", "1e9", "99999999999999999999"}),
			rapid.Custom(func(t *rapid.T) string {
				return strconv.FormatInt(now.Unix()+rapid.Int64Range(-100, 100000).Draw(t, "at"), 10)
			}))
		for range rapid.IntRange(1, 30).Draw(t, "answers") {
			g, wait, _ := l.try()
			if wait > longestWait {
				t.Fatalf("waits %s", wait)
			}
			if wait > 0 {
				now = now.Add(wait)
				continue
			}
			h := http.Header{}
			for _, name := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
				h.Set(name, texts.Draw(t, name))
			}
			if rapid.Bool().Draw(t, "dated") {
				h.Set("Date", now.Add(time.Duration(rapid.Int64Range(-1e6, 1e6).Draw(t, "skew"))*time.Second).Format(http.TimeFormat))
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "latency")) * time.Millisecond)
			l.settle(g, rapid.SampledFrom([]int{200, 429, 0, 500}).Draw(t, "status"), h)
		}
		for waited := time.Duration(0); ; {
			_, wait, changed := l.try()
			if wait == 0 || changed != nil {
				break
			}
			if waited += wait; waited > 2*longestWait {
				t.Fatalf("still waiting after %s", waited)
			}
			now = now.Add(wait)
		}
	})
}

func FuzzRateHeaders(f *testing.F) {
	f.Add("1666", "1000", "1795392010", "Mon, 23 Nov 2026 00:00:00 GMT")
	f.Add("-1", "", "9223372036854775807", "yesterday")
	f.Fuzz(func(t *testing.T, limit, remaining, reset, date string) {
		now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
		l := newLimiter(providers.World{Now: func() time.Time { return now }}, 0.9)
		g, _, _ := l.try()
		h := http.Header{}
		for name, v := range map[string]string{"X-RateLimit-Limit": limit, "X-RateLimit-Remaining": remaining, "X-RateLimit-Reset": reset, "Date": date} {
			h.Set(name, v)
		}
		l.settle(g, 429, h)
		if _, wait, _ := l.try(); wait > longestWait {
			t.Errorf("waits %s", wait)
		}
	})
}

func TestOneTokenHasOneLimiter(t *testing.T) {
	var r Registry
	w := providers.World{Now: time.Now}
	o, err := ParseOrigin("https://api.example.com")
	if err != nil {
		t.Fatal(err)
	}
	a := r.Lease(o, setting.NewSecret("one"), 0.9, w)
	b := r.Lease(o, setting.NewSecret("one"), 0.3, w)
	c := r.Lease(o, setting.NewSecret("two"), 0.9, w)
	if a.Limiter != b.Limiter || a.Limiter == c.Limiter {
		t.Error("a limiter belongs to a token")
	}
	if a.Limiter.share != 0.3 {
		t.Errorf("share %v, want the smaller 0.3", a.Limiter.share)
	}
	b.Release()
	b.Release()
	if a.Limiter.share != 0.9 {
		t.Errorf("share %v after the smaller one left", a.Limiter.share)
	}
	a.Release()
	c.Release()
	if len(r.entries) != 0 {
		t.Error("limiters outlive their leases")
	}
}
