package intercom

import (
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/providers/providertest"
	"github.com/inlay-sync/inlay/setting"
)

func TestConformance(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 71, Contacts: 500, Conversations: 90, Companies: 120, Tickets: 60, Growth: -1}, nil)
	providertest.Run(t, New(), func(*testing.T) providers.Connection {
		return providers.Connection{Address: "connection.intercom.acme", World: r.outside(), Settings: setting.Values{"base_url": r.server.URL, "api_version": "2.16", "rate_limit": 0.9},
			Secrets: setting.Secrets{"access_token": setting.NewSecret(canary)}}
	})
}
