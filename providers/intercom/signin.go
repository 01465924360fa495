package intercom

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/setting"
)

// tokenPath is where a code is traded for a token. Intercom's tokens have no expiry and
// no refresh: they hold until the person revokes them.
const tokenPath = "/auth/eagle/token"

// LoginNote is what a person must know before they start.
func (*Provider) LoginNote() string {
	return "If you sign in to Intercom with Google, sign in there first, in the same browser: the sign-in page asks for a password. " +
		"Intercom redirects to an https address that may show an error page; copy the whole address from the browser and paste it here within five minutes."
}

// AuthURL is where a person signs in. What the app may read is set in Intercom's
// Developer Hub, not in the address.
func (*Provider) AuthURL(c providers.Connection, state string) (string, error) {
	config, _, err := app(c)
	if err != nil {
		return "", err
	}
	return config.AuthCodeURL(state), nil
}

// app is the connection's OAuth app, and the origin its secret may be sent to.
func app(c providers.Connection) (*oauth2.Config, rest.Origin, error) {
	block := c.Settings.Block("oauth")
	if block == nil || block.String("client_id") == "" {
		return nil, rest.Origin{}, unusable("%s has no oauth block with a client_id. Make an app in Intercom's Developer Hub and add: oauth { client_id = \"…\" }.", c.Address)
	}
	api := apiAddress(c.Settings)
	origin, err := rest.ParseOrigin(api)
	if err != nil {
		return nil, origin, unusable("base_url of %s cannot be used: %s.", c.Address, err)
	}
	page := api
	if c.Settings.String("base_url") == "" {
		page = "https://" + map[string]string{"us": "app.intercom.com", "eu": "app.eu.intercom.com", "au": "app.au.intercom.com"}[region(c.Settings)]
	}
	return &oauth2.Config{
		ClientID: block.String("client_id"), ClientSecret: c.Secrets["oauth.client_secret"].Reveal(), RedirectURL: block.String("redirect_url"),
		Endpoint: oauth2.Endpoint{AuthURL: page + "/oauth", TokenURL: api + tokenPath, AuthStyle: oauth2.AuthStyleInParams},
	}, origin, nil
}

// Exchange trades the code in the address that Intercom redirected to for a token, and
// says whose it is.
func (p *Provider) Exchange(ctx context.Context, c providers.Connection, redirected, state string) (setting.Secret, providers.Workspace, error) {
	config, origin, err := app(c)
	if err != nil {
		return setting.Secret{}, providers.Workspace{}, err
	}
	if config.ClientSecret == "" {
		return setting.Secret{}, providers.Workspace{}, unauthorized("No client secret", "The oauth block of %s has no client_secret, which the sign-in needs. Set it, for example to env(\"INTERCOM_CLIENT_SECRET\").", c.Address)
	}
	code, err := codeIn(redirected, state, c.Address)
	if err != nil {
		return setting.Secret{}, providers.Workspace{}, err
	}
	client := &http.Client{Transport: origin.Pinned(nil), Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the sign-in is not redirected any further")
		}}
	token, err := config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, client), code)
	if err != nil {
		return setting.Secret{}, providers.Workspace{}, refusedSignIn(ctx, c, err)
	}
	secret := setting.NewSecret(token.AccessToken)
	w, err := p.owner(ctx, c, secret)
	return secret, w, err
}

// owner asks which workspace a fresh token belongs to.
func (p *Provider) owner(ctx context.Context, c providers.Connection, token setting.Secret) (providers.Workspace, error) {
	settings := setting.Values{}
	for name, v := range c.Settings {
		if name != "oauth" {
			settings[name] = v
		}
	}
	s, err := p.Open(ctx, providers.Connection{Address: c.Address, Settings: settings, World: c.World, Secrets: setting.Secrets{"access_token": token}})
	if err != nil {
		return providers.Workspace{}, err
	}
	w, err := s.Identity(ctx)
	return w, errors.Join(err, s.Close())
}

// codeIn takes the code out of the address, which must answer the sign-in that was begun.
func codeIn(redirected, state, address string) (string, error) {
	u, err := url.Parse(redirected)
	if err != nil {
		return "", unusable("What was pasted is not an address. Copy the whole address that the browser shows after signing in.")
	}
	q := u.Query()
	switch {
	case state == "" || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(state)) != 1:
		return "", &providers.Error{Kind: providers.Untrusted, Read: -1, Summary: "The sign-in does not match",
			Detail: "The address answers another sign-in than the one begun here, or was tampered with. Run `inlay login " + address + "` again and use the address it prints."}
	case q.Get("error") != "":
		return "", unauthorized("The sign-in was denied", "Intercom says %q: the person did not agree, or may not connect apps. Run `inlay login %s` again with an account that may.", clip(q.Get("error")), address)
	case q.Get("code") == "":
		return "", unusable("The address holds no code. Copy the whole address that the browser shows after signing in.")
	}
	return q.Get("code"), nil
}

// refusedSignIn puts a failed exchange into words. The cause is left out, because it
// quotes what was sent and received.
func refusedSignIn(ctx context.Context, c providers.Connection, err error) error {
	var refused *oauth2.RetrieveError
	switch {
	case ctx.Err() != nil:
		return &providers.Error{Kind: providers.Interrupted, Read: -1, Summary: "The sign-in was interrupted", Detail: "Nothing was stored. Run `inlay login` again when you are ready.", Err: context.Cause(ctx)}
	case !errors.As(err, &refused) || refused.Response == nil:
		return &providers.Error{Kind: providers.Unavailable, Read: -1, Summary: "The sign-in cannot be completed",
			Detail: "Intercom could not be reached at " + apiAddress(c.Settings) + ", or its answer holds no token. Check the network, region and base_url, and run `inlay login " + c.Address + "` again."}
	}
	out := &providers.Error{Kind: providers.Unauthorized, Read: -1, Status: refused.Response.StatusCode, RequestID: refused.Response.Header.Get("X-Request-Id"), Summary: "The sign-in is not accepted"}
	switch out.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		out.Detail = "Intercom does not accept client_id and client_secret of " + c.Address + ". Copy both from the app's Basic information in the Developer Hub."
	case http.StatusNotFound:
		out.Detail = "The code belongs to a workspace of another region. Set region of " + c.Address + " to where the workspace is hosted, and sign in again."
	default:
		out.Detail = "The code was used before, or is older than five minutes. Run `inlay login " + c.Address + "` again."
	}
	return out
}
