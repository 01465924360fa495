package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// checkpointFile is what an unfinished run can go on from, in its staging folder.
const checkpointFile = "checkpoint.json"

// pullStaging makes a run's staging folder in the mirror what the store has of it: its
// checkpoint, and the files that this names. A checkpoint whose files are not all there
// any more, as another attempt of the run has ended, is none.
func (r *remote) pullStaging(t *Table, d *durable.Dir, run string) error {
	dir := "staging/" + run
	data, err := objects.Read(r.store, t.key(dir+"/"+checkpointFile))
	if errors.Is(err, fs.ErrNotExist) {
		return d.RemoveAll(t.at(dir))
	}
	if err != nil {
		return err
	}
	var cp checkpoint
	if err := json.Unmarshal(data, &cp); err != nil {
		return d.RemoveAll(t.at(dir))
	}
	if err := d.MkdirAll(t.at(dir), 0o755); err != nil {
		return err
	}
	err = atOnce(cp.Segments, func(s segment) error {
		return r.fetch(d, t.key(dir+"/"+s.File), t.at(dir+"/"+s.File), s.Part)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return d.RemoveAll(t.at(dir))
	}
	if err != nil {
		return err
	}
	return d.Replace(t.at(dir+"/"+checkpointFile), data, 0o644)
}

// showStaging is pullStaging for whoever only looks: what a run of this mirror is at, it
// leaves alone.
func (r *remote) showStaging(t *Table, d *durable.Dir, run string) error {
	if held, _ := d.Held(t.at("lock")); held {
		return nil
	}
	return r.pullStaging(t, d, run)
}

// pushStaging puts what a checkpoint names into the store, and the checkpoint last.
func (r *remote) pushStaging(x *Txn) error {
	dir := "staging/" + path.Base(x.dir)
	err := atOnce(x.cp.Segments[x.pushed:], func(s segment) error {
		return r.push(x.d, x.dir+"/"+s.File, x.t.key(dir+"/"+s.File))
	})
	if err != nil {
		return err
	}
	x.pushed = len(x.cp.Segments)
	return r.push(x.d, x.dir+"/"+checkpointFile, x.t.key(dir+"/"+checkpointFile))
}

// sweepStaging removes from the store what sweepStaging removes from the disk.
func (r *remote) sweepStaging(t *Table, except string, held bool) error {
	found, err := r.list(t, "staging/")
	if err != nil {
		return err
	}
	keep := map[string]bool{except: true}
	if !held {
		for name := range found {
			run, ok := strings.CutSuffix(name, "/"+checkpointFile)
			if !ok || run == except {
				continue
			}
			cp, err := r.checkpoint(t, run)
			if err != nil {
				return err
			}
			keep[run] = cp.Why != ""
		}
	}
	maps.DeleteFunc(found, func(name string, _ objects.Object) bool {
		run, _, _ := strings.Cut(name, "/")
		return keep[run]
	})
	_, err = r.remove(found)
	return err
}

// checkpoint reads a run's checkpoint; one that cannot be gone on from is empty.
func (r *remote) checkpoint(t *Table, run string) (checkpoint, error) {
	var cp checkpoint
	data, err := objects.Read(r.store, t.key("staging/"+run+"/"+checkpointFile))
	if errors.Is(err, fs.ErrNotExist) {
		return cp, nil
	}
	if err != nil {
		return cp, fmt.Errorf("the checkpoint of the run %s cannot be read: %w", run, err)
	}
	if json.Unmarshal(data, &cp) != nil {
		return checkpoint{}, nil
	}
	return cp, nil
}
