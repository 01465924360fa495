package durable

import (
	"errors"
	"fmt"
	"syscall"
)

// FullError is an operation that found no room: the disk is full, out of inodes, or a quota
// is used up. It wraps the system's error. Names need room too, so any operation but a
// removal may end so.
type FullError struct{ Err error }

func (e *FullError) Error() string { return e.Err.Error() }

// Unwrap returns the system's error.
func (e *FullError) Unwrap() error { return e.Err }

// Explain says in a few constant words what is wrong, and in sentences what to do.
func (e *FullError) Explain() (summary, detail string) {
	return "The disk is full", fmt.Sprintf("There was no room left on the disk: %s. Nothing half-written counts: tables and state are as they were before, or as the last commit made them. Free some disk (`inlay table prune` lets old snapshots go) and run the same command again.", e.Err)
}

// roomFor names a full disk as what it is; any other error stays as it came.
func roomFor(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &FullError{Err: err}
	}
	return err
}
