package intercom

import (
	"errors"
	"net/url"
	"testing"

	"github.com/inlay-sync/inlay/providers"
)

// Whatever a person pastes, or somebody makes them paste, there is a code only in the answer
// to the sign-in that was begun, and an error that says so otherwise.
func FuzzCallback(f *testing.F) {
	for _, seed := range []string{
		"https://example.com/done?code=abc&state=S", "https://example.com/done?code=abc&state=T", "https://example.com/done?state=S",
		"https://example.com/done?error=access_denied&state=S", "?code=a%20b&state=S&state=T", "code=abc&state=S", "",
		"https://example.com/done?code=%00&state=S", "https://example.com/%zz?code=a&state=S", "https://[::1/?code=a&state=S", "x?state=S&code=a;b=c",
	} {
		f.Add(seed, "S")
	}
	f.Add("https://example.com/?code=abc&state=", "")
	f.Fuzz(func(t *testing.T, redirected, state string) {
		code, err := codeIn(redirected, state, "connection.intercom.acme")
		if err != nil {
			var known *providers.Error
			if code != "" || !errors.As(err, &known) || known.Summary == "" || known.Detail == "" {
				t.Fatalf("%q, %v", code, err)
			}
			return
		}
		u, err := url.Parse(redirected)
		if err != nil || code == "" || state == "" || u.Query().Get("state") != state || u.Query().Get("code") != code {
			t.Fatalf("%q was taken from %q for %q", code, redirected, state)
		}
	})
}
