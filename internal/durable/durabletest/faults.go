// Package durabletest holds the faults that tests inject into disk writes: the Nth
// operation failing in a chosen way, and a tape of all operations from which the disk can
// be rebuilt as a power loss would leave it.
package durabletest

import (
	"errors"
	"sync"
	"syscall"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Way is how an operation fails.
type Way string

// Kill lets nothing reach the disk any more, this operation and all later ones; the
// others fail one operation once.
const (
	Kill  Way = "kill"
	NoSpc Way = "ENOSPC"
	IOErr Way = "EIO"
	Short Way = "short write"
)

// Ways lists them all.
func Ways() []Way { return []Way{Kill, NoSpc, IOErr, Short} }

// ErrKilled is what a killed program's operations return. A test treats it as the end of
// the process.
var ErrKilled = errors.New("killed by the test")

// Nth fails one operation. The zero N fails none and only counts.
type Nth struct {
	N   int
	Way Way

	mu   sync.Mutex
	seen int
	dead bool
}

// Before implements durable.Faults. Steps are not counted.
func (n *Nth) Before(op durable.Op) error {
	if op.Kind == durable.OpStep {
		return nil
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.dead {
		return ErrKilled
	}
	n.seen++
	if n.seen != n.N {
		return nil
	}
	switch n.Way {
	case Kill:
		n.dead = true
		return ErrKilled
	case NoSpc:
		return syscall.ENOSPC
	case Short:
		if op.Kind == durable.OpWrite {
			return &durable.ShortWrite{N: op.Bytes / 2, Err: syscall.ENOSPC}
		}
	}
	return syscall.EIO
}

// Seen is the number of operations so far.
func (n *Nth) Seen() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.seen
}

// Reached reports whether the operation that was to fail came.
func (n *Nth) Reached() bool { return n.Seen() >= n.N }

// AtStep stops the program, as Kill does, at "before:STEP" or "after:STEP".
type AtStep struct {
	Step string

	mu   sync.Mutex
	dead bool
}

// Before implements durable.Faults.
func (a *AtStep) Before(op durable.Op) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if op.Kind == durable.OpStep && op.Path == a.Step {
		a.dead = true
	}
	if a.dead {
		return ErrKilled
	}
	return nil
}

// Reached reports whether the step came.
func (a *AtStep) Reached() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.dead
}
