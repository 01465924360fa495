// Command inlay-iceberg is inlay with one more kind of target: "iceberg".
package main

import (
	"context"
	"os"
	"time"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/internal/objects/s3"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/targets/iceberg"
)

// version is set by the linker when a release is built; nothing changes it afterwards.
var version = "0.1.0"

func main() {
	os.Exit(cli.Main(context.Background(), os.Args, project.World{
		Now: time.Now, Sleep: sleep, Env: os.LookupEnv, Environ: os.Environ(),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()}, Kinds: []project.TargetKind{iceberg.Kind()},
		Objects: new(s3.Account).Open,
		Version: version,
	}))
}

// sleep waits for d or until ctx ends, whichever comes first.
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
