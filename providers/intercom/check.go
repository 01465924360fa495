package intercom

import (
	"fmt"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/internal/rest"
	"github.com/inlay-sync/inlay/setting"
)

// Check looks at a connection as a whole. It asks nobody.
func (p *Provider) Check(settings setting.Values, written func(string) bool) []providers.Finding {
	c := &checking{settings: settings, written: written}
	c.credentials()
	c.numbers()
	c.service()
	c.sandbox()
	return c.found
}

// checking is one look at a connection.
type checking struct {
	settings setting.Values
	written  func(string) bool
	found    []providers.Finding
}

func (c *checking) wrong(name, detail string, args ...any) {
	c.found = append(c.found, providers.Finding{Setting: name, Detail: fmt.Sprintf(detail, args...)})
}

func (c *checking) surprising(name, detail string, args ...any) {
	c.found = append(c.found, providers.Finding{Setting: name, Detail: fmt.Sprintf(detail, args...), Warning: true})
}

// credentials says which of several credentials is used, and what the retired key pair
// still does.
func (c *checking) credentials() {
	key, pair := "api_key", c.written("api_key") || c.written("app_id")
	if !c.written("api_key") {
		key = "app_id"
	}
	switch {
	case c.written("sandbox"):
		for _, name := range []string{"access_token", "oauth", key} {
			if c.written(name) {
				c.surprising(name, "The sandbox block wins: the simulated workspace is read, and %s is not used. Take one of the two out.", name)
			}
		}
	case c.written("oauth"):
		if c.written("access_token") {
			c.surprising("access_token", "The oauth block wins over access_token, which is not used, also while nobody is signed in. Take one of the two out.")
		}
		if pair {
			c.surprising(key, "The oauth block wins over the retired app_id and api_key, which are not used. Take them out.")
		}
	case c.written("access_token"):
		if pair {
			c.surprising(key, "access_token wins over the retired app_id and api_key, which are not used. Take them out.")
		}
	case pair:
		c.surprising(key, "Intercom accepts app_id and api_key no longer, so nothing can be read with them alone. Add an oauth block and run `inlay login`, or set access_token.")
	}
}

// numbers refuses bounds that a session could do nothing with.
func (c *checking) numbers() {
	if v := c.settings.Float("rate_limit"); c.settings.Has("rate_limit") && (v <= 0 || v > 1) {
		c.wrong("rate_limit", "rate_limit is a share of the app's request budget, above 0 and at most 1, such as 0.9 for nine tenths, and this is %v.", v)
	}
	if n := c.settings.Int("max_calls"); n < 0 {
		c.wrong("max_calls", "max_calls is how many requests one import may make, and %d is less than none.", n)
	}
	if t := c.settings.String("timeout"); t != "" {
		if d, err := setting.ParseDuration(t); err == nil && d <= 0 {
			c.wrong("timeout", "timeout is how long one import may take, and in %q nothing can be read. Write one such as \"2h\", or leave it out.", t)
		}
	}
}

// service checks what the API is asked at and by which version.
func (c *checking) service() {
	if v := c.settings.String("api_version"); v != "" {
		if _, ok := parseVersion(v); !ok {
			c.wrong("api_version", "%q is not a version of Intercom's API. One is written like \"2.16\", in quotes.", v)
		}
	}
	if base := c.settings.String("base_url"); base != "" {
		if _, err := rest.ParseOrigin(base); err != nil {
			c.wrong("base_url", "base_url cannot be used: %s.", err)
		}
		if c.written("region") {
			c.surprising("region", "base_url says where to ask, so region changes nothing. Take one of the two out.")
		}
	}
}

// sandbox checks the numbers of a simulated workspace.
func (c *checking) sandbox() {
	block := c.settings.Block("sandbox")
	if block == nil {
		return
	}
	for _, name := range []string{"contacts", "conversations", "companies", "tickets", "articles"} {
		if n := block.Int(name); n < 0 || n > mostObjects {
			c.wrong("sandbox."+name, "%s of the sandbox must be between 0 and 50,000,000, and this is %d.", name, n)
		}
	}
	if d, err := setting.ParseDuration(block.String("growth")); err == nil && d <= 0 {
		c.wrong("sandbox.growth", "growth of the sandbox is how often a contact is added, so it must be more than 0, such as \"1h\".")
	}
	if n := block.Int("requests_per_window"); n < 0 {
		c.wrong("sandbox.requests_per_window", "requests_per_window of the sandbox is how many requests ten seconds allow, and %d is less than none.", n)
	}
}
