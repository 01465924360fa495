package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

type sandboxFlags struct {
	listen, token, timezone, epoch string
	seed                           int64
	rateLimit                      int
	growth, latency                time.Duration
	behaviours                     []string
	// How many objects of a kind there are at first.
	contacts, conversations, companies, tickets, articles int
}

func (s *speech) sandboxCommand() *entry {
	f := &sandboxFlags{}
	return &entry{
		name: "sandbox", short: "serve a simulated Intercom workspace on this machine",
		long: `Answers as Intercom's API does, over HTTP, with data that is the same for the same seed
and grows with time. Point a connection at it with base_url. A connection with a sandbox
block needs none of this: it starts its own.

-behaviour NAME=VALUE makes it misbehave as the real service at times does. VALUE is JSON,
or a bare word where a text is meant:

` + behaviourList(),
		examples: []string{
			"inlay sandbox -listen 127.0.0.1:8080 -contacts 300000",
			"inlay sandbox -growth 1s -rate-limit 100",
			`inlay sandbox -behaviour throttle_every=50 -behaviour missing_scope='["articles"]'`,
		},
		flags: f.flags(),
		run:   func(ctx context.Context, _ []string) error { return s.sandbox(ctx, f) },
	}
}

func (f *sandboxFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "listen", Usage: "where to listen, on this machine: `HOST:PORT`", Value: "127.0.0.1:0", Destination: &f.listen},
		&cli.IntFlag{Name: "contacts", Usage: "contacts at first: `N`", Value: 2000, Destination: &f.contacts},
		&cli.IntFlag{Name: "conversations", Usage: "conversations at first: `N`", Value: 500, Destination: &f.conversations},
		&cli.IntFlag{Name: "companies", Usage: "companies at first: `N`", Value: 60, Destination: &f.companies},
		&cli.IntFlag{Name: "tickets", Usage: "tickets at first: `N`", Value: 120, Destination: &f.tickets},
		&cli.IntFlag{Name: "articles", Usage: "articles at first: `N`", Value: 30, Destination: &f.articles},
		&cli.Int64Flag{Name: "seed", Usage: "decides every value: `N`", Destination: &f.seed},
		&cli.DurationFlag{Name: "growth", Usage: "how often a contact is added: `DURATION`", Value: time.Hour, Destination: &f.growth},
		&cli.StringFlag{Name: "epoch", Usage: "when the first objects are all there and growth begins: `TIME`; by default 2026-11-01, and now where growth is faster than a minute", Destination: &f.epoch},
		&cli.StringFlag{Name: "timezone", Usage: "zone of the workspace: `REGION/CITY`", Value: "America/Los_Angeles", Destination: &f.timezone},
		&cli.IntFlag{Name: "rate-limit", Usage: "requests allowed in ten seconds: `N`", Value: 1666, Destination: &f.rateLimit},
		&cli.DurationFlag{Name: "latency", Usage: "added to every answer: `DURATION`", Destination: &f.latency},
		&cli.StringFlag{Name: "token", Usage: "the token it accepts: `TOKEN`", Value: "sandbox", Destination: &f.token},
		&cli.StringSliceFlag{Name: "behaviour", Usage: "misbehave: `NAME=VALUE`, from the list above (repeatable)", Destination: &f.behaviours},
	}
}

// behaviourList is every behaviour with what it does, a line or more each.
func behaviourList() string {
	width := 0
	for _, b := range sandbox.Behaviours() {
		width = max(width, len(b.Name))
	}
	var out strings.Builder
	for _, b := range sandbox.Behaviours() {
		fmt.Fprintf(&out, "  %-*s  %s\n", width, b.Name, b.Doc)
	}
	return out.String()
}

// options reads the flags. A number of 0 that was written means none.
func (f *sandboxFlags) options(now func() time.Time) (sandbox.Options, error) {
	o := sandbox.Options{Seed: f.seed, Growth: f.growth, Latency: f.latency, Token: f.token, Timezone: f.timezone, RateLimit: f.rateLimit, Now: now}
	for _, n := range []struct {
		flag string
		from int
		to   *int
	}{
		{"-contacts", f.contacts, &o.Contacts}, {"-conversations", f.conversations, &o.Conversations}, {"-companies", f.companies, &o.Companies},
		{"-tickets", f.tickets, &o.Tickets}, {"-articles", f.articles, &o.Articles},
	} {
		if n.from < 0 {
			return o, &usageError{"inlay sandbox", fmt.Sprintf("%s is how many there are, and %d is less than none", n.flag, n.from)}
		}
		if *n.to = n.from; n.from == 0 {
			*n.to = -1
		}
	}
	switch {
	case f.rateLimit < 1:
		return o, &usageError{"inlay sandbox", "-rate-limit is at least 1"}
	case f.growth <= 0:
		return o, &usageError{"inlay sandbox", "-growth is longer than 0; write 8760h for a workspace that stands still"}
	case f.latency < 0:
		return o, &usageError{"inlay sandbox", "-latency is not below 0"}
	}
	var err error
	if o.Epoch, err = f.began(now()); err != nil {
		return o, err
	}
	for _, b := range f.behaviours {
		name, value, ok := strings.Cut(b, "=")
		if !ok {
			return o, &usageError{"inlay sandbox", fmt.Sprintf("-behaviour is written NAME=VALUE, not %q", b)}
		}
		if err := o.Behaviour.Set(name, value); err != nil {
			return o, &usageError{"inlay sandbox", "-behaviour: " + err.Error() + nearBehaviour(name)}
		}
	}
	return o, nil
}

// nearBehaviour says which behaviour a mistyped name may have meant.
func nearBehaviour(name string) string {
	var known []string
	for _, b := range sandbox.Behaviours() {
		if b.Name == name {
			return ""
		}
		known = append(known, b.Name)
	}
	if near := addr.Nearest(name, known); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// began is when growth begins. Growth by the second since a day long gone would be
// millions of contacts, so where it is that fast it begins now.
func (f *sandboxFlags) began(now time.Time) (time.Time, error) {
	if f.epoch == "" {
		if f.growth < time.Minute {
			return now.Truncate(time.Second), nil
		}
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, f.epoch); err == nil {
			return at, nil
		}
	}
	return time.Time{}, &usageError{"inlay sandbox", fmt.Sprintf("-epoch %q is neither a date such as 2026-11-01 nor a time such as 2026-11-01T00:00:00Z", f.epoch)}
}

func (s *speech) sandbox(ctx context.Context, f *sandboxFlags) error {
	o, err := f.options(s.world.Now)
	if err != nil {
		return err
	}
	server, err := sandbox.Start(ctx, o, f.listen)
	if err != nil {
		return &usageError{"inlay sandbox", err.Error()}
	}
	_, err = fmt.Fprintf(s.out, "The workspace answers at %s\n\n  connection \"intercom\" \"sandbox\" {\n    base_url     = %q\n    access_token = env(\"INTERCOM_ACCESS_TOKEN\")   # the value of -token\n  }\n\nCtrl-C ends it.\n", server.URL, server.URL)
	if err == nil {
		<-ctx.Done()
	}
	if cerr := server.Close(); err == nil {
		err = cerr
	}
	return err
}
