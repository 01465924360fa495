package project

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// pauseFile stands beside the state: what is paused is no part of what was declared.
const pauseFile = "pauses.json"

// Pauses returns the targets and schedules that are or were paused by hand.
func (p *Project) Pauses() (plan.Pauses, error) {
	path := filepath.Join(filepath.Dir(p.inside(p.config.Inlay.State)), pauseFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out plan.Pauses
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, &Error{Kind: Damaged, Summary: "Record of pauses damaged", Err: err,
			Detail: fmt.Sprintf("%s is not readable: %v. Remove it; then nothing is paused.", path, err)}
	}
	return out, nil
}

// SetPaused holds back the due imports of an applied target, or of all targets of an applied
// schedule, or lets them go on. It is remembered beside the state until it is changed again,
// and whatever imports what is due honours it.
func (p *Project) SetPaused(ctx context.Context, a addr.Address, paused bool) error {
	st, err := p.State()
	if err != nil {
		return err
	}
	if !canPause(st, a) {
		return &Error{Kind: NotFound, Address: a, Summary: "Unknown address",
			Detail: fmt.Sprintf("Nothing that could be paused was applied at %s. A target is paused, or a schedule and with it all its targets; `inlay state list` shows what was applied.", a)}
	}
	dir, err := p.folder()
	if err != nil {
		return err
	}
	return errors.Join(p.writePause(ctx, dir, st, a, paused), dir.Close())
}

// canPause reports whether an address is a target with a table or a schedule.
func canPause(st *state.State, a addr.Address) bool {
	if st == nil {
		return false
	}
	_, scheduled := st.Schedules[a]
	return scheduled || st.Targets[a].Table != ""
}

// writePause changes one entry while no other process does, and drops those of addresses
// that are gone.
func (p *Project) writePause(ctx context.Context, dir *durable.Dir, st *state.State, a addr.Address, paused bool) error {
	lock, err := dir.Lock(ctx, "pauses.lock", p.world.Command, 10*time.Second)
	if err != nil {
		return err
	}
	all, err := p.Pauses()
	if err == nil && all[a].Paused != paused {
		left := plan.Pauses{a: {Paused: paused, Since: p.world.Now().UTC()}}
		for other, pause := range all {
			if other != a && canPause(st, other) {
				left[other] = pause
			}
		}
		var data []byte
		if data, err = json.MarshalIndent(left, "", "  "); err == nil {
			err = dir.Replace(pauseFile, append(data, '\n'), 0o600)
		}
	}
	return errors.Join(err, lock.Release())
}
