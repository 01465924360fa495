package cli

import (
	"context"
	"fmt"

	"github.com/inlay-sync/inlay/addr"
)

func (s *speech) tableCreateCommand() *entry {
	f := &acting{}
	return &entry{
		name: "create", args: "ADDR", min: 1, max: 1, short: "make a target's table, empty, with its columns; imports nothing",
		long:     `For targets with auto_create = false, whose table an apply would refuse to make.`,
		examples: []string{"inlay table create target.parquet.users"},
		codes:    []int{exitLocked, exitDamaged},
		flags:    f.flags(),
		run: func(ctx context.Context, args []string) error {
			list, err := addresses(args)
			if err != nil {
				return err
			}
			return s.tableCreate(ctx, f, list[0])
		},
	}
}

func (s *speech) tableCreate(ctx context.Context, f *acting, a addr.Address) error {
	p, err := s.open(f.vars)
	if err != nil {
		return err
	}
	made, err := p.PlanCreate(a)
	if err != nil {
		return err
	}
	if !made.Empty() {
		return s.act(ctx, p, made, "", f, "inlay table create "+quoted(a.String()))
	}
	_, err = fmt.Fprintf(s.out, "The table of %s is there already.\n", a)
	return err
}
