package cli

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func sandboxDefaults() sandboxFlags {
	return sandboxFlags{listen: "127.0.0.1:0", contacts: 10, rateLimit: 1666, growth: time.Hour, timezone: "UTC", token: "t"}
}

func TestSandboxOptions(t *testing.T) {
	now := func() time.Time { return noon }
	for _, test := range []struct {
		name   string
		change func(*sandboxFlags)
		want   func(sandbox.Options) bool
		wrong  string
	}{
		{"none of a kind", func(f *sandboxFlags) { f.tickets = 0 }, func(o sandbox.Options) bool { return o.Tickets < 0 && o.Contacts == 10 }, ""},
		{"growth by the second begins now", func(f *sandboxFlags) { f.growth = time.Second }, func(o sandbox.Options) bool { return o.Epoch.Equal(noon) }, ""},
		{"slow growth has begun long ago", func(*sandboxFlags) {}, func(o sandbox.Options) bool { return o.Epoch.IsZero() }, ""},
		{"a beginning that is written holds", func(f *sandboxFlags) { f.growth, f.epoch = time.Second, "2026-11-22" }, func(o sandbox.Options) bool { return o.Epoch.Equal(noon.Add(-36 * time.Hour)) }, ""},
		{"a time as beginning", func(f *sandboxFlags) { f.epoch = "2026-11-23T12:00:00Z" }, func(o sandbox.Options) bool { return o.Epoch.Equal(noon) }, ""},
		{"behaviours add up", func(f *sandboxFlags) {
			f.behaviours = []string{`missing_scope=["articles"]`, "throttle_every=7", "oauth=denied"}
		},
			func(o sandbox.Options) bool {
				return o.Behaviour.ThrottleEvery == 7 && len(o.Behaviour.MissingScope) == 1
			}, ""},
		{"an unknown behaviour", func(f *sandboxFlags) { f.behaviours = []string{"throtle_every=7"} }, nil, `did you mean "throttle_every"?`},
		{"a behaviour without a value", func(f *sandboxFlags) { f.behaviours = []string{"null_next"} }, nil, "NAME=VALUE"},
		{"a value of another kind", func(f *sandboxFlags) { f.behaviours = []string{"throttle_every=often"} }, nil, "throttle_every cannot be"},
		{"fewer than none", func(f *sandboxFlags) { f.companies = -1 }, nil, "-companies"},
		{"no requests at all", func(f *sandboxFlags) { f.rateLimit = 0 }, nil, "-rate-limit"},
		{"no growth", func(f *sandboxFlags) { f.growth = 0 }, nil, "-growth"},
		{"a beginning that is none", func(f *sandboxFlags) { f.epoch = "yesterday" }, nil, "-epoch"},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := sandboxDefaults()
			test.change(&f)
			o, err := f.options(now)
			switch {
			case test.wrong == "" && (err != nil || !test.want(o)):
				t.Errorf("%+v, %v", o, err)
			case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
				t.Errorf("%v, not %q", err, test.wrong)
			}
		})
	}
}

// The help lists every behaviour that there is.
func TestSandboxHelpListsBehaviours(t *testing.T) {
	long := (&speech{}).sandboxCommand().long
	for _, b := range sandbox.Behaviours() {
		if !strings.Contains(long, "\n  "+b.Name+" ") || !strings.Contains(long, b.Doc) {
			t.Errorf("%s is not in the help", b.Name)
		}
	}
}

// The workspace is served to any client until it is interrupted.
func TestSandboxServes(t *testing.T) {
	out, in := io.Pipe()
	s := &speech{world: project.World{Now: func() time.Time { return noon }}, out: in, err: io.Discard}
	ctx, cancel := context.WithCancel(t.Context())
	f := sandboxDefaults()
	f.behaviours = []string{`missing_scope=["tags"]`}
	done := make(chan error, 1)
	go func() { done <- s.sandbox(ctx, &f) }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	url := regexp.MustCompile(`http://\S+`).FindString(line)
	for path, want := range map[string]int{"/me": 200, "/tags": 403} {
		request, err := http.NewRequest(http.MethodGet, url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer t")
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := answer.Body.Close(); err != nil || answer.StatusCode != want {
			t.Errorf("%s answers %d, not %d; %v", path, answer.StatusCode, want, err)
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
