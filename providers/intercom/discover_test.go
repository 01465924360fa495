package intercom

import (
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/stream"
)

func offerOf(t *testing.T, all []providers.Offer, name string) providers.Offer {
	t.Helper()
	i := slices.IndexFunc(all, func(o providers.Offer) bool { return o.Stream == name })
	if i < 0 {
		t.Fatalf("%s is not told", name)
	}
	return all[i]
}

func discover(t *testing.T, o sandbox.Options, settings setting.Values) []providers.Offer {
	t.Helper()
	all, err := newRig(t, o, settings).session.(providers.Discoverer).Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDiscoverTellsEveryStreamOfTheVersion(t *testing.T) {
	for _, version := range []string{"2.7", "2.16", "2.18"} {
		all := discover(t, sandbox.Options{Contacts: 30, Conversations: 5}, setting.Values{"api_version": version})
		var names []string
		for _, o := range all {
			names = append(names, o.Stream)
			if o.Without != "" && o.Stream != "contacts" {
				t.Errorf("%s: %s is left out: %s", version, o.Stream, o.Without)
			}
		}
		var want []string
		for _, s := range New().Streams(setting.Values{"api_version": version}) {
			want = append(want, s.Name)
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s: told %v, not %v", version, names, want)
		}
	}
}

func TestDiscoverPromotesAttributes(t *testing.T) {
	all := discover(t, sandbox.Options{Contacts: 30}, nil)
	want := map[string]map[string]stream.Kind{
		"users":         {"plan": stream.String, "Plan": stream.String, "seats": stream.Int, "mrr": stream.Float, "beta": stream.Bool, "trial_ends_at": stream.Timestamp},
		"companies":     {"industry": stream.String, "renewal": stream.Timestamp},
		"conversations": {"Product area": stream.String, "effort": stream.Int, "resolved by bot": stream.Bool},
		"tags":          {},
	}
	for name, attributes := range want {
		got := map[string]stream.Kind{}
		for _, p := range offerOf(t, all, name).Promotions {
			if len(p.From) != 2 || p.From[0] != openColumn {
				t.Errorf("%s: %v", name, p.From)
			}
			got[p.From[1]] = p.Type
		}
		if len(got) != len(attributes) {
			t.Errorf("%s promotes %v", name, got)
		}
		for attribute, kind := range attributes {
			if got[attribute] != kind {
				t.Errorf("%s: %s is %q, not %q", name, attribute, got[attribute], kind)
			}
		}
	}
}

func TestDiscoverLeavesOutWhatIsRefused(t *testing.T) {
	for _, status := range []int{401, 403} {
		all := discover(t, sandbox.Options{Contacts: 30, Behaviour: sandbox.Behaviour{MissingScope: []string{"conversations", "contact_notes"}, ScopeStatus: status, PlanRestricted: []string{"articles"}}}, nil)
		for name, words := range map[string]string{
			"conversations": "permission", "conversation_parts": "permission", "contact_notes": "permission", "articles": "larger plan",
		} {
			if o := offerOf(t, all, name); !strings.Contains(o.Without, words) {
				t.Errorf("%d: %s: %q", status, name, o.Without)
			}
		}
		if o := offerOf(t, all, "tags"); o.Without != "" {
			t.Errorf("%d: tags: %q", status, o.Without)
		}
	}
}

func TestDiscoverNeedsCredentials(t *testing.T) {
	r := newRig(t, sandbox.Options{}, nil)
	s, err := New().Open(t.Context(), providers.Connection{Address: "connection.intercom.acme", Settings: setting.Values{"base_url": r.server.URL},
		Secrets: setting.Secrets{"access_token": setting.NewSecret("wrong")}, World: r.outside()})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.(providers.Discoverer).Discover(t.Context())
	if e, ok := err.(*providers.Error); !ok || e.Kind != providers.Unauthorized {
		t.Errorf("%v", err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestAttributesThatCannotBeColumns(t *testing.T) {
	r := newRig(t, sandbox.Options{Contacts: 5}, nil)
	for _, a := range []sandbox.Object{
		{"name": "a.b", "full_name": "custom_attributes.a.b", "custom": true}, {"name": "gone", "full_name": "custom_attributes.gone", "archived": true, "custom": true},
	} {
		if _, err := r.world.Add("contact_attributes", a); err != nil {
			t.Fatal(err)
		}
	}
	all, err := r.session.(providers.Discoverer).Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	users := offerOf(t, all, "users")
	if len(users.Notes) != 1 || !strings.Contains(users.Notes[0], `"a.b"`) {
		t.Errorf("notes: %q", users.Notes)
	}
	if slices.ContainsFunc(users.Promotions, func(p providers.Promotion) bool { return p.From[1] == "gone" || p.From[1] == "a.b" }) {
		t.Errorf("promoted: %+v", users.Promotions)
	}
}
