package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// windowSeconds is the length of a rate limit window.
const windowSeconds = 10

// window counts the requests of one 10-second window.
type window struct {
	number int64 // of windows since 1970
	used   int
}

// throttle counts a request and refuses it when its window is full.
func (w *Workspace) throttle() (answer, bool) {
	if n := w.now().Unix() / windowSeconds; n != w.window.number {
		w.window = window{number: n}
	}
	w.window.used++
	w.stats.busiest = max(w.stats.busiest, w.window.used)
	every := w.behaviour.ThrottleEvery
	if w.window.used <= w.options.RateLimit && (every == 0 || w.stats.total%every != 0) {
		return answer{}, false
	}
	w.stats.throttled++
	return w.refuse(http.StatusTooManyRequests, "rate_limit_exceeded", "Exceeded rate limit of %d in 10_seconds", w.options.RateLimit), true
}

// headers are what every answer carries besides its body.
func (w *Workspace) headers(a answer) http.Header {
	now := w.now().Add(time.Duration(w.behaviour.ClockSkew))
	h := http.Header{}
	h.Set("Date", now.UTC().Format(http.TimeFormat))
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Request-Id", string(uuid(nil, &w.requests)))
	if !a.bare {
		reset := (w.window.number+1)*windowSeconds + int64(time.Duration(w.behaviour.ClockSkew)/time.Second)
		h.Set("X-RateLimit-Limit", strconv.Itoa(w.options.RateLimit))
		h.Set("X-RateLimit-Remaining", strconv.Itoa(max(0, w.options.RateLimit-w.window.used)))
		h.Set("X-RateLimit-Reset", strconv.FormatInt(reset, 10))
		if a.status == http.StatusTooManyRequests {
			h.Set("X-RateLimit-Remaining", "0")
			w.strangeReset(h, now)
		}
	}
	for name, value := range a.header {
		h.Set(name, value)
	}
	return h
}

// strangeReset makes the Reset of a 429 as unhelpful as asked.
func (w *Workspace) strangeReset(h http.Header, now time.Time) {
	switch w.behaviour.ThrottleReset {
	case "missing":
		for _, name := range []string{"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} {
			h.Del(name)
		}
	case "negative":
		h.Set("X-RateLimit-Reset", "-1")
	case "huge":
		h.Set("X-RateLimit-Reset", "9223372036854775807")
	case "past":
		h.Set("X-RateLimit-Reset", strconv.FormatInt(now.Unix()-3600, 10))
	case "garbage":
		h.Set("X-RateLimit-Reset", "soon")
	}
}
