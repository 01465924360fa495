package project

import (
	"context"
	"io"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/providers"
)

// World is the outside as the program was started in it.
type World struct {
	Now     func() time.Time
	Sleep   func(ctx context.Context, d time.Duration) error
	Env     func(name string) (string, bool)
	Environ []string // "NAME=value"

	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	Providers []providers.Provider
	Kinds     []TargetKind // of targets, besides "parquet"
	// Objects opens a place on an object store.
	Objects func(objects.URL) (objects.Store, error)

	// Importing is called before rows are imported or rewritten, maybe more than once, so that
	// the process can make room for them; nil does nothing.
	Importing func()

	Version string
	// Command names the command line for the holder of a lock: "inlay apply".
	Command string
}

// importing says that rows will be moved.
func (w World) importing() {
	if w.Importing != nil {
		w.Importing()
	}
}

// faults are what a test of the real program injects into its disk writes.
func (w World) faults() durable.Faults {
	at, ok := w.Env("INLAY_CRASH")
	if !ok || at == "" {
		return nil
	}
	return durable.CrashAt(at)
}

// provider returns the provider of that name, or nil.
func (w World) provider(name string) providers.Provider {
	for _, p := range w.Providers {
		if p.Name() == name {
			return p
		}
	}
	return nil
}
