package sandbox

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// listen serves a small workspace on a real port.
func listen(t *testing.T, o Options) *Server {
	t.Helper()
	g := visit(t, o)
	o = g.w.options
	o.Now = g.clock.now
	s, err := Start(t.Context(), o, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// fetch reads one answer over the network, with gzip left as it is.
func fetch(t *testing.T, url, encoding string) (*http.Response, []byte, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sandbox")
	r.Header.Set("Accept-Encoding", encoding)
	client := &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}

func inflate(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func TestGzipWhenAskedFor(t *testing.T) {
	s := listen(t, Options{})
	_, plain, err := fetch(t, s.URL+"/contacts?per_page=150", "identity")
	if err != nil {
		t.Fatal(err)
	}
	resp, packed, err := fetch(t, s.URL+"/contacts?per_page=150", "gzip")
	if err != nil {
		t.Fatal(err)
	}
	text, err := inflate(packed)
	if err != nil || !bytes.Equal(text, plain) || resp.Header.Get("Content-Encoding") != "gzip" || len(packed) > len(plain)/3 {
		t.Errorf("%d bytes packed to %d: %v", len(plain), len(packed), err)
	}
}

func TestFaults(t *testing.T) {
	for kind, check := range map[string]func(resp *http.Response, body []byte, err error) string{
		FaultStatus: func(resp *http.Response, body []byte, err error) string {
			text, bad := inflate(body)
			return expect(err == nil && bad == nil && resp.StatusCode == 500 && bytes.Contains(text, []byte("server_error")))
		},
		FaultEmpty: func(resp *http.Response, body []byte, err error) string {
			return expect(err == nil && resp.StatusCode == 200 && len(body) == 0)
		},
		FaultHTML: func(resp *http.Response, body []byte, err error) string {
			text, bad := inflate(body)
			return expect(err == nil && bad == nil && resp.StatusCode == 200 && bytes.HasPrefix(text, []byte("<!DOCTYPE")))
		},
		FaultRedirect: func(resp *http.Response, _ []byte, err error) string {
			return expect(err == nil && resp.StatusCode == 302 && resp.Header.Get("Location") == "https://elsewhere.example/")
		},
		FaultResetBefore: func(_ *http.Response, _ []byte, err error) string { return expect(err != nil) },
		FaultResetBody: func(resp *http.Response, body []byte, err error) string {
			return expect(resp != nil && errors.Is(err, io.ErrUnexpectedEOF) && len(body) > 0)
		},
		FaultResetAfter: func(resp *http.Response, body []byte, err error) string {
			text, bad := inflate(body)
			return expect(resp != nil && errors.Is(err, io.ErrUnexpectedEOF) && bad == nil && json.Valid(text))
		},
		FaultShort: func(resp *http.Response, _ []byte, err error) string {
			return expect(resp != nil && errors.Is(err, io.ErrUnexpectedEOF))
		},
		FaultCutGzip: func(_ *http.Response, body []byte, err error) string {
			_, bad := inflate(body)
			return expect(err == nil && errors.Is(bad, io.ErrUnexpectedEOF))
		},
		FaultBadGzip: func(resp *http.Response, body []byte, err error) string {
			_, bad := inflate(body)
			return expect(err == nil && resp.Header.Get("Content-Encoding") == "gzip" && errors.Is(bad, gzip.ErrHeader))
		},
		FaultBomb: func(_ *http.Response, body []byte, err error) string {
			z, bad := gzip.NewReader(bytes.NewReader(body))
			if bad != nil {
				return bad.Error()
			}
			n, bad := io.CopyN(io.Discard, z, 64<<20)
			return expect(err == nil && bad == nil && n == 64<<20 && len(body) < 8<<20)
		},
		FaultCutJSON: func(_ *http.Response, body []byte, err error) string {
			text, bad := inflate(body)
			return expect(err == nil && bad == nil && !json.Valid(text) && text[0] == '{')
		},
		FaultBadJSON: func(_ *http.Response, body []byte, err error) string {
			text, bad := inflate(body)
			return expect(err == nil && bad == nil && !json.Valid(text) && bytes.HasSuffix(text, []byte("}")))
		},
	} {
		t.Run(kind, func(t *testing.T) {
			s := listen(t, Options{})
			s.Workspace.Behave(Behaviour{Faults: []Fault{{Path: "/tags", Kind: kind, To: "https://elsewhere.example/"}}})
			resp, body, err := fetch(t, s.URL+"/tags", "gzip")
			if wrong := check(resp, body, err); wrong != "" {
				t.Errorf("%s: %v, %d bytes, %v", wrong, resp, len(body), err)
			}
			if resp, _, err := fetch(t, s.URL+"/segments", "gzip"); err != nil || resp.StatusCode != 200 {
				t.Errorf("another path is spoiled too: %v", err)
			}
		})
	}
}

func expect(ok bool) string {
	if ok {
		return ""
	}
	return "not what was expected"
}

func TestHangingRequest(t *testing.T) {
	g := visit(t, Options{})
	ctx, giveUp := context.WithCancel(t.Context())
	ask := func() int {
		rec := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(ctx, "GET", "/tags", nil)
		r.Header.Set("Authorization", "Bearer sandbox")
		g.w.ServeHTTP(rec, r)
		return rec.Body.Len()
	}
	giveUp()
	if ask() == 0 {
		t.Error("no answer although nothing hangs")
	}
	g.w.Behave(Behaviour{Faults: []Fault{{Kind: FaultHang}}})
	if n := ask(); n != 0 {
		t.Errorf("a request that hangs was answered with %d bytes", n)
	}
}

func TestStallingAnswer(t *testing.T) {
	s := listen(t, Options{})
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	s.Workspace.Behave(Behaviour{Faults: []Fault{{Kind: FaultStall}}})
	r, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/tags", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer sandbox")
	r.Header.Set("Accept-Encoding", "identity")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	half := make([]byte, resp.ContentLength/2)
	if _, err := io.ReadFull(resp.Body, half); err != nil || half[0] != '{' {
		t.Fatalf("%q, %v", half, err)
	}
	giveUp() // nothing more comes: only the client ends this
	if rest, err := io.ReadAll(resp.Body); !errors.Is(err, context.Canceled) || len(rest) > 0 {
		t.Errorf("%d bytes more, %v", len(rest), err)
	}
}

func TestFaultsChooseRequests(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		want  string
	}{
		"all":      {Fault{}, "xxxxxx"},
		"nth":      {Fault{Nth: 2}, ".x...."},
		"every":    {Fault{Every: 3}, "..x..x"},
		"times":    {Fault{Every: 2, Times: 2}, ".x.x.."},
		"first":    {Fault{Times: 1}, "x....."},
		"method":   {Fault{Method: "POST"}, "......"},
		"elsewhat": {Fault{Path: "/segments"}, "......"},
	} {
		g := visit(t, Options{})
		g.w.Behave(Behaviour{Faults: []Fault{c.fault}})
		got := ""
		for range 6 {
			if g.ask("GET", "/tags", nil).Code == 200 {
				got += "."
			} else {
				got += "x"
			}
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestStartRefusesOtherHosts(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", "example.com:0", "192.0.2.1:80", "nonsense"} {
		if s, err := Start(t.Context(), Options{}, addr); err == nil {
			t.Errorf("it listens on %s: %v", addr, s.Close())
		}
	}
	if s, err := Start(t.Context(), Options{Timezone: "Mars/Base"}, "127.0.0.1:0"); err == nil {
		t.Errorf("it serves a workspace in no time zone: %v", s.Close())
	}
}

// TestManyGuestsAtOnce reads and edits from several goroutines; run with -race.
func TestManyGuestsAtOnce(t *testing.T) {
	s := listen(t, Options{})
	var wg sync.WaitGroup
	for k := range 4 {
		wg.Go(func() {
			for n := range 10 {
				if _, err := s.Workspace.AddContact(Object{"name": fmt.Sprint(k, n)}); err != nil {
					t.Error(err)
				}
				if resp, _, err := fetch(t, s.URL+"/contacts?per_page=20", "gzip"); err != nil || resp.StatusCode != 200 {
					t.Errorf("%v", err)
				}
			}
		})
	}
	wg.Wait()
	if st := s.Workspace.Stats(); st.Requests != 40 || st.Statuses[200] != 40 || st.Rows != 800 {
		t.Errorf("%+v", st)
	}
}

// order sends one command to /_sandbox and returns the answer.
func order(t *testing.T, method, url, body string) (int, map[string]any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	v, err := decoded(text)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	m, _ := v.(map[string]any)
	return resp.StatusCode, m
}

func TestControlOverHTTP(t *testing.T) {
	s := listen(t, Options{Growth: -1})
	edit := func(body string) (int, map[string]any) { return order(t, "POST", s.URL+"/_sandbox/edit", body) }
	_, a := edit(`{"add":"users","objects":[{"name":"A","created_at":1790000000,"custom_attributes":{"n":9007199254740993}},{"name":"B"}]}`)
	ids, _ := a["ids"].([]any)
	if len(ids) != 2 {
		t.Fatal(a)
	}
	rows := s.Workspace.Rows("users")
	if r := rows[len(rows)-2]; r["id"] != ids[0] || r["created_at"] != json.Number("1790000000") || r["role"] != "user" ||
		r["custom_attributes"].(map[string]any)["n"] != json.Number("9007199254740993") {
		t.Errorf("%v", r)
	}
	first, second := ids[0].(string), ids[1].(string)
	for _, c := range []struct {
		body   string
		status int
	}{
		{`{"update":"contacts","id":"` + first + `","objects":[{"name":"C"}]}`, 200},
		{`{"merge":"` + second + `","id":"` + first + `"}`, 200},
		{`{"delete":"users","id":"` + first + `"}`, 200},
		{`{"delete":"users","id":"` + first + `"}`, 400},
		{`{"add":"unicorns","objects":[{}]}`, 400},
		{`{"add":"contacts","objects":[{"created_at":"tomorrow"}]}`, 400},
		{`{"objects":[]}`, 400},
		{`{"ad":"contacts"}`, 400},
	} {
		if status, a := edit(c.body); status != c.status {
			t.Errorf("%s: %d %v, want %d", c.body, status, a, c.status)
		}
	}
	if _, a := order(t, "POST", s.URL+"/_sandbox/clock", `{"set":"2026-12-01T00:00:00Z","advance":"1h","freeze":true}`); a["now"] != "2026-12-01T01:00:00Z" {
		t.Errorf("%v", a)
	}
	if status, _ := order(t, "POST", s.URL+"/_sandbox/behaviour", `{"faults":[{"path":"/tags","status":503}]}`); status != 200 {
		t.Error(status)
	}
	if resp, _, err := fetch(t, s.URL+"/tags", "gzip"); err != nil || resp.StatusCode != 503 || resp.Header.Get("Date") != "Tue, 01 Dec 2026 01:00:00 GMT" {
		t.Errorf("%v %v", resp, err)
	}
	if _, a := order(t, "GET", s.URL+"/_sandbox/stats", ""); a["requests"] != json.Number("1") {
		t.Errorf("%v", a)
	}
	if status, _ := order(t, "POST", s.URL+"/_sandbox/dance", ""); status != 400 {
		t.Error(status)
	}
}
