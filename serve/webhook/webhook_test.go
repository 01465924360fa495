package webhook

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
)

// sender sends without waiting, and remembers the waits.
func sender(waits *[]time.Duration) Sender {
	return Sender{
		Now:     func() time.Time { return time.Unix(1_800_000_000, 0) },
		Sleep:   func(_ context.Context, d time.Duration) error { *waits = append(*waits, d); return nil },
		Version: "0.1.0",
	}
}

// TestTries: what may pass is tried again with growing waits under one delivery's name; a
// refusal is final; an address is in no error.
func TestTries(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers []int
		waits   []time.Duration
		problem string
	}{
		{"taken", []int{204}, nil, ""},
		{"taken later", []int{500, 429, 200}, []time.Duration{time.Second, 2 * time.Second}, ""},
		{"never taken", []int{503, 503, 503, 503, 503}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}, "status 503"},
		{"refused", []int{410}, nil, "another try would not change that"},
		{"led elsewhere", []int{307}, nil, "status 307"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var names []string
			n := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				names = append(names, r.Header.Get("Inlay-Delivery"))
				w.Header().Set("Location", "http://127.0.0.1:1/elsewhere")
				w.WriteHeader(c.answers[n])
				n++
			}))
			defer server.Close()
			var waits []time.Duration
			h := Hook{Name: "ops", URL: setting.NewSecret(server.URL + "/in-the-address"), On: []string{Failure}}
			err := sender(&waits).Send(t.Context(), h, Event{Event: Failure})
			if n != len(c.answers) || !slices.Equal(waits, c.waits) || len(slices.Compact(names)) != 1 {
				t.Errorf("%d tries, waits %v, names %v", n, waits, names)
			}
			if got := errText(err); c.problem == "" && err != nil || !strings.Contains(got, c.problem) || strings.Contains(got, "in-the-address") {
				t.Errorf("error %q", got)
			}
		})
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestNobodyThere: a service that is away, and an address that is none.
func TestNobodyThere(t *testing.T) {
	for _, address := range []string{"http://127.0.0.1:1/in-the-address", "http://in-the-address.invalid:bad/", "://"} {
		var waits []time.Duration
		h := Hook{Name: "ops", URL: setting.NewSecret(address), On: []string{Failure}}
		err := sender(&waits).Send(t.Context(), h, Event{Event: Failure})
		if err == nil || strings.Contains(err.Error(), "in-the-address") || !strings.Contains(err.Error(), `"ops"`) {
			t.Errorf("%v", err)
		}
		if err := sender(&waits).Send(t.Context(), h, Event{Event: Success}); err != nil {
			t.Errorf("what it does not want to know: %v", err)
		}
	}
}

func TestSignature(t *testing.T) {
	// printf '1800000000.{}' | openssl dgst -sha256 -hmac secret
	const want = "t=1800000000,v1=bb7079132825ac793cea8c013c1dd24d926b9b02132245b10588d9e5c0df70d7"
	if got := Signature(setting.NewSecret("secret"), time.Unix(1_800_000_000, 0), []byte("{}")); got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

// TestEvents: which events an apply has, by what was before.
func TestEvents(t *testing.T) {
	a, err := addr.Parse("target.parquet.users")
	if err != nil {
		t.Fatal(err)
	}
	fail := apply.Event{Kind: apply.Failed, Address: a, Run: "R", Err: context.DeadlineExceeded}
	done := apply.Event{Kind: apply.ImportDone, Address: a, Run: "R", Result: &apply.Result{}}
	for _, c := range []struct {
		name string
		end  apply.Event
		runs []state.Run
		want []string
	}{
		{"first failure", fail, []state.Run{{Status: state.Failed, Slot: "S"}}, []string{Failure}},
		{"the same slot again", fail, []state.Run{{Status: state.Failed, Slot: "S"}, {Status: state.Failed, Slot: "S"}}, nil},
		{"another slot", fail, []state.Run{{Status: state.Failed, Slot: "T"}, {Status: state.Failed, Slot: "S"}}, []string{Failure}},
		{"asked again", fail, []state.Run{{Status: state.Failed}, {Status: state.Failed}}, []string{Failure}},
		{"recovery", done, []state.Run{{Status: state.Done}, {Status: state.Failed}}, []string{Recovery, Success}},
		{"success", done, []state.Run{{Status: state.Done}, {Status: state.Nothing}}, []string{Success}},
		{"the first run", done, []state.Run{{Status: state.Done}}, []string{Success}},
		{"skipped", apply.Event{Kind: apply.Skipped, Address: a, Run: "R", Message: "overlap"}, nil, nil},
	} {
		made := &plan.Plan{Imports: []plan.Import{{Address: a}}, State: &state.State{Targets: map[addr.Address]state.Target{a: {Path: "crm/users"}}}}
		tally := report.NewTally(made)
		tally.Add(apply.Event{Kind: apply.ImportStart, Address: a, Run: "R"})
		tally.Add(c.end)
		events, err := Events(tally, time.Unix(0, 0), func(addr.Address) ([]state.Run, error) { return c.runs, nil })
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range events {
			got = append(got, e.Event)
			if e.Table != "crm/users" || e.Text == "" || e.Run != "R" {
				t.Errorf("%s: %+v", c.name, e)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, not %v", c.name, got, c.want)
		}
	}
}
