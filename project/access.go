package project

import (
	"fmt"
	"maps"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
)

// access says how to open connections: storable settings from the state, as they were
// applied, and credentials from the configuration, which is the only place that has them.
func (p *Project) access(connections map[addr.Address]state.Connection) map[addr.Address]apply.Access {
	out := map[addr.Address]apply.Access{}
	for a, c := range connections {
		out[a] = p.accessOf(a, c.Provider, c.Settings)
	}
	return out
}

func (p *Project) accessOf(a addr.Address, name string, settings setting.Values) apply.Access {
	provider := p.world.provider(name)
	if provider == nil {
		return apply.Access{Err: &Error{Kind: NoProvider, Address: a, Detail: fmt.Sprintf("this inlay has no provider %q; use the version that made the connection", name)}}
	}
	access := apply.Access{Provider: provider, Connection: providers.Connection{
		Address: a.String(), Settings: settings, Secrets: setting.Secrets{}, World: p.providerWorld(),
	}}
	tokens, err := p.tokens(name, settings)
	if err != nil {
		access.Err = err
		return access
	}
	access.Connection.Tokens = tokens
	declared := p.config.Connection(a)
	if len(p.wrong) > 0 && (declared == nil || !declared.Whole) && !otherWay(settings) {
		access.Err = &Error{Kind: Refused, Address: a, Summary: "Connection not readable", Diagnostics: p.wrong,
			Detail: fmt.Sprintf("The credentials of %s come from the configuration, which has errors where they would stand: %s. `inlay validate` says what is wrong.", a, namesOf(p.wrong))}
		return access
	}
	if declared == nil {
		return access // an oauth sign-in or a sandbox needs nothing of the configuration
	}
	access.Connection.Secrets = declared.Secrets
	access.Connection.Settings = withEnvironment(provider, settings, declared.Secrets)
	if diags := needed(provider, declared); len(diags) > 0 {
		access.Err = &Error{Kind: Credentials, Address: a, Detail: unset(diags), Diagnostics: diags}
	}
	return access
}

// withEnvironment adds the settings that are no credentials and yet come from the
// environment, as base_url may: they are used and not stored.
func withEnvironment(provider providers.Provider, settings setting.Values, secrets setting.Secrets) setting.Values {
	out := maps.Clone(settings)
	for _, d := range provider.ConnectionSettings() {
		if v, ok := secrets[d.Name]; ok && !d.Ephemeral {
			out[d.Name] = v.Reveal()
		}
	}
	return out
}

// needed are the missing values without which a connection cannot be opened. A missing
// credential is not needed when there is another way in: a sandbox, a sign-in, or another
// credential.
func needed(provider providers.Provider, c *lang.Connection) lang.Diagnostics {
	credential := map[string]bool{}
	otherWay := otherWay(c.Settings)
	for _, d := range provider.ConnectionSettings() {
		credential[d.Name] = d.Ephemeral
		otherWay = otherWay || d.Ephemeral && !c.Secrets[d.Name].IsZero()
	}
	var out lang.Diagnostics
	for _, m := range c.Missing {
		if m.Diagnostic != nil && !(otherWay && (credential[m.Attribute] || strings.Contains(m.Attribute, "."))) {
			out = append(out, m.Diagnostic)
		}
	}
	return out
}

// otherWay reports whether a connection is opened without a token of the configuration.
func otherWay(settings setting.Values) bool { return settings.Has("sandbox") || settings.Has("oauth") }

func unset(diags lang.Diagnostics) string {
	var parts []string
	for _, d := range diags {
		parts = append(parts, d.Detail)
	}
	return strings.Join(parts, " ")
}

func (p *Project) providerWorld() providers.World {
	return providers.World{
		Now: p.world.Now, Sleep: p.world.Sleep,
		UserAgent: "inlay/" + p.world.Version,
		Log:       p.world.log,
	}
}
