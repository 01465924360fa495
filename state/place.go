package state

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"strings"
	"time"
)

// place is where the files of a store stand: a folder on disk, or an object store. Names are
// of files beside the state's own. What is written is durable when the call returns, and a
// reader finds the old or the new, whole.
type place interface {
	// path is the path or URL of the state, for people.
	path() string

	// latest reads the state last written; fs.ErrNotExist when there is none.
	latest() ([]byte, error)

	// follow writes the state of a serial behind the one before it, which is kept for people
	// too; nil when there is none. fs.ErrExist says that another wrote this serial.
	follow(serial int64, text, before []byte) error

	// read reads a file; fs.ErrNotExist when there is none.
	read(name string) ([]byte, error)

	// replace writes a file, in place of what is there.
	replace(name string, data []byte) error

	// lock takes a lock, or is a *LockedError.
	lock(ctx context.Context, name string, holder Holder, wait time.Duration) (hold, error)

	// held reports who holds a lock, if anyone does.
	held(name string) (Holder, bool, error)

	// note writes down what is known of an attempt; line is r as JSON.
	note(name string, r Run, line []byte) error

	// runs yields the attempts, the one begun last first.
	runs(name string) iter.Seq2[Run, error]

	// stamp says in a few words which version of a file is there; "" when there is none, or
	// none can be seen.
	stamp(name string) string
}

// hold is a lock that is held.
type hold interface {
	// renew says that the holder is alive and at work.
	renew() error
	release() error
}

// Read reads a small file beside the state: fs.ErrNotExist when there is none.
func (s *Store) Read(name string) ([]byte, error) { return s.place.read(name) }

// Replace writes a small file beside the state, in place of what is there.
func (s *Store) Replace(name string, data []byte) error { return s.place.replace(name, data) }

// Edit changes a file beside the state, NAME.json, while no other command does. change gets
// what it holds, nil when there is none, and returns what it shall hold; nil leaves it.
func (s *Store) Edit(ctx context.Context, name string, holder Holder, wait time.Duration, change func([]byte) ([]byte, error)) error {
	held, err := s.place.lock(ctx, strings.TrimSuffix(name, ".json")+".lock", holder, wait)
	if err != nil {
		return err
	}
	return errors.Join(s.edit(name, change), held.release())
}

func (s *Store) edit(name string, change func([]byte) ([]byte, error)) error {
	old, err := s.Read(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, err := change(old)
	if err != nil || data == nil {
		return err
	}
	return s.Replace(name, data)
}

// Stamp is a cheap sign of what the state and these files beside it hold: two that differ
// mean that something was written.
func (s *Store) Stamp(beside ...string) string {
	var b strings.Builder
	for _, name := range append([]string{s.name}, beside...) {
		if stamp := s.place.stamp(name); stamp != "" {
			fmt.Fprintf(&b, "%s %s\n", name, stamp)
		}
	}
	return b.String()
}
