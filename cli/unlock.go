package cli

import (
	"context"
	"fmt"
)

func (s *speech) unlockCommand() *entry {
	v := &vars{}
	return &entry{
		name: "unlock", short: "say who holds the lock of the state",
		long: `A lock belongs to a process and ends with it, so none is ever left behind: a lock that is
held is held by a command that still runs, and this never takes it away. When nobody holds
it, there is nothing to do. Of a state on an object store the lock is a lease: one that a
killed command left is nothing to the machine that it ran on, and runs out for all others
within two minutes.`,
		examples: []string{"inlay unlock"},
		codes:    []int{exitLocked},
		flags:    v.flags(),
		run: func(context.Context, []string) error {
			p, err := s.open(*v)
			if err != nil {
				return err
			}
			holder, held, err := p.Holder()
			if err != nil {
				return err
			}
			if !held {
				_, err := fmt.Fprintln(s.out, "Nobody holds the lock.")
				return err
			}
			if _, err := fmt.Fprintf(s.out, "The lock is held by %s. %s\n", holder, holder.Ends()); err != nil {
				return err
			}
			return coded(exitLocked)
		},
	}
}
