// Command inlay keeps local Parquet tables in step with a SaaS account.
package main

import (
	"context"
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
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
	w := world()
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		makeRoom()
		w.Importing = leaveRoom
	}
	os.Exit(cli.Main(context.Background(), os.Args, w))
}

// How much memory may be in use before any of it is collected. Reading a configuration, a
// state and manifests is over before the first collection or soon after; imports go on.
const (
	whileReading   = 160 << 20
	whileImporting = 64 << 20
)

// ceiling is how far garbage may make memory grow while half of that to two thirds are in
// use, as in a long import.
const ceiling = 112 << 20

// headroom is one of the two.
var headroom atomic.Uint64

// makeRoom puts collections of garbage off until there is some.
func makeRoom() {
	headroom.Store(whileReading)
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(whileReading)
	keepRoom()
}

// keepRoom says after each collection how far the garbage may grow before the next.
func keepRoom() {
	mark := new([64]byte) // large enough to have a place of its own: what shares one may stay
	runtime.AddCleanup(mark, func(int) {
		debug.SetGCPercent(garbage(inUse()))
		debug.SetMemoryLimit(math.MaxInt64)
		keepRoom()
	}, 0)
}

// leaveRoom gives back what makeRoom took for reading.
func leaveRoom() {
	headroom.Store(whileImporting)
	if live := inUse(); live > 0 {
		debug.SetGCPercent(garbage(live))
	} else {
		debug.SetMemoryLimit(whileImporting)
	}
}

// inUse is what the last collection found in use, in bytes; 0 before the first.
func inUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}

// garbage is how much of it may come to what is in use, in hundredths of that: up to headroom
// while that is little. What is read is soon read, and a half of much is enough. Of what is
// imported as much again, as Go does by itself, but where that passes the ceiling.
func garbage(live uint64) int {
	room := headroom.Load()
	upTo := func(limit uint64) int { return int(limit*100/max(1, live)) - 100 }
	if room == whileReading {
		return max(upTo(room), 50)
	}
	if least := upTo(ceiling); least >= 50 {
		return max(upTo(room), min(100, least))
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
