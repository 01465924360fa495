package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Behaviour says what misbehaves. The zero value is a perfect service. Its JSON
// is what POST /_sandbox/behaviour takes; Behaviours describes every member.
type Behaviour struct {
	SearchLag         Duration `json:"search_lag,omitzero"`
	Faults            []Fault  `json:"faults,omitempty"`
	SpikeEvery        int      `json:"spike_every,omitzero"`
	Spike             Duration `json:"spike,omitzero"`
	ThrottleEvery     int      `json:"throttle_every,omitzero"`
	ThrottleReset     string   `json:"throttle_reset,omitzero"`
	MissingScope      []string `json:"missing_scope,omitempty"`
	ScopeStatus       int      `json:"scope_status,omitzero"`
	PlanRestricted    []string `json:"plan_restricted,omitempty"`
	ScrollBusy        int      `json:"scroll_busy,omitzero"`
	ScrollExpires     int      `json:"scroll_expires,omitzero"`
	ScrollFails       int      `json:"scroll_fails,omitzero"`
	EndlessScroll     bool     `json:"endless_scroll,omitzero"`
	RepeatCursor      bool     `json:"repeat_cursor,omitzero"`
	EndlessPages      string   `json:"endless_pages,omitzero"`
	DuplicatePages    bool     `json:"duplicate_pages,omitzero"`
	NullNext          bool     `json:"null_next,omitzero"`
	ShrinkTotal       int      `json:"shrink_total,omitzero"`
	HiddenRows        int      `json:"hidden_rows,omitzero"`
	MoveRows          bool     `json:"move_rows,omitzero"`
	Ties              Duration `json:"ties,omitzero"`
	TypeFlips         int      `json:"type_flips,omitzero"`
	UnknownFields     bool     `json:"unknown_fields,omitzero"`
	DuplicateKeys     int      `json:"duplicate_keys,omitzero"`
	DeepNesting       int      `json:"deep_nesting,omitzero"`
	HugeField         int      `json:"huge_field,omitzero"`
	ClockSkew         Duration `json:"clock_skew,omitzero"`
	NextHost          string   `json:"next_host,omitzero"`
	ManyTags          int      `json:"many_tags,omitzero"`
	ManyParts         int      `json:"many_parts,omitzero"`
	HydrateGone       int      `json:"hydrate_gone,omitzero"`
	MergedContacts    int      `json:"merged_contacts,omitzero"`
	RefuseVersions    []string `json:"refuse_versions,omitempty"`
	NoDefaultVersion  bool     `json:"no_default_version,omitzero"`
	MaxPerPage        int      `json:"max_per_page,omitzero"`
	MaxPerPageStatus  int      `json:"max_per_page_status,omitzero"`
	OAuth             string   `json:"oauth,omitzero"`
	CompaniesWithout  bool     `json:"no_companies,omitzero"`
	CompanyGone       int      `json:"company_gone,omitzero"`
	ActivityRangeDays int      `json:"activity_range_days,omitzero"`
}

// Duration is a time.Duration that JSON writes as "1h30m".
type Duration time.Duration

// MarshalText writes the duration as time.Duration prints it.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration reads.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// Described is one member of Behaviour in words.
type Described struct {
	// Name is the member's name in JSON.
	Name string
	// Doc says in one line what it does and what its value means.
	Doc string
}

