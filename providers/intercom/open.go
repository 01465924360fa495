package intercom

import (
	"context"
	"net/http"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/setting"
)

// hosts are where Intercom's API is, by region.
func hosts() map[string]string {
	return map[string]string{"us": "api.intercom.io", "eu": "api.eu.intercom.io", "au": "api.au.intercom.io"}
}

// Open makes a session. It makes no request; with a sandbox block it starts the simulated
// workspace, which Close ends. An error is a *providers.Error.
func (p *Provider) Open(ctx context.Context, c providers.Connection) (providers.Session, error) {
	s, err := p.prepare(c)
	if err != nil {
		return nil, err
	}
	address, secret := apiAddress(c.Settings), setting.Secret{}
	if block := c.Settings.Block("sandbox"); block != nil {
		o, err := sandboxOptions(block, c.World.Now)
		if err != nil {
			return nil, err
		}
		if s.sandbox, err = sandbox.Start(context.WithoutCancel(ctx), o, "127.0.0.1:0"); err != nil {
			return nil, &providers.Error{Kind: providers.Unavailable, Read: -1, Summary: "The sandbox cannot start",
				Detail: "The simulated workspace needs a port on this machine's loopback address: " + err.Error() + ".", Err: err}
		}
		address, secret = s.sandbox.URL, setting.NewSecret(o.Token)
	} else if secret, err = token(c); err != nil {
		return nil, err
	}
	origin, err := rest.ParseOrigin(address)
	if err != nil {
		return nil, unusable("base_url of %s cannot be used: %s.", c.Address, err)
	}
	header := http.Header{"Intercom-Version": {c.Settings.String("api_version")}}
	if c.Settings.String("api_version") == "" {
		header.Set("Intercom-Version", defaultVersion)
	}
	config := rest.Config{Origin: origin, Token: secret, Header: header, World: c.World, Lease: p.limits.Lease(origin, secret, s.share, c.World)}
	if s.sandbox == nil && c.Settings.Block("oauth") != nil {
		config.Token, config.Transport = setting.Secret{}, newBearer(origin, secret)
	}
	s.client = rest.New(config)
	return s, nil
}

// prepare checks the settings that a session needs besides address and credentials.
func (p *Provider) prepare(c providers.Connection) (*session, error) {
	s := &session{provider: p, address: c.Address, world: c.World, share: c.Settings.Float("rate_limit"), maxCalls: c.Settings.Int("max_calls")}
	if s.share == 0 && !c.Settings.Has("rate_limit") {
		s.share = 0.9
	}
	if s.share <= 0 || s.share > 1 {
		return nil, unusable("rate_limit of %s must be above 0 and at most 1, such as 0.9 for nine tenths of the app's budget.", c.Address)
	}
	if s.maxCalls < 0 {
		return nil, unusable("max_calls of %s must not be negative.", c.Address)
	}
	if t := c.Settings.String("timeout"); t != "" {
		var err error
		if s.timeout, err = setting.ParseDuration(t); err != nil || s.timeout <= 0 {
			return nil, unusable("timeout of %s must be a length of time, such as \"2h\".", c.Address)
		}
	}
	v := c.Settings.String("api_version")
	if v == "" {
		v = defaultVersion
	}
	var ok bool
	if s.version, ok = parseVersion(v); !ok {
		return nil, unusable("api_version of %s must be a version of Intercom's API, such as \"2.16\".", c.Address)
	}
	return s, nil
}

func apiAddress(settings setting.Values) string {
	if base := settings.String("base_url"); base != "" {
		return base
	}
	return "https://" + hosts()[region(settings)]
}

func region(settings setting.Values) string {
	if r := settings.String("region"); r != "" {
		return r
	}
	return "us"
}

// mostObjects is how many objects of a kind a simulated workspace may begin with.
const mostObjects = 50_000_000

// sandboxToken is what the embedded workspace accepts.
const sandboxToken = "sandbox"

func sandboxOptions(b setting.Values, now func() time.Time) (sandbox.Options, error) {
	o := sandbox.Options{Seed: b.Int("seed"), Token: sandboxToken, Timezone: b.String("timezone"), Now: now, RateLimit: int(b.Int("requests_per_window"))}
	for name, target := range map[string]*int{"contacts": &o.Contacts, "conversations": &o.Conversations,
		"companies": &o.Companies, "tickets": &o.Tickets, "articles": &o.Articles} {
		n := b.Int(name)
		if n < 0 || n > mostObjects {
			return o, unusable("%s of the sandbox must be between 0 and 50,000,000.", name)
		}
		if *target = int(n); n == 0 && b.Has(name) {
			*target = -1 // none, where an absent number asks for the sandbox's default
		}
	}
	for name, target := range map[string]*time.Duration{"growth": &o.Growth, "latency": &o.Latency} {
		d, err := setting.ParseDuration(b.String(name))
		if b.Has(name) && (err != nil || name == "growth" && d == 0) {
			return o, unusable("%s of the sandbox must be a length of time, such as \"1h\".", name)
		}
		*target = d
	}
	return o, nil
}
