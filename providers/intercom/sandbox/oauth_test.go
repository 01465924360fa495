package sandbox

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// authorize asks for consent and returns the query it is sent back with.
func (g *guest) authorize(state string) url.Values {
	g.t.Helper()
	rec := g.ask("GET", "/oauth?client_id=sandbox-client&state="+state+"&redirect_uri=https%3A%2F%2Flocalhost%2Fback", nil)
	to, err := url.Parse(rec.Header().Get("Location"))
	if rec.Code != http.StatusFound || err != nil || to.Scheme+"://"+to.Host+to.Path != "https://localhost/back" {
		g.t.Fatalf("%d to %q", rec.Code, rec.Header().Get("Location"))
	}
	return to.Query()
}

// exchange asks for the token a code stands for.
func (g *guest) exchange(code, secret string) *httptest.ResponseRecorder {
	form := url.Values{"code": {code}, "client_id": {"sandbox-client"}, "client_secret": {secret}}
	r := httptest.NewRequest("POST", "/auth/eagle/token", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	rec := httptest.NewRecorder()
	g.w.ServeHTTP(rec, r)
	return rec
}

func TestSigningIn(t *testing.T) {
	g := visit(t, Options{})
	back := g.authorize("s1")
	if back.Get("state") != "s1" || back.Get("code") == "" {
		t.Fatal(back)
	}
	rec := g.exchange(back.Get("code"), "sandbox-secret")
	if body := rec.Body.String(); rec.Code != 200 || !strings.Contains(body, `"access_token":"sandbox"`) || !strings.Contains(body, `"token":"sandbox"`) {
		t.Fatalf("%d %s", rec.Code, body)
	}
	want(t, "a code used twice", g.exchange(back.Get("code"), "sandbox-secret").Code, 400)
	want(t, "a wrong secret", g.exchange(g.authorize("s2").Get("code"), "guess").Code, 401)
	late := g.authorize("s3").Get("code")
	g.clock.set(testNow.Add(codeLife))
	want(t, "a code too old", g.exchange(late, "sandbox-secret").Code, 400)
	want(t, "no HTTPS", g.ask("GET", "/oauth?client_id=sandbox-client&redirect_uri=http%3A%2F%2Flocalhost", nil).Code, 400)
	want(t, "another client", g.ask("GET", "/oauth?client_id=x&redirect_uri=https%3A%2F%2Flocalhost", nil).Code, 400)
}

func oauthGoesWrong(t *testing.T, g *guest) {
	g.with("oauth", "denied")
	if back := g.authorize("s"); back.Get("error") != "access_denied" || back.Has("code") {
		t.Errorf("denied: %v", back)
	}
	g.with("oauth", "wrong_state")
	want(t, "wrong state", g.authorize("s").Get("state") != "s", true)
	for _, mode := range []string{"expired_code", "wrong_region"} {
		g.with("oauth", mode)
		if code := g.exchange(g.authorize("s").Get("code"), "sandbox-secret").Code; code < 400 {
			t.Errorf("%s: %d", mode, code)
		}
	}
}
