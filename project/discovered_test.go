package project

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
)

func TestColumnName(t *testing.T) {
	used := map[string]bool{"plan": true, "industry": true, "time": true}
	for attribute, want := range map[string]string{
		"seats": "seats", "Product area": "product_area", "plan": "custom_plan", "Plan": "custom_plan", "2fa": "custom_2fa",
		"_secret": "custom_secret", "time": "custom_time", "プラン": "プラン", "": "custom_", "a-b/c": "a_b_c",
	} {
		if got := columnName(attribute, used); got != want {
			t.Errorf("%q becomes %q, not %q", attribute, got, want)
		}
	}
	used["custom_plan"] = true
	if got := columnName("PLAN", used); got != "custom_plan_2" {
		t.Errorf("a third one becomes %q", got)
	}
}

func TestWayOf(t *testing.T) {
	moment := stream.Column{Name: "created_at", Type: stream.Scalar(stream.Timestamp)}
	for _, test := range []struct {
		s    stream.Stream
		want way
	}{
		{stream.Stream{Key: []string{"id"}, Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at", Columns: []stream.Column{moment}}, way{"updated_at", "upsert", "created_at"}},
		{stream.Stream{Key: []string{"id"}, Cursors: []string{"created_at"}, Columns: []stream.Column{moment}}, way{"created_at", "append", "created_at"}},
		{stream.Stream{Cursors: []string{"created_at", "updated_at"}, Updated: "updated_at"}, way{"created_at", "append", ""}},
		{stream.Stream{Key: []string{"id"}, Updated: "updated_at"}, way{"", "replace", ""}},
	} {
		if got := wayOf(test.s); got != test.want {
			t.Errorf("%+v: %+v, not %+v", test.s, got, test.want)
		}
	}
}

// Whatever an account calls things, what is written is configuration that says just that.
func TestDiscoveredTextHoldsNothingThatIsEvaluated(t *testing.T) {
	w := &discoveryWriter{connection: &lang.Connection{Provider: "intercom", Block: lang.Block{Address: address(t, `connection.intercom.acme["a b"]`)}}, taken: map[string]bool{"target.parquet.users": true}}
	hostile := "x\"\n}\n${env(\"SECRET\")} %{ if true } */ é"
	w.remark("%s", hostile)
	w.offer(providers.Offer{Stream: "users", Notes: []string{hostile}, Promotions: []providers.Promotion{{From: []string{"custom_attributes", hostile}, Type: stream.String, Doc: hostile}}},
		stream.Stream{Name: "users", Doc: hostile, Columns: []stream.Column{{Name: "custom_attributes", Type: stream.Scalar(stream.JSON)}}}, addr.Address{})
	w.offer(providers.Offer{Stream: "tags", Without: hostile}, stream.Stream{Name: "tags"}, addr.Address{})
	text, diags := lang.Format([]byte(w.b.String()), "found.hcl")
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, w.b.String())
	}
	for line := range strings.Lines(string(text)) {
		code, _, _ := strings.Cut(strings.TrimSpace(line), "#")
		if strings.Contains(strings.ReplaceAll(code, "$${", ""), "${") || strings.Contains(strings.ReplaceAll(code, "%%{", ""), "%{") {
			t.Errorf("evaluated: %s", line)
		}
	}
	if !strings.Contains(string(text), `database = "acme_a_b"`) || !strings.Contains(string(text), `target "parquet" "acme_a_b_users"`) {
		t.Errorf("%s", text)
	}
}