// Behaviours lists every member of Behaviour, in order.
func Behaviours() []Described {
	return []Described{
		{"search_lag", `a duration: rows and changes are invisible to search until they are this old`},
		{"faults", `a list of faults, each of which spoils chosen requests; see Fault`},
		{"spike_every", `every n-th request takes "spike" longer`},
		{"spike", `a duration: how much longer the slow requests of "spike_every" take`},
		{"throttle_every", `every n-th request is refused with 429, whatever the rate limit says`},
		{"throttle_reset", `the X-RateLimit-Reset of a 429: "missing", "negative", "huge", "past" or "garbage"`},
		{"missing_scope", `streams the token may not read, such as ["conversations"]`},
		{"scope_status", `the status that refuses a missing scope: 403 (default) or 401`},
		{"plan_restricted", `streams the workspace's plan does not include: 403 api_plan_restricted`},
		{"scroll_busy", `the first n attempts to open a company scroll are refused with scroll_exists`},
		{"scroll_expires", `page n of a company scroll answers 404, once: the scroll was idle too long`},
		{"scroll_fails", `page n of a company scroll answers 500, once: it has to be restarted`},
		{"endless_scroll", `a company scroll never ends: after the last page it begins again`},
		{"repeat_cursor", `every page's next cursor is the one that was asked with, or the first page's`},
		{"endless_pages", `pages never end: "empty" ones follow the last page, or the same "rows" again`},
		{"duplicate_pages", `every page is served twice, under two cursors`},
		{"null_next", `the last page says "next": null instead of leaving it out`},
		{"shrink_total", `total_count is n lower on every further page`},
		{"hidden_rows", `every n-th matching row is counted in total_count but never sent`},
		{"move_rows", `after each page of a search, the row that would come next is updated and moves`},
		{"ties", `a duration: timestamps are rounded down to a multiple of it, so that many rows share a second`},
		{"type_flips", `every n-th row has numbers where strings were, and the reverse`},
		{"unknown_fields", `rows carry members that nobody declared`},
		{"duplicate_keys", `every n-th row names a member twice, with two values`},
		{"deep_nesting", `the first row of a page holds a value nested this deep`},
		{"huge_field", `the first row of a page holds a string of this many bytes`},
		{"clock_skew", `a duration: the service's clock, as headers show it, is off by it; "-8760h" is a year behind`},
		{"next_host", `absolute next-page URLs point at this origin, such as "https://elsewhere.example"`},
		{"many_tags", `every n-th contact has 14 tags, of which lists show ten`},
		{"many_parts", `every n-th conversation has 520 parts, of which the newest 500 are shown`},
		{"hydrate_gone", `every n-th conversation or contact answers 404 when read by its id`},
		{"merged_contacts", `every n-th contact answers 410 with a Link when read by its id`},
		{"refuse_versions", `API versions that are refused with intercom_version_invalid`},
		{"no_default_version", `a request without Intercom-Version gets version 1.0, where nothing exists`},
		{"max_per_page", `searches and lists that ask for more rows a page than this fail`},
		{"max_per_page_status", `the status of pages that are too large: 502 (default) or 504`},
		{"oauth", `how signing in goes wrong: "denied", "wrong_state", "expired_code" or "wrong_region"`},
		{"no_companies", `the workspace has no companies: the scroll opens, and its next page is 404`},
		{"company_gone", `every n-th company answers the web server's own 404 page to its child reads`},
		{"activity_range_days", `activity logs of a longer range than this fail with 500`},
	}
}

// Set switches on one behaviour by its name. The value is JSON, or a bare word
// where a string is meant.
func (b *Behaviour) Set(name, value string) error {
	known := false
	for _, d := range Behaviours() {
		known = known || d.Name == name
	}
	if !known {
		return fmt.Errorf("no behaviour is called %q", name)
	}
	if !json.Valid([]byte(value)) {
		text, err := json.Marshal(value)
		if err != nil {
			return err
		}
		value = string(text)
	}
	if err := decodeStrictly(fmt.Appendf(nil, "{%q:%s}", name, value), b); err != nil {
		return fmt.Errorf("behaviour %s cannot be %s: %w", name, value, err)
	}
	return nil
}

// decodeStrictly reads one JSON value into v and refuses unknown members.
func decodeStrictly(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// names reports whether one of a route's streams is listed.
func names(listed, streams []string) (string, bool) {
	for _, l := range listed {
		for _, s := range streams {
			if strings.EqualFold(l, s) {
				return s, true
			}
		}
	}
	return "", false
}
