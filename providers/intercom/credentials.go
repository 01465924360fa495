package intercom

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// token picks the credentials of a connection: a stored sign-in where there is an oauth
// block, else the access token. What is given and not used is warned about. There is no
// silent fall-back from one to the other.
func token(c providers.Connection) (setting.Secret, error) {
	access, key := c.Secrets["access_token"], !c.Secrets["api_key"].IsZero() || !c.Secrets["app_id"].IsZero()
	switch {
	case c.Settings.Block("oauth") != nil:
		if !access.IsZero() {
			c.World.Log("warn", "the oauth block wins over access_token", "connection", c.Address)
		}
		if key {
			c.World.Log("warn", "the oauth block wins over the retired api_key", "connection", c.Address)
		}
		return signedIn(c)
	case !access.IsZero():
		if key {
			c.World.Log("warn", "access_token wins over the retired api_key", "connection", c.Address)
		}
		return access, nil
	case key:
		return setting.Secret{}, unauthorized("API keys are retired",
			"Intercom no longer accepts the app_id and api_key of %s. Give it an oauth block and run `inlay login %s`, or set access_token.", c.Address, c.Address)
	}
	return setting.Secret{}, unauthorized("No credentials",
		"%s has no access_token and no oauth block. Set access_token, for example to env(\"INTERCOM_ACCESS_TOKEN\"), or add an oauth block and run `inlay login %s`.", c.Address, c.Address)
}

// signedIn picks the stored sign-in of an oauth block.
func signedIn(c providers.Connection) (setting.Secret, error) {
	accounts := slices.Sorted(maps.Keys(c.Tokens))
	wanted := c.Settings.Block("oauth").String("account")
	switch {
	case len(accounts) == 0:
		return setting.Secret{}, unauthorized("Not signed in",
			"No sign-in is stored for %s. Run `inlay login %s`.", c.Address, c.Address)
	case wanted == "" && len(accounts) == 1:
		return c.Tokens[accounts[0]], nil
	case wanted == "":
		return setting.Secret{}, unauthorized("Several sign-ins",
			"Sign-ins are stored for %s. Say in the oauth block of %s which one to use: account = %q.", strings.Join(accounts, ", "), c.Address, accounts[0])
	}
	t, ok := c.Tokens[wanted]
	if !ok {
		return setting.Secret{}, unauthorized("Not signed in",
			"No sign-in is stored for the account that %s names; there is %s. Run `inlay login %s`, or name one of these.", c.Address, strings.Join(accounts, ", "), c.Address)
	}
	return t, nil
}

func unauthorized(summary, detail string, args ...any) *providers.Error {
	return &providers.Error{Kind: providers.Unauthorized, Read: -1, Summary: summary, Detail: fmt.Sprintf(detail, args...)}
}

func unusable(detail string, args ...any) *providers.Error {
	return &providers.Error{Kind: providers.Setting, Read: -1, Summary: "A setting cannot work", Detail: fmt.Sprintf(detail, args...)}
}
