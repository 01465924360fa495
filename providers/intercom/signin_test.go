package intercom

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

var _ providers.Authorizer = (*Provider)(nil)

// signIn goes through the flow as a person with a browser would, up to the address that
// is pasted.
func signIn(t *testing.T, r *rig, c providers.Connection, state string) string {
	t.Helper()
	where, err := New().AuthURL(c, state)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(where)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return resp.Header.Get("Location")
}

func oauthConnection(r *rig, secret string) providers.Connection {
	return providers.Connection{Address: "connection.intercom.acme", World: r.outside(),
		Settings: setting.Values{"base_url": r.server.URL, "oauth": map[string]any{"client_id": "sandbox-client", "redirect_url": "https://example.com/done"}},
		Secrets:  setting.Secrets{"oauth.client_secret": setting.NewSecret(secret)}}
}

func TestSignIn(t *testing.T) {
	for name, c := range map[string]struct {
		mode, secret string
		late         time.Duration
		kind         providers.ErrorKind
	}{
		"granted":             {secret: "sandbox-secret"},
		"another client":      {secret: "wrong-" + canary, kind: providers.Unauthorized},
		"no client secret":    {kind: providers.Unauthorized},
		"denied":              {mode: "denied", secret: "sandbox-secret", kind: providers.Unauthorized},
		"another state":       {mode: "wrong_state", secret: "sandbox-secret", kind: providers.Untrusted},
		"expired code":        {mode: "expired_code", secret: "sandbox-secret", kind: providers.Unauthorized},
		"code of an hour ago": {secret: "sandbox-secret", late: time.Hour, kind: providers.Unauthorized},
		"another region":      {mode: "wrong_region", secret: "sandbox-secret", kind: providers.Unauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, sandbox.Options{Seed: 61, Contacts: 5, Behaviour: sandbox.Behaviour{OAuth: c.mode}}, nil)
			conn := oauthConnection(r, c.secret)
			pasted := signIn(t, r, conn, "state-1")
			r.clock.advance(c.late)
			token, w, err := New().Exchange(t.Context(), conn, pasted, "state-1")
			if c.kind == "" {
				if err != nil || token.Reveal() != canary || w.ID == "" {
					t.Errorf("%v, workspace %+v", err, w)
				}
				return
			}
			var e *providers.Error
			if !errors.As(err, &e) || e.Kind != c.kind || e.Detail == "" || strings.Contains(err.Error(), canary) || !token.IsZero() {
				t.Errorf("%v, want %s", err, c.kind)
			}
		})
	}
}

func TestSignInInterrupted(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 62, Contacts: 5}, nil)
	conn := oauthConnection(r, "sandbox-secret")
	pasted := signIn(t, r, conn, "s")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var e *providers.Error
	if _, _, err := New().Exchange(ctx, conn, pasted, "s"); !errors.As(err, &e) || e.Kind != providers.Interrupted {
		t.Errorf("%v, want interrupted", err)
	}
}

func TestTheRightCredentialsAreUsed(t *testing.T) {
	secret, block := setting.NewSecret, map[string]any{"client_id": "x"}
	two := map[string]setting.Secret{"Acme": secret("a"), "Other": secret("b")}
	for name, c := range map[string]struct {
		settings setting.Values
		secrets  setting.Secrets
		tokens   map[string]setting.Secret
		want     string
		warned   bool
	}{
		"token":                    {secrets: setting.Secrets{"access_token": secret("t")}, want: "t"},
		"token over api key":       {secrets: setting.Secrets{"access_token": secret("t"), "api_key": secret("k"), "app_id": secret("i")}, want: "t", warned: true},
		"api key alone":            {secrets: setting.Secrets{"api_key": secret("k"), "app_id": secret("i")}},
		"nothing":                  {},
		"sign-in over token":       {settings: setting.Values{"oauth": block}, secrets: setting.Secrets{"access_token": secret("t")}, tokens: map[string]setting.Secret{"Acme": secret("a")}, want: "a", warned: true},
		"no sign-in, no fall-back": {settings: setting.Values{"oauth": block}, secrets: setting.Secrets{"access_token": secret("t")}, warned: true},
		"which of two":             {settings: setting.Values{"oauth": block}, tokens: two},
		"one of two":               {settings: setting.Values{"oauth": map[string]any{"client_id": "x", "account": "Other"}}, tokens: two, want: "b"},
		"none of two":              {settings: setting.Values{"oauth": map[string]any{"client_id": "x", "account": "Third"}}, tokens: two},
	} {
		l := &logs{}
		got, err := token(providers.Connection{Address: "connection.intercom.acme", Settings: c.settings, Secrets: c.secrets, Tokens: c.tokens, World: providers.World{Log: l.add}})
		var e *providers.Error
		if (c.want == "") != (errors.As(err, &e) && e.Kind == providers.Unauthorized) || got.Reveal() != c.want || (len(l.lines) > 0) != c.warned {
			t.Errorf("%s: %q, %v, warnings %v", name, got.Reveal(), err, l.lines)
		}
	}
}

func TestSettingsThatCannotWork(t *testing.T) {
	for name, settings := range map[string]setting.Values{
		"share of nothing":   {"rate_limit": 0.0},
		"share beyond all":   {"rate_limit": 1.5},
		"negative calls":     {"max_calls": int64(-1)},
		"timeout":            {"timeout": "soon"},
		"version":            {"api_version": "2"},
		"plain http":         {"base_url": "http://api.intercom.io"},
		"no address":         {"base_url": "api.intercom.io"},
		"sandbox of minus 1": {"sandbox": map[string]any{"contacts": int64(-1)}},
		"sandbox growth":     {"sandbox": map[string]any{"growth": "often"}},
	} {
		_, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.acme", Settings: settings,
			Secrets: setting.Secrets{"access_token": setting.NewSecret(canary)}, World: (&rig{clock: newClock(), logs: &logs{}}).outside()})
		var e *providers.Error
		if !errors.As(err, &e) || e.Kind != providers.Setting || e.Detail == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
