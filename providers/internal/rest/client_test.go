package rest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

const canary = "canary-77b1e0"

// asking is a client of a test server, whose sleeps take no time.
func asking(t *testing.T, h http.HandlerFunc) (*Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	o, err := ParseOrigin(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	var slept atomic.Int64
	w := providers.World{
		Now:   func() time.Time { return time.Now().Add(time.Duration(slept.Load())) },
		Sleep: func(ctx context.Context, d time.Duration) error { slept.Add(int64(d)); return ctx.Err() },
		Log: func(_, message string, attrs ...any) {
			if strings.Contains(fmt.Sprint(message, attrs), canary) {
				t.Error("the log holds the token")
			}
		},
	}
	token := setting.NewSecret(canary)
	var r Registry
	c := New(Config{Origin: o, Token: token, World: w, Lease: r.Lease(o, token, 1, w), Most: 1 << 20})
	t.Cleanup(c.Close)
	return c, server
}

func TestCredentialsStayAtTheirOrigin(t *testing.T) {
	var stolen atomic.Int64
	thief := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			stolen.Add(1)
		}
		fmt.Fprint(w, `{}`)
	}))
	defer thief.Close()
	c, server := asking(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+canary {
			t.Error("the origin gets the token")
		}
		switch r.URL.Path {
		case "/away":
			http.Redirect(w, r, thief.URL+"/x", http.StatusFound)
		case "/scheme":
			http.Redirect(w, r, "https://"+r.Host+"/x", http.StatusMovedPermanently)
		case "/user":
			http.Redirect(w, r, "http://someone@"+r.Host+"/x", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusTemporaryRedirect)
		case "/nowhere":
			w.WriteHeader(http.StatusFound)
		case "/here":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/there":
			fmt.Fprint(w, `{"here":true}`)
		}
	})
	for _, path := range []string{"/away", "/scheme", "/user", "/round", "/nowhere"} {
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: path})
		if kindOf(err) != providers.Untrusted || strings.Contains(err.Error(), canary) {
			t.Errorf("%s: %v, want untrusted", path, err)
		}
	}
	if _, err := c.Do(t.Context(), Request{Method: "POST", Path: "/here", Body: []byte("{}")}); kindOf(err) != providers.Untrusted {
		t.Errorf("a redirected search is not followed: %v", err)
	}
	if a, err := c.Do(t.Context(), Request{Method: "GET", Path: "/here"}); err != nil || string(a.Body) != `{"here":true}` {
		t.Errorf("a redirect within the origin is followed: %v", err)
	}
	if stolen.Load() > 0 {
		t.Error("the token went elsewhere")
	}
	for address, fine := range map[string]bool{
		server.URL + "/next?page=2": true, "/next?page=2": true, "https://api.friend.example/next?page=2": true,
		thief.URL + "/next": false, "http://api.friend.example/next": false, "https://api.friend.example.evil.example/": false,
		"//evil.example/next": false, "https://me@api.friend.example/next": false, strings.Replace(server.URL, "http:", "https:", 1) + "/next": false,
		"%zz": false,
	} {
		if _, _, err := c.Origin.Inside(address, "api.friend.example"); (err == nil) != fine {
			t.Errorf("Inside(%q) = %v", address, err)
		}
	}
}

