package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// segment is one staged file of rows of one partition. It is a part in all but name.
type segment struct {
	File      string    `json:"file"` // in the run's folder
	Partition string    `json:"partition"`
	Family    int       `json:"family,omitempty"` // segments of one family can be put together page for page
	Part      Part      `json:"part"`
	Arrived   []arrival `json:"arrived"`
}

// arrival says when rows of a segment came: those from Row on belong to the run's batch
// number Batch. Of two rows with one key and no order between them, the later one counts.
type arrival struct {
	Row   int64 `json:"row"`
	Batch int64 `json:"batch"`
}

// checkpoint is what an unfinished run can go on from. It is written whole, after the
// segments that it names.
type checkpoint struct {
	Staged
	Workspace Workspace `json:"workspace,omitzero"`
	Segments  []segment `json:"segments"`
	Deleted   []string  `json:"deleted,omitempty"` // encoded keys of rows the service said are gone
	Counts    Counts    `json:"counts"`
	Batches   int64     `json:"batches"`
	Closed    *Close    `json:"closed,omitempty"` // of a result that is held back
}

// Close is what the caller of Commit knows at the end of a read.
type Close struct {
	Bookmark stream.Bookmark `json:"bookmark,omitempty"` // "" keeps the table's
	Position string          `json:"position,omitempty"` // the bookmark in words
	Final    *stream.Final   `json:"final,omitempty"`
	Covered  []Interval      `json:"covered,omitempty"`
	// Hold, when set, keeps the rows staged under this reason instead of publishing them.
	Hold string `json:"hold,omitempty"`
}

// Reasons why a result is held back.
const (
	HeldByExpect     = "expect"
	HeldByShrink     = "shrink"
	HeldByIncomplete = "incomplete"
)

// staleCheckpoint is the age at which a checkpoint of a replaced table is worth less than
// a fresh read.
const staleCheckpoint = 24 * time.Hour

// fits reports whether a run may go on from the checkpoint, or why not.
func (cp checkpoint) fits(r Run, now time.Time) (bool, string) {
	switch {
	case !sameSpec(cp.Spec, r.Spec):
		return false, "it was made by another configuration"
	case cp.Workspace.ID != r.Workspace.ID:
		return false, "it holds rows of another workspace"
	case cp.Full != r.Full:
		return false, "it belongs to another kind of read"
	case cp.Why == "" && replaces(r) && now.Sub(cp.Saved) > staleCheckpoint:
		return false, "it is older than a day, and the table is replaced as a whole"
	}
	return true, ""
}

// replaces reports whether a run's rows stand in place of all others.
func replaces(r Run) bool {
	return r.Reimport || r.Spec.Mode() == spec.Replace || r.Spec.Mode() == spec.ReplaceOnNewData
}

// sameSpec compares specs as they are written, so that one read back from a file equals
// the one that was written.
func sameSpec(a, b spec.Spec) bool {
	var x, y any
	for _, p := range []struct {
		s  spec.Spec
		to *any
	}{{a, &x}, {b, &y}} {
		data, err := json.Marshal(p.s)
		if err != nil || json.Unmarshal(data, p.to) != nil {
			return false
		}
	}
	return reflect.DeepEqual(x, y)
}

// runFolder is the folder's name for a run's id.
func runFolder(id string) string {
	if validRun(id) {
		return id
	}
	return "run-" + hashOf([]byte(id))[:16]
}

func validRun(id string) bool {
	for _, r := range id {
		if r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// openStaging makes or opens the run's folder. What no checkpoint names is removed, and so
// are the folders of other runs unless they are held for a look: the lock is ours, so
// nobody works on them.
func (x *Txn) openStaging() error {
	if r := x.t.wh.remote; r != nil {
		if err := r.pullStaging(x.t, x.d, runFolder(x.run.ID)); err != nil {
			return err
		}
		x.attempt = "-" + strings.ToLower(randomText(6))
	}
	if err := x.d.MkdirAll(x.dir, 0o755); err != nil {
		return err
	}
	cp, err := readCheckpoint(x.d, x.dir)
	switch {
	case err == nil:
		ok, why := cp.fits(x.run, x.t.wh.now())
		if ok {
			x.cp = cp
			x.resumed = cp.Resume != "" || cp.Closed != nil
			x.pushed = len(cp.Segments)
			break
		}
		x.discarded = why
		if err := x.d.Remove(x.dir + "/" + checkpointFile); err != nil {
			return err
		}
		if err := x.d.SyncDir(x.dir); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		x.discarded = "it cannot be read"
	}
	return x.clearStaging()
}

func (x *Txn) clearStaging() error {
	keep := map[string]bool{checkpointFile: x.resumed}
	if x.resumed {
		for _, s := range x.cp.Segments {
			keep[s.File] = true
			if _, err := x.d.Lstat(x.dir + "/" + s.File); err != nil {
				return fmt.Errorf("a staged file is gone: %w; remove the folder %s to start over", err, x.dir)
			}
		}
	}
	entries, err := x.d.ReadDir(x.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if keep[e.Name()] {
			continue
		}
		if err := x.d.RemoveAll(x.dir + "/" + e.Name()); err != nil {
			return err
		}
	}
	return nil
}

// sweepStaging removes what other runs left: unfinished reads, and with held also results
// that were held back for a look.
func (t *Table) sweepStaging(d *durable.Dir, except string, held bool) error {
	if r := t.wh.remote; r != nil {
		if err := r.sweepStaging(t, except, held); err != nil {
			return err
		}
	}
	return t.clearRuns(d, func(run string) bool {
		if run == except {
			return false
		}
		cp, err := readCheckpoint(d, t.at("staging/"+run))
		return held || err != nil || cp.Why == ""
	})
}

// clearRuns removes the staging folders of runs that are done with, by their names.
func (t *Table) clearRuns(d *durable.Dir, done func(run string) bool) error {
	entries, err := d.ReadDir(t.at("staging"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !done(e.Name()) {
			continue
		}
		if err := d.RemoveAll(t.at("staging/" + e.Name())); err != nil {
			return err
		}
	}
	return t.leaveStaging(d)
}

// leaveStaging removes the folder of what is staged once nothing is: whoever looks at many
// tables asks for it once, and need not open it.
func (t *Table) leaveStaging(d *durable.Dir) error {
	err := d.Remove(t.at("staging"))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) { // there is none, or something is in it
		return nil
	}
	return err
}

// save writes the checkpoint over the one before.
func (x *Txn) save() error {
	data, err := json.Marshal(x.cp)
	if err != nil {
		return err
	}
	return x.d.Step(StepCheckpoint, func() error {
		err := x.d.Replace(x.dir+"/"+checkpointFile, append(data, '\n'), 0o644)
		if r := x.t.wh.remote; r != nil && err == nil {
			err = r.pushStaging(x)
		}
		return err
	})
}

// dropStaging removes what a run has staged.
func (t *Table) dropStaging(d *durable.Dir, run string) error {
	if r := t.wh.remote; r != nil {
		if _, err := r.clear(t, "staging/"+run+"/", nothing); err != nil {
			return err
		}
	}
	if err := d.RemoveAll(t.at("staging/" + run)); err != nil {
		return err
	}
	return t.leaveStaging(d)
}
