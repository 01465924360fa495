package intercom

import "github.com/inlay-sync/inlay/setting"

const (
	defaultVersion  = "2.16"
	defaultLookback = "1h"
)

// ConnectionSettings declares the connection block.
func (*Provider) ConnectionSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "access_token", Kind: setting.String, Ephemeral: true,
			Doc: "Access token of an Intercom app: Developer Hub, your app, Authentication."},
		{Name: "oauth", Kind: setting.Block, Fields: oauthSettings(),
			Doc: "Sign-in through `inlay login`, the recommended way; wins over `access_token`."},
		{Name: "app_id", Kind: setting.String, Ephemeral: true,
			Doc:        "App id of the retired API key pair.",
			Deprecated: "Intercom has retired API keys; use an oauth block with `inlay login`, or access_token"},
		{Name: "api_key", Kind: setting.String, Ephemeral: true,
			Doc:        "Key of the retired API key pair.",
			Deprecated: "Intercom has retired API keys; use an oauth block with `inlay login`, or access_token"},
		{Name: "region", Kind: setting.String, Default: "us", Values: []string{"us", "eu", "au"},
			Doc: "Where the workspace is hosted."},
		{Name: "base_url", Kind: setting.String, Check: setting.CheckURL,
			Doc: "Address of the API in place of the region's; https, except on this machine."},
		{Name: "api_version", Kind: setting.String, Default: defaultVersion,
			Doc: "Version of Intercom's API, in quotes (\"2.16\"): as a number 2.10 would become 2.1."},
		{Name: "rate_limit", Kind: setting.Float, Default: 0.9,
			Doc: "Share of the app's request budget to use, above 0 and up to 1; two connections with one token use the smaller."},
		{Name: "timeout", Kind: setting.Duration,
			Doc: "How long one import may take."},
		{Name: "max_calls", Kind: setting.Int,
			Doc: "How many requests one import may make."},
		{Name: "sandbox", Kind: setting.Block, Fields: sandboxSettings(),
			Doc: "Reads an embedded simulated workspace instead of an account; no credentials needed."},
	}
}

func oauthSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "client_id", Kind: setting.String, Required: true,
			Doc: "Client id of your Intercom app: Developer Hub, your app, Basic information."},
		{Name: "client_secret", Kind: setting.String, Ephemeral: true,
			Doc: "Client secret of the same app; only `inlay login` needs it."},
		{Name: "redirect_url", Kind: setting.String, Check: setting.CheckURL,
			Doc: "One of the app's redirect URLs, https; the app's first one when absent."},
		{Name: "account", Kind: setting.String,
			Doc: "Which stored sign-in to use, by workspace name; needed only when there are several."},
	}
}

// The sandbox's own defaults apply where a setting is absent.
func sandboxSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "contacts", Kind: setting.Int, Doc: "Contacts that exist at first, users and leads about four to one; default 2000."},
		{Name: "conversations", Kind: setting.Int, Doc: "Conversations that exist at first; default 500."},
		{Name: "companies", Kind: setting.Int, Doc: "Companies that exist at first; default 60."},
		{Name: "tickets", Kind: setting.Int, Doc: "Tickets that exist at first; default 120."},
		{Name: "articles", Kind: setting.Int, Doc: "Articles that exist at first; default 30."},
		{Name: "seed", Kind: setting.Int, Doc: "Decides every value: the same seed is the same workspace."},
		{Name: "growth", Kind: setting.Duration, Doc: "How often a contact is added; default 1h."},
		{Name: "timezone", Kind: setting.String, Check: setting.CheckZone, Doc: "Zone of the workspace; default America/Los_Angeles."},
		{Name: "requests_per_window", Kind: setting.Int, Doc: "Requests allowed in ten seconds; default 1666."},
		{Name: "latency", Kind: setting.Duration, Doc: "Added to every answer; default none."},
	}
}

// SourceSettings declares the source block beyond connection and stream.
func (*Provider) SourceSettings() []setting.Setting {
	return []setting.Setting{
		{Name: "incremental", Kind: setting.Bool, Default: false,
			Doc: "Read what is new since the last run instead of everything; only for streams with a cursor."},
		{Name: "cursor", Kind: setting.String, Values: []string{"created_at", "updated_at"},
			Doc: "What counts as new: `created_at` (rows created since the last run, the default) or `updated_at` (rows created or changed)."},
		{Name: "since", Kind: setting.String, Check: setting.CheckSince,
			Doc: "The beginning: an RFC 3339 date or time, or an age such as \"90d\"; resolved once and kept."},
		{Name: "lookback", Kind: setting.Duration, Default: defaultLookback,
			Doc: "How far before the last row seen a read starts again, for rows that the service's search shows late."},
		{Name: "filter", Kind: setting.Map,
			Doc: "What the service's search is asked for: role, tag, segment, state and any other searchable field."},
		{Name: "expand", Kind: setting.Strings, Values: expandable(),
			Doc: "Sub-lists of contacts to complete where the service shows only the first ten."},
	}
}
