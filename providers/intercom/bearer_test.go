package intercom

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/setting"
)

func signedInto(t *testing.T, r *rig, token string) providers.Session {
	t.Helper()
	c := oauthConnection(r, "")
	c.Tokens = map[string]setting.Secret{"Acme": setting.NewSecret(token)}
	s, err := New().Open(t.Context(), c)
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

func TestASignInReadsLikeAToken(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 63, Contacts: 300, Companies: 120, Growth: -1}, nil)
	r.session = signedInto(t, r, canary)
	for _, name := range []string{"users", "companies", "conversation_parts"} {
		g := r.read(full(name))[0]
		if g.err != nil {
			t.Fatal(g.err)
		}
		sameIDs(t, name, g.ids, r.oracle(name))
	}
	var e *providers.Error
	if _, err := signedInto(t, r, "revoked").Identity(t.Context()); !errors.As(err, &e) || e.Kind != providers.Unauthorized {
		t.Errorf("a sign-in that was revoked: %v", err)
	}
}

// Whoever makes a request through the transport of a sign-in, the token goes to one origin.
func TestTheTokenOfASignInStaysAtItsOrigin(t *testing.T) {
	var there atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { there.Add(1) }))
	defer elsewhere.Close()
	var token atomic.Value
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		token.Store(q.Header.Get("Authorization"))
		if q.URL.Path == "/away" {
			http.Redirect(w, q, elsewhere.URL, http.StatusFound)
		}
	}))
	defer home.Close()
	origin, err := rest.ParseOrigin(home.URL)
	if err != nil {
		t.Fatal(err)
	}
	b := newBearer(origin, setting.NewSecret(canary))
	defer b.CloseIdleConnections()
	client := &http.Client{Transport: b} // follows redirects, as ours does not
	for _, where := range []string{home.URL + "/away", elsewhere.URL} {
		if resp, err := client.Get(where); err == nil {
			t.Errorf("%s is answered with %d", where, resp.StatusCode)
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if token.Load() != "Bearer "+canary || there.Load() != 0 {
		t.Errorf("the origin got %q; %d requests elsewhere", token.Load(), there.Load())
	}
}
