package project

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// pauseFile stands beside the state: what is paused is no part of what was declared.
const pauseFile = "pauses.json"

// Pauses returns the targets and schedules that are or were paused by hand.
func (p *Project) Pauses() (plan.Pauses, error) {
	files, err := p.states()
	if err != nil {
		return nil, err
	}
	data, err := files.Read(pauseFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readPauses(files, data)
}

func readPauses(files *state.Store, data []byte) (plan.Pauses, error) {
	var out plan.Pauses
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, &Error{Kind: Damaged, Summary: "Record of pauses damaged", Err: err,
			Detail: fmt.Sprintf("%s beside %s is not readable: %v. Remove it; then nothing is paused.", pauseFile, files.Path(), err)}
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
	files, err := p.states()
	if err != nil {
		return err
	}
	return files.Edit(ctx, pauseFile, p.holder(), pauseWait, func(old []byte) ([]byte, error) {
		var all plan.Pauses
		if old != nil {
			if all, err = readPauses(files, old); err != nil {
				return nil, err
			}
		}
		return p.withPause(all, st, a, paused)
	})
}

// pauseWait is how long another command may take to write down a pause of its own.
const pauseWait = 10 * time.Second

// canPause reports whether an address is a target with a table or a schedule.
func canPause(st *state.State, a addr.Address) bool {
	if st == nil {
		return false
	}
	_, scheduled := st.Schedules[a]
	return scheduled || st.Targets[a].Table != ""
}

// withPause is the record of pauses with one entry changed, without those of addresses that
// are gone; nil when the entry is as it shall be.
func (p *Project) withPause(all plan.Pauses, st *state.State, a addr.Address, paused bool) ([]byte, error) {
	if all[a].Paused == paused {
		return nil, nil
	}
	left := plan.Pauses{a: {Paused: paused, Since: p.world.Now().UTC()}}
	for other, pause := range all {
		if other != a && canPause(st, other) {
			left[other] = pause
		}
	}
	data, err := json.MarshalIndent(left, "", "  ")
	return append(data, '\n'), err
}
