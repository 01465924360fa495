// Command later is inlay with its clock set forward by INLAY_LATER, a duration: so a test
// comes by a slot without waiting for it.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

func main() {
	by, err := time.ParseDuration(os.Getenv("INLAY_LATER"))
	if err != nil {
		fmt.Fprintln(os.Stderr, "INLAY_LATER:", err)
		os.Exit(1)
	}
	os.Exit(cli.Main(context.Background(), os.Args, project.World{
		Now:   func() time.Time { return time.Now().Add(by) },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
		Env:   os.LookupEnv, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	}))
}
