package durable

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Kind names what an operation does to the disk.
type Kind string

// The closed set of kinds. A Step does nothing to the disk: it marks where a caller's
// named step begins ("before:NAME" as its path) and ends ("after:NAME").
const (
	OpCreate  Kind = "create"
	OpWrite   Kind = "write"
	OpSync    Kind = "sync"
	OpSyncDir Kind = "sync folder"
	OpMkdir   Kind = "mkdir"
	OpLink    Kind = "link"
	OpSymlink Kind = "symlink"
	OpRename  Kind = "rename"
	OpRemove  Kind = "remove"
	OpLock    Kind = "lock"
	OpStep    Kind = "step"
)

// Op is one operation about to be done.
type Op struct {
	Kind  Kind
	Path  string // absolute; for a step its mark
	To    string // absolute: the new name of a link or rename; for a symlink what it points to, as written
	Bytes int    // of a write
	Data  []byte // of a write; only valid during the call
	Trunc bool   // of a create: what was there is emptied
}

// Faults sees every operation before it is done, in order, and may fail it by returning an
// error. It must be safe for use by several goroutines.
type Faults interface{ Before(op Op) error }

// ShortWrite is an error that Faults may return for a write: that many bytes reach the
// disk, then Err is what the writer sees.
type ShortWrite struct {
	N   int
	Err error
}

func (e *ShortWrite) Error() string { return fmt.Sprintf("short write of %d bytes: %v", e.N, e.Err) }

func (e *ShortWrite) Unwrap() error { return e.Err }

// CrashAt returns Faults that kill the own process, as kill -9 does, at one place:
// "before:STEP" or "after:STEP" of a named step, or "op:N" before the Nth operation (steps
// not counted). An empty or malformed text never crashes.
func CrashAt(at string) Faults {
	n := int64(-1)
	if num, ok := strings.CutPrefix(at, "op:"); ok {
		if v, err := strconv.ParseInt(num, 10, 64); err == nil {
			n = v
		}
	}
	return &crash{at: at, op: n}
}

type crash struct {
	at   string
	op   int64
	seen atomic.Int64
}

func (c *crash) Before(op Op) error {
	if op.Kind == OpStep {
		if op.Path == c.at {
			die()
		}
		return nil
	}
	if c.seen.Add(1) == c.op {
		die()
	}
	return nil
}

// die ends the process without running anything more of it.
func die() {
	if p, err := os.FindProcess(os.Getpid()); err == nil {
		_ = p.Kill() // nothing is left to do about a refusal but wait below
	}
	for {
		time.Sleep(time.Hour)
	}
}
