package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

type sandboxFlags struct {
	listen        string
	contacts      int
	conversations int
	seed          int64
	growth        time.Duration
	latency       time.Duration
	token         string
}

func (s *speech) sandboxCommand() *entry {
	f := &sandboxFlags{}
	return &entry{
		name: "sandbox", short: "serve a simulated Intercom workspace on this machine",
		long: `Answers as Intercom's API does, over HTTP, with data that is the same for the same seed
and grows with time. Point a connection at it with base_url. A connection with a sandbox
block needs none of this: it starts its own.`,
		examples: []string{"inlay sandbox -listen 127.0.0.1:8080 -contacts 300000", "inlay sandbox -growth 1s"},
		codes:    []int{exitInterrupted},
		flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Usage: "where to listen: `HOST:PORT`", Value: "127.0.0.1:0", Destination: &f.listen},
			&cli.IntFlag{Name: "contacts", Usage: "contacts at first: `N`", Value: 2000, Destination: &f.contacts},
			&cli.IntFlag{Name: "conversations", Usage: "conversations at first: `N`", Value: 500, Destination: &f.conversations},
			&cli.Int64Flag{Name: "seed", Usage: "decides every value: `N`", Destination: &f.seed},
			&cli.DurationFlag{Name: "growth", Usage: "how often a contact is added: `DURATION`", Value: time.Hour, Destination: &f.growth},
			&cli.DurationFlag{Name: "latency", Usage: "added to every answer: `DURATION`", Destination: &f.latency},
			&cli.StringFlag{Name: "token", Usage: "the token it accepts: `TOKEN`", Value: "sandbox", Destination: &f.token},
		},
		run: func(ctx context.Context, _ []string) error { return s.sandbox(ctx, f) },
	}
}

func (s *speech) sandbox(ctx context.Context, f *sandboxFlags) error {
	server, err := sandbox.Start(ctx, sandbox.Options{
		Seed: f.seed, Contacts: f.contacts, Conversations: f.conversations, Growth: f.growth, Latency: f.latency, Token: f.token,
	}, f.listen)
	if err != nil {
		return err
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
