package cli

import (
	"context"
	"io"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// TestMain makes this test binary the program itself when a script calls inlay, and a
// program that does not heed its interrupt when a test asks for that.
func TestMain(m *testing.M) {
	if os.Getenv(stubbornEnv) != "" {
		stubborn()
	}
	testscript.Main(m, map[string]func(){"inlay": func() { os.Exit(Main(context.Background(), os.Args, world())) }})
}

// world is that of main, with a clock that a script can set: INLAY_TEST_NOW.
func world() project.World {
	now := time.Now
	if text := os.Getenv("INLAY_TEST_NOW"); text != "" {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			started := time.Now()
			now = func() time.Time { return at.Add(time.Since(started)) }
		}
	}
	out, errs := io.Writer(os.Stdout), io.Writer(os.Stderr)
	if name := os.Getenv(saidEnv); name != "" {
		said, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
		if err != nil {
			panic(err) // what is not kept is not looked through
		}
		out, errs = io.MultiWriter(out, said), io.MultiWriter(errs, said)
	}
	return project.World{
		Now: now, Sleep: sleep, Env: os.LookupEnv, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: out, Stderr: errs,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
