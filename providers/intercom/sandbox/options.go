package sandbox

import (
	"fmt"
	"time"
)

// Options of a workspace. The zero value is a usable small workspace.
//
// Wherever a number has a default, zero asks for it and a negative number means
// none.
type Options struct {
	// Seed decides every generated value.
	Seed int64
	// Contacts that exist at Epoch, users and leads about four to one; default 2000.
	Contacts int
	// Conversations that exist at Epoch; default 500.
	Conversations int
	// Companies (default 60), Tickets (120) and Articles (30) that exist at Epoch.
	Companies, Tickets, Articles int
	// Token is the bearer token the workspace accepts; default "sandbox".
	Token string
	// ClientID and ClientSecret of the OAuth app; default "sandbox-client" and
	// "sandbox-secret".
	ClientID, ClientSecret string
	// Workspace is the app's id_code; derived from the seed when empty.
	Workspace string
	// Region as /me tells it; default "US".
	Region string
	// Timezone of the workspace, an IANA name, which contact search truncates
	// dates in; default "America/Los_Angeles".
	Timezone string
	// Growth is how often a contact is added after Epoch; the other kinds grow in
	// proportion. Default one hour.
	Growth time.Duration
	// Epoch is when the initial rows are all there; they were created over the two
	// years before. Default 2026-11-01T00:00:00Z.
	Epoch time.Time
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// RateLimit is the number of requests allowed in a 10-second window; default 1666.
	RateLimit int
	// Latency is added to every answer.
	Latency time.Duration
	// Behaviour says what misbehaves; the zero value is a perfect service.
	Behaviour Behaviour
}

const (
	defaultGrowth    = time.Hour
	defaultRateLimit = 1666
	history          = 2 * 365 * 24 * time.Hour
)

// completed returns the options with every default filled in.
func (o Options) completed() Options {
	o.Contacts = count(o.Contacts, 2000)
	o.Conversations = count(o.Conversations, 500)
	o.Companies = count(o.Companies, 60)
	o.Tickets = count(o.Tickets, 120)
	o.Articles = count(o.Articles, 30)
	o.Token = orElse(o.Token, "sandbox")
	o.ClientID = orElse(o.ClientID, "sandbox-client")
	o.ClientSecret = orElse(o.ClientSecret, "sandbox-secret")
	o.Workspace = orElse(o.Workspace, fmt.Sprintf("sbx%05x", mix(uint64(o.Seed))&0xfffff))
	o.Region = orElse(o.Region, "US")
	o.Timezone = orElse(o.Timezone, "America/Los_Angeles")
	if o.Growth == 0 {
		o.Growth = defaultGrowth
	}
	if o.Epoch.IsZero() {
		o.Epoch = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.RateLimit == 0 {
		o.RateLimit = defaultRateLimit
	}
	return o
}

func count(n, otherwise int) int {
	switch {
	case n == 0:
		return otherwise
	case n < 0:
		return 0
	}
	return n
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
