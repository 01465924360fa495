package s3_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
)

// lossy stands before a server, does what is asked, and loses the answers to some requests:
// all of an answer, or what comes after its first bytes.
func lossy(t *testing.T, loses func(r *http.Request) (after int, lost bool)) objects.Store {
	t.Helper()
	a := objectstest.Server(t)
	behind, err := url.Parse(a.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind); r.Out.Host = r.In.Host }}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		after, lost := loses(r)
		if !lost {
			proxy.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		proxy.ServeHTTP(answer, r)
		if after > 0 {
			for name, values := range answer.Header() {
				w.Header()[name] = values
			}
			w.WriteHeader(answer.Code)
			_, _ = w.Write(answer.Body.Bytes()[:min(after, answer.Body.Len())])
			_ = http.NewResponseController(w).Flush()
		}
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	a.Endpoint = server.URL
	return objectstest.Open(t, a, "p")
}

func TestBrokenBody(t *testing.T) {
	var gets atomic.Int64
	s := lossy(t, func(r *http.Request) (int, bool) {
		return 40_000, r.Method == http.MethodGet && gets.Add(1) <= 3
	})
	want := bytes.Repeat([]byte("0123456789abcdefg"), 20_000)
	if err := s.Put("part", bytes.NewReader(want), int64(len(want))); err != nil {
		t.Fatal(err)
	}
	got, err := objects.Read(s, "part")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("read %d of %d bytes: %v", len(got), len(want), err)
	}
	if gets.Load() != 4 {
		t.Errorf("asked %d times", gets.Load())
	}
}

func TestLostAnswer(t *testing.T) {
	var puts atomic.Int64
	s := lossy(t, func(r *http.Request) (int, bool) {
		return 0, r.Method == http.MethodPut && puts.Add(1) == 1
	})
	if err := s.PutNew("log/1", []byte("mine")); err != nil {
		t.Errorf("it was put and the answer lost: %v", err)
	}
	puts.Store(0)
	if err := s.PutNew("log/1", []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("it was refused and the answer lost: %v", err)
	}
}
