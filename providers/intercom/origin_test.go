package intercom

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/setting"
)

func TestEveryStreamHasAnOrigin(t *testing.T) {
	p := New()
	for _, s := range p.Streams(setting.Values{"api_version": "Preview"}) {
		o, ok := p.Origin(s.Name)
		if !ok || !strings.Contains(o.Endpoint, " /") || o.Permission == "" {
			t.Errorf("%s comes from %+v", s.Name, o)
		}
	}
	if _, ok := p.Origin("nothing"); ok {
		t.Error("there is an origin of nothing")
	}
}
