// Command inlay-temporal lets Temporal run the schedules of inlay on many machines. It is
// called as `inlay temporal`.
package main

import (
	"context"
	"os"
	"time"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"

	"github.com/inlay-sync/inlay/engines/temporal/command"
)

// version is set by the linker when a release is built; nothing changes it afterwards.
var version = "0.1.0"

func main() { os.Exit(command.Main(context.Background(), os.Args, world())) }

// world is the outside as this process sees it, with the services it knows.
func world() project.World {
	return project.World{
		Now: time.Now, Sleep: sleep, Env: os.LookupEnv, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()},
		Version:   version,
	}
}

// sleep waits for d or until ctx ends, whichever comes first, by the real clock.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
