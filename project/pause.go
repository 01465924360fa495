package project

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/state"
)

// Pause is a target that a person held back beside the configuration. It holds back due
// imports alone: what is asked for by name runs all the same.
type Pause struct {
	Paused bool      `json:"paused"`
	Since  time.Time `json:"since"` // when it was paused, or went on; slots before it went on never count
}

// pauseFile stands beside the state: what is paused is no part of what was declared.
const pauseFile = "pauses.json"

// Pauses returns the targets that are or were paused.
func (p *Project) Pauses() (map[addr.Address]Pause, error) {
	path := filepath.Join(filepath.Dir(p.inside(p.config.Inlay.State)), pauseFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out map[addr.Address]Pause
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, &Error{Kind: Damaged, Summary: "Record of pauses damaged", Err: err,
			Detail: fmt.Sprintf("%s is not readable: %v. Remove it; then nothing is paused.", path, err)}
	}
	return out, nil
}

// SetPaused holds back the due imports of an applied target, or lets them go on. It is
// remembered beside the state until it is changed again.
func (p *Project) SetPaused(ctx context.Context, a addr.Address, paused bool) error {
	st, err := p.State()
	if err != nil {
		return err
	}
	if st == nil || st.Targets[a].Table == "" {
		return &Error{Kind: NotFound, Address: a, Summary: "Unknown address", Detail: "No target of this address was applied, so there is nothing to pause."}
	}
	dir, err := p.folder()
	if err != nil {
		return err
	}
	return errors.Join(p.writePause(ctx, dir, a, paused), dir.Close())
}

// writePause changes one entry while no other process does.
func (p *Project) writePause(ctx context.Context, dir *durable.Dir, a addr.Address, paused bool) error {
	lock, err := dir.Lock(ctx, "pauses.lock", p.world.Command, 10*time.Second)
	if err != nil {
		return err
	}
	all, err := p.Pauses()
	if err == nil && all[a].Paused != paused {
		if all == nil {
			all = map[addr.Address]Pause{}
		}
		all[a] = Pause{paused, p.world.Now().UTC()}
		var data []byte
		if data, err = json.MarshalIndent(all, "", "  "); err == nil {
			err = dir.Replace(pauseFile, append(data, '\n'), 0o600)
		}
	}
	return errors.Join(err, lock.Release())
}

// resumed is the state as a plan of runs sees it: slots before a target went on never count.
func resumed(st *state.State, pauses map[addr.Address]Pause) *state.State {
	if st == nil || len(pauses) == 0 {
		return st
	}
	out := *st
	out.Targets = maps.Clone(st.Targets)
	for a, pause := range pauses {
		if t, ok := out.Targets[a]; ok && !pause.Paused && pause.Since.After(t.ScheduledAt) {
			t.ScheduledAt = pause.Since
			out.Targets[a] = t
		}
	}
	return &out
}

// NotePaused is the note of a target that a person paused beside the configuration.
const NotePaused = "paused by hand"

// holdPaused takes the due imports of paused targets out of a plan of runs.
func holdPaused(made *plan.Plan, asked []addr.Address, pauses map[addr.Address]Pause) {
	if len(pauses) == 0 {
		return
	}
	named := map[addr.Address]bool{}
	for _, a := range asked {
		named[a] = true
	}
	var imports []plan.Import
	for _, i := range made.Imports {
		if pauses[i.Address].Paused && !named[i.Address] {
			made.Waiting = append(made.Waiting, plan.Waiting{Address: i.Address, Note: NotePaused})
			continue
		}
		imports = append(imports, i)
	}
	made.Imports = imports
	for i := range made.Waiting {
		if w := &made.Waiting[i]; pauses[w.Address].Paused {
			w.Next, w.NextText, w.Note = time.Time{}, "", NotePaused
		}
	}
}
