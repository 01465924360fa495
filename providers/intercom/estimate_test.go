package intercom

import (
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
)

func (r *rig) estimate(reads ...providers.Read) []providers.Estimate {
	r.t.Helper()
	for i := range reads {
		if reads[i].Stream != "nothing" {
			r.fill(&reads[i])
		}
	}
	out, err := r.session.(providers.Prober).Estimate(r.t.Context(), providers.Request{Reads: reads})
	if err != nil {
		r.t.Fatal(err)
	}
	return out
}

// What is estimated is what a read then takes: rows exactly where it says so, calls within
// a tenth of what the service counts.
func TestEstimateIsWhatAReadTakes(t *testing.T) {
	o := sandbox.Options{Contacts: 320, Conversations: 160, Companies: 230, Tickets: 130, Articles: 170, Behaviour: sandbox.Behaviour{ManyTags: 9}}
	for i, s := range New().Streams(setting.Values{}) {
		t.Run(s.Name, func(t *testing.T) {
			if testing.Short() && i%4 != 0 {
				t.Skip("one stream in four")
			}
			o := o
			if s.Name == "contact_tags" {
				o.Contacts = 3300 // more than are looked at
			}
			r := newRig(t, o, nil)
			read := full(s.Name)
			e := r.estimate(read)[0]
			estimating := r.world.Stats().Requests
			r.world.ResetStats()
			g := r.read(read)[0]
			if g.err != nil {
				t.Fatal(g.err)
			}
			calls := int64(r.world.Stats().Requests)
			t.Logf("%+v, estimated by %d calls; %d calls, %d rows", e, estimating, calls, len(g.ids))
			if e.Refused != nil || e.Calls < 0 {
				t.Fatalf("%+v", e)
			}
			if off := e.Calls - calls; off*10 > calls || -off*10 > calls {
				t.Errorf("%d calls expected, %d made", e.Calls, calls)
			}
			if e.Rows >= 0 && !e.About && e.Rows != int64(len(g.ids)) {
				t.Errorf("%d rows expected, %d received", e.Rows, len(g.ids))
			}
			if int64(estimating) > max(2*samplePages+12, 3*calls) {
				t.Errorf("the estimate took %d calls, the read %d", estimating, calls)
			}
		})
	}
}

func TestEstimateOfALongSearch(t *testing.T) {
	r := newRig(t, sandbox.Options{Contacts: 6_000}, nil)
	e := r.estimate(full("users"))[0]
	r.world.ResetStats()
	g := r.read(full("users"))[0]
	calls := int64(r.world.Stats().Requests)
	if off := e.Calls - calls; off*10 > calls || -off*10 > calls || e.Rows != int64(len(g.ids)) || e.About {
		t.Errorf("expected %+v, made %d calls for %d rows", e, calls, len(g.ids))
	}
}

// Reads that share their pages pay for them once.
func TestEstimateOfAGroup(t *testing.T) {
	r := newRig(t, sandbox.Options{Contacts: 50, Conversations: 170}, nil)
	reads := []providers.Read{full("conversations"), full("conversation_parts"), full("conversation_tags")}
	e := r.estimate(reads...)
	r.world.ResetStats()
	got := r.read(reads...)
	calls, expected := int64(r.world.Stats().Requests), int64(0)
	for i := range e {
		expected += e[i].Calls
		if e[i].About || e[i].Rows != int64(len(got[i].ids)) {
			t.Errorf("%s: expected %+v, received %d rows", reads[i].Stream, e[i], len(got[i].ids))
		}
	}
	if off := expected - calls; off*10 > calls || -off*10 > calls {
		t.Errorf("%d calls expected, %d made", expected, calls)
	}
}

func TestEstimateTellsRefusals(t *testing.T) {
	r := newRig(t, sandbox.Options{Contacts: 20, Conversations: 20, Behaviour: sandbox.Behaviour{MissingScope: []string{"conversation_parts", "tags"}, PlanRestricted: []string{"articles"}}}, nil)
	e := r.estimate(full("conversations"), full("conversation_parts"), full("tags"), full("articles"), full("users"), providers.Read{Stream: "nothing"})
	for i, words := range []string{"", "permission", "permission", "larger plan", "", "no stream"} {
		switch {
		case words == "" && e[i].Refused != nil:
			t.Errorf("%d: %v", i, e[i].Refused)
		case words != "" && (e[i].Refused == nil || !strings.Contains(e[i].Refused.Detail, words)):
			t.Errorf("%d: %+v", i, e[i])
		}
	}
}

func TestPerSecond(t *testing.T) {
	r := newRig(t, sandbox.Options{Contacts: 20, RateLimit: 500}, setting.Values{"rate_limit": 0.5})
	p := r.session.(providers.Prober)
	if n := p.PerSecond(); n != 0 {
		t.Errorf("known before anything was asked: %v", n)
	}
	if err := p.Try(t.Context(), "tags"); err != nil {
		t.Fatal(err)
	}
	if n := p.PerSecond(); n != 25 {
		t.Errorf("half of 500 in ten seconds is %v a second", n)
	}
}
