// Command inlay keeps local Parquet tables in step with a SaaS account.
package main

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/internal/objects/s3"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// version is set by the linker when a release is built; nothing changes it afterwards.
var version = "0.1.0"

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		makeRoom()
	}
	os.Exit(cli.Main(context.Background(), os.Args, world()))
}

// headroom is how much memory may be in use before any of it is collected.
const headroom = 64 << 20

// ceiling is how far garbage may make memory grow while half of that to two thirds are in
// use, as in a long import.
const ceiling = 112 << 20

// makeRoom puts collections of garbage off until there is some. A command that only reads
// configuration is over before the first or soon after.
func makeRoom() {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(headroom)
	keepRoom()
}

// keepRoom says after each collection how far the garbage may grow before the next.
func keepRoom() {
	mark := new([64]byte) // large enough to have a place of its own: what shares one may stay
	runtime.AddCleanup(mark, func(int) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(garbage(live[0].Value.Uint64()))
		debug.SetMemoryLimit(math.MaxInt64)
		keepRoom()
	}, 0)
}

// garbage is how much of it may come to what is in use, in hundredths of that: up to headroom
// while that is little, and as much again, as Go does by itself, once that is much. In between
// the ceiling holds.
func garbage(live uint64) int {
	upTo := func(limit uint64) int { return int(limit*100/max(1, live)) - 100 }
	if least := upTo(ceiling); least >= 50 {
		return max(upTo(headroom), min(100, least))
	}
	return 100
}

// world is the outside as this process sees it, with the services it knows.
func world() project.World {
	return project.World{
		Now: time.Now, Sleep: sleep, Env: os.LookupEnv, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()},
		Objects:   new(s3.Account).Open,
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
