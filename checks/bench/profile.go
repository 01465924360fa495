package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
)

// profile is the role that runs one command of the program, or another role, inside this process and writes
// where it spent its time to FILE.cpu and what it allocated to FILE.mem: profile FILE
// COMMAND… or profile FILE write….
func profile(args []string) error {
	if len(args) < 2 {
		return errors.New("profile FILE COMMAND…")
	}
	file := args[0]
	cpu, err := os.Create(file + ".cpu")
	if err != nil {
		return err
	}
	defer cpu.Close()
	runtime.MemProfileRate = 64 << 10
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	if role, ok := map[string]func([]string) error{"write": write, "naive": naive}[args[1]]; ok {
		return errors.Join(role(args[2:]), stopProfile(file))
	}
	code := cli.Main(context.Background(), append([]string{"inlay"}, args[1:]...), project.World{
		Now: time.Now, Env: os.LookupEnv, Environ: os.Environ(),
		Sleep: func(ctx context.Context, d time.Duration) error {
			select {
			case <-time.After(d):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		},
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	})
	if err := stopProfile(file); err != nil {
		return err
	}
	if code != 0 {
		return fmt.Errorf("the command ended with %d", code)
	}
	return nil
}

func stopProfile(file string) error {
	pprof.StopCPUProfile()
	runtime.GC() // what was allocated since the last collection is told only after another
	mem, err := os.Create(file + ".mem")
	if err != nil {
		return err
	}
	return errors.Join(pprof.Lookup("allocs").WriteTo(mem, 0), mem.Close())
}
