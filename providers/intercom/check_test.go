package intercom

import (
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

func TestCheck(t *testing.T) {
	var _ providers.Checker = New()
	block := map[string]any{}
	tests := []struct {
		name     string
		settings setting.Values
		written  string
		want     string // "setting word word", a warning with ~ before it; several are separated by "; "
	}{
		{"nothing", nil, "", ""},
		{"a token", nil, "access_token", ""},
		{"a sign-in", nil, "oauth oauth.client_id", ""},
		{"both", nil, "oauth access_token", "~access_token oauth wins"},
		{"a sign-in and the key pair", nil, "oauth app_id api_key", "~api_key oauth wins"},
		{"a token and the key pair", nil, "access_token app_id api_key", "~api_key access_token wins"},
		{"all three", nil, "oauth access_token api_key", "~access_token oauth wins; ~api_key oauth wins"},
		{"the key pair alone", nil, "app_id api_key", "~api_key inlay login"},
		{"half of the pair", nil, "app_id", "~app_id inlay login"},
		{"a token and a sandbox", setting.Values{"sandbox": block}, "access_token sandbox", "~access_token sandbox wins"},
		{"no share", setting.Values{"rate_limit": 0.0}, "", "rate_limit above 0"},
		{"too large a share", setting.Values{"rate_limit": 1.5}, "", "rate_limit at most 1"},
		{"the whole budget", setting.Values{"rate_limit": 1.0}, "", ""},
		{"fewer calls than none", setting.Values{"max_calls": int64(-1)}, "", "max_calls less than none"},
		{"no time", setting.Values{"timeout": "0s"}, "", "timeout nothing can be read"},
		{"a version that is none", setting.Values{"api_version": "v2"}, "", "api_version 2.16"},
		{"a version with zeros before it", setting.Values{"api_version": "2.016"}, "", "api_version 2.16"},
		{"the newest version", setting.Values{"api_version": "Preview"}, "", ""},
		{"in the open", setting.Values{"base_url": "http://api.example.com"}, "base_url", "base_url unencrypted"},
		{"on this machine", setting.Values{"base_url": "http://127.0.0.1:8080"}, "base_url", ""},
		{"an address and a region", setting.Values{"base_url": "https://api.example.com"}, "base_url region", "~region changes nothing"},
		{"too many contacts", setting.Values{"sandbox": map[string]any{"contacts": int64(1) << 40}}, "sandbox", "sandbox.contacts between"},
		{"no growth", setting.Values{"sandbox": map[string]any{"growth": "0s"}}, "sandbox", "sandbox.growth more than 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			written := strings.Fields(test.written)
			got := New().Check(test.settings, func(name string) bool { return slices.Contains(written, name) })
			var want []string
			if test.want != "" {
				want = strings.Split(test.want, "; ")
			}
			if len(got) != len(want) {
				t.Fatalf("found %+v, not %q", got, want)
			}
			for i, w := range want {
				name, words, _ := strings.Cut(strings.TrimPrefix(w, "~"), " ")
				f := got[i]
				if f.Setting != name || f.Warning != strings.HasPrefix(w, "~") || !containsAll(f.Detail, words) {
					t.Errorf("found %+v, not %q", f, w)
				}
			}
		})
	}
}

func containsAll(text, words string) bool {
	for _, w := range strings.Fields(words) {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// What Check lets pass, Open takes, and the reverse.
func TestCheckAgreesWithOpen(t *testing.T) {
	for _, settings := range []setting.Values{
		{"rate_limit": 0.0}, {"rate_limit": 2.0}, {"rate_limit": 0.5}, {"max_calls": int64(-2)}, {"timeout": "0s"}, {"timeout": "1d"},
		{"api_version": "2"}, {"api_version": "2.17"}, {"base_url": "http://example.com"}, {"base_url": "https://example.com"},
		{"sandbox": map[string]any{"contacts": int64(-1)}}, {"sandbox": map[string]any{"growth": "0s"}}, {"sandbox": map[string]any{"contacts": int64(5)}},
	} {
		refused := slices.ContainsFunc(New().Check(settings, func(string) bool { return false }), func(f providers.Finding) bool { return !f.Warning })
		clock := newClock()
		s, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.acme", Settings: settings,
			Secrets: setting.Secrets{"access_token": setting.NewSecret(canary)},
			World:   providers.World{Now: clock.Now, Sleep: clock.Sleep, Log: (&logs{}).add}})
		if (err != nil) != refused {
			t.Errorf("%v: Check refuses: %v; Open says %v", settings, refused, err)
		}
		if err == nil {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