func kindOf(err error) providers.ErrorKind {
	var e *providers.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func TestOriginsThatWouldLeakAreRefused(t *testing.T) {
	for _, bad := range []string{"", "api.example.com", "http://api.example.com", "ftp://x", "https://u:p@x", "https://x?y=1", "https://x#y", "://", "http://10.0.0.1", "http://localhost.evil.example"} {
		if _, err := ParseOrigin(bad); err == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	for good, path := range map[string]string{"https://api.example.com": "https://api.example.com/me", "https://api.example.com:8443/v1/": "https://api.example.com:8443/v1/me",
		"http://127.0.0.1:99": "http://127.0.0.1:99/me", "http://[::1]:99": "http://[::1]:99/me", "http://localhost": "http://localhost/me"} {
		if o, err := ParseOrigin(good); err != nil || o.url("/me", nil) != path {
			t.Errorf("%q: %v, %s", good, err, o.url("/me", nil))
		}
	}
}

func TestWhatMayWorkLaterIsTriedAgain(t *testing.T) {
	zipped := func(text string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	whole := zipped(`{"rows":"` + strings.Repeat("x", 5000) + `"}`)
	spoil := map[string]func(w http.ResponseWriter){
		"429 without headers": func(w http.ResponseWriter) { w.WriteHeader(429) },
		"408":                 func(w http.ResponseWriter) { w.WriteHeader(408) },
		"425":                 func(w http.ResponseWriter) { w.WriteHeader(425) },
		"503":                 func(w http.ResponseWriter) { w.WriteHeader(503) },
		"reset before":        func(http.ResponseWriter) { panic(http.ErrAbortHandler) },
		"reset in body": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(whole[:len(whole)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		},
		"short": func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "500")
			_, _ = w.Write([]byte(`{"rows"`))
		},
		"cut gzip": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(whole[:len(whole)-4])
		},
		"no gzip": func(w http.ResponseWriter) {
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write([]byte("this is no gzip stream"))
		},
		"empty":    func(http.ResponseWriter) {},
		"web page": func(w http.ResponseWriter) { _, _ = w.Write([]byte("<html>busy</html>")) },
	}
	for name, fault := range spoil {
		t.Run(name, func(t *testing.T) {
			var n atomic.Int64
			c, _ := asking(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Accept-Encoding") != "gzip" {
					t.Error("compression is always asked for")
				}
				if n.Add(1) <= 2 {
					fault(w)
					return
				}
				w.Header().Set("Content-Encoding", "gzip")
				_, _ = w.Write(whole)
			})
			a, err := c.Do(t.Context(), Request{Method: "POST", Path: "/x", Body: []byte("{}")})
			if err != nil || len(a.Body) != 5011 {
				t.Fatalf("%d bytes, %v", len(a.Body), err)
			}
			if calls := c.Calls(); calls.Requests != 3 || calls.Retries != 2 {
				t.Errorf("%+v", calls)
			}
		})
	}
}

func TestPatienceEnds(t *testing.T) {
	for status, want := range map[int]int{429: 429, 503: 503, 400: 400, 501: 501} {
		c, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
		_, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"})
		var refused *StatusError
		if !errors.As(err, &refused) || refused.Status != want {
			t.Errorf("%d: %v", status, err)
		}
		if n := c.Calls().Requests; (status == 400 || status == 501) != (n == 1) || n > 60 {
			t.Errorf("%d: %d requests", status, n)
		}
	}
	c, server := asking(t, func(http.ResponseWriter, *http.Request) {})
	server.Close()
	if _, err := c.Do(t.Context(), Request{Method: "GET", Path: "/x"}); kindOf(err) != providers.Unavailable {
		t.Errorf("an unreachable service: %v", err)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	c, _ := asking(t, func(w http.ResponseWriter, r *http.Request) {
		var out interface{ Write([]byte) (int, error) } = w
		if r.URL.Path == "/bomb" {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			defer z.Close()
			out = z
		}
		for range 64 {
			if _, err := out.Write(bytes.Repeat([]byte("["), 1<<16)); err != nil {
				return
			}
		}
	})
	for _, path := range []string{"/bomb", "/large"} {
		if _, err := c.Do(t.Context(), Request{Method: "GET", Path: path}); kindOf(err) != providers.Untrusted {
			t.Errorf("%s: %v, want untrusted", path, err)
		}
	}
	if n := c.Calls().Requests; n != 2 {
		t.Errorf("%d requests: what is too large is not asked for again", n)
	}
}

func TestAllowanceBoundsAnImport(t *testing.T) {
	c, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) })
	bounded := c.Within(NewAllowance(3, 0, c.World.Now()))
	for i := range 5 {
		_, err := bounded.Do(t.Context(), Request{Method: "GET", Path: "/x"})
		if want := i >= 3; (kindOf(err) == providers.Exhausted) != want {
			t.Errorf("request %d: %v", i, err)
		}
	}
	timed := c.Within(NewAllowance(0, time.Minute, c.World.Now()))
	if _, err := timed.Do(t.Context(), Request{Method: "GET", Path: "/x"}); err != nil {
		t.Error(err)
	}
	if err := c.World.Sleep(t.Context(), 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := timed.Do(t.Context(), Request{Method: "GET", Path: "/x"}); kindOf(err) != providers.Exhausted {
		t.Errorf("after the timeout: %v", err)
	}
}

func TestInterruptionEndsAWait(t *testing.T) {
	c, _ := asking(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Do(ctx, Request{Method: "GET", Path: "/x"}); kindOf(err) != providers.Interrupted {
		t.Errorf("%v, want interrupted", err)
	}
}
