package project

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/state"
)

// Entry is one address of a state in a list.
type Entry struct {
	Address           addr.Address
	Table, Path, Note string
}

// Entries lists what a state holds, in address order.
func Entries(st *state.State) []Entry {
	var out []Entry
	for a, c := range st.Connections {
		out = append(out, Entry{Address: a, Note: note(true, c.PreventDestroy, false)})
	}
	for a, s := range st.Sources {
		out = append(out, Entry{Address: a, Note: note(s.Enabled, s.PreventDestroy, false)})
	}
	for a, t := range st.Targets {
		out = append(out, Entry{Address: a, Table: t.Table, Path: t.Path, Note: note(t.Enabled, t.PreventDestroy, t.Deleting)})
	}
	for a, s := range st.Schedules {
		out = append(out, Entry{Address: a, Note: note(true, s.PreventDestroy, false)})
	}
	slices.SortFunc(out, func(a, b Entry) int { return a.Address.Compare(b.Address) })
	return out
}

func note(enabled, prevent, deleting bool) string {
	var parts []string
	if !enabled {
		parts = append(parts, "disabled")
	}
	if prevent {
		parts = append(parts, "prevent_destroy")
	}
	if deleting {
		parts = append(parts, "being deleted")
	}
	return strings.Join(parts, ", ")
}

// StateEntry is what was applied at one address.
func (p *Project) StateEntry(a addr.Address) (any, error) {
	st, err := p.State()
	if err != nil {
		return nil, err
	}
	if st != nil {
		if v, ok := entryOf(st, a); ok {
			return v, nil
		}
	}
	return nil, notApplied(a)
}

func entryOf(st *state.State, a addr.Address) (any, bool) {
	switch a.Kind {
	case addr.Connection:
		v, ok := st.Connections[a]
		return v, ok
	case addr.Source:
		v, ok := st.Sources[a]
		return v, ok
	case addr.Target:
		v, ok := st.Targets[a]
		return v, ok
	}
	v, ok := st.Schedules[a]
	return v, ok
}

func notApplied(a addr.Address) error {
	return &Error{Kind: NotFound, Address: a, Summary: "Unknown address", Detail: fmt.Sprintf("Nothing was applied at %s; `inlay state list` shows what was.", a)}
}

// StateMove gives what was applied at one address another one.
func (p *Project) StateMove(ctx context.Context, from, to addr.Address, wait time.Duration) error {
	return p.edit(ctx, wait, func(st *state.State) (*state.State, error) { return state.Move(st, from, to) })
}

// StateRemove forgets what was applied at these addresses.
func (p *Project) StateRemove(ctx context.Context, list []addr.Address, wait time.Duration) error {
	return p.edit(ctx, wait, func(st *state.State) (*state.State, error) {
		for _, a := range list {
			var err error
			if st, err = state.Remove(st, a); err != nil {
				return nil, err
			}
		}
		return st, nil
	})
}

// edit changes the state under its lock.
func (p *Project) edit(ctx context.Context, wait time.Duration, change func(*state.State) (*state.State, error)) error {
	store, err := p.store(ctx, wait)
	if err == nil {
		err = store.lock()
	}
	if err != nil {
		return err
	}
	return errors.Join(p.edited(store, change), store.unlock())
}

func (p *Project) edited(store *store, change func(*state.State) (*state.State, error)) error {
	st, err := p.State()
	if err != nil {
		return err
	}
	if st == nil {
		return &Error{Kind: NotFound, Summary: "Nothing applied yet", Detail: "There is no state to change; `inlay apply` makes one."}
	}
	if st, err = change(st); err != nil {
		return err
	}
	_, err = store.Save(st)
	return err
}
