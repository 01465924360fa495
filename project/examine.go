package project

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// Verdict is how an examination ended.
type Verdict string

// The verdicts.
const (
	Fine    Verdict = "fine"
	Warning Verdict = "warning" // it works, and something should be known
	Problem Verdict = "problem" // something will not work
	Unknown Verdict = "unknown" // nobody could tell
)

// Examination is one thing about this machine or a connection that was looked at.
type Examination struct {
	Subject string // what was looked at, in a word or two
	Address string // of a connection; ""
	Verdict Verdict
	Found   string // full sentences
	Means   string // what follows from it and what to do; "" when all is fine
	Err     error  // of a problem, where there is one
}

// Examine looks at what the project needs of this machine and, unless offline, at each
// connection. It writes nothing that it does not remove again, and reads no rows.
func (p *Project) Examine(ctx context.Context, offline bool) []Examination {
	home := p.examineWarehouse()
	out := []Examination{p.examineConfig(), home, p.examineLocks(ctx, home.Err), p.examineSpace(), p.examineState()}
	out = append(out, p.examinePermissions()...)
	out = append(out, examineZones())
	for i := range p.config.Connections {
		out = append(out, p.examineConnection(ctx, &p.config.Connections[i], offline)...)
	}
	return out
}

func (p *Project) examineConfig() Examination {
	e := Examination{Subject: "configuration", Verdict: Fine, Found: "The configuration of the folder is valid."}
	if n := len(p.wrong); n > 0 {
		e.Verdict, e.Found = Problem, fmt.Sprintf("The configuration has errors: %s.", namesOf(p.wrong))
		e.Means = "Nothing new can be planned or applied; what was applied before goes on being imported. `inlay validate` explains each."
	}
	return e
}

// examineWarehouse tries whether tables can stand where they shall.
func (p *Project) examineWarehouse() Examination {
	if objects.IsURL(p.config.Inlay.Warehouse) {
		return p.examineObjects()
	}
	return p.examineFileSystem()
}

// examineObjects tries the object store under the tables. What it remembers there of a first
// try stays.
func (p *Project) examineObjects() Examination {
	e := Examination{Subject: "object store", Verdict: Fine, Found: p.WarehousePath() + " can be read and written, and creates an object only where there is none."}
	w, err := p.warehouse()
	if err == nil {
		err = errors.Join(w.Probe(), w.Close())
	}
	if err != nil {
		e.Verdict, e.Found, e.Err = Problem, "Tables cannot stand at "+p.WarehousePath()+": "+err.Error(), err
		e.Means = "No import can commit there."
	}
	return e
}

func (p *Project) examineFileSystem() Examination {
	e := Examination{Subject: "file system", Verdict: Fine, Found: p.WarehousePath() + " has hard links, symbolic links, renames over them, and syncing of files and folders."}
	w, err := p.warehouse()
	if err == nil {
		err = errors.Join(w.Probe(), w.Close())
	}
	if err != nil {
		e.Verdict, e.Found, e.Err = Problem, "Tables cannot stand at "+p.WarehousePath()+": "+err.Error()+".", err
		e.Means = "No import can commit there. Set warehouse in the inlay block to a folder on a local disk that you may write to."
	}
	return e
}

// standing is the nearest folder that exists of the warehouse's path, or of its mirror's.
func (p *Project) standing() (*durable.Dir, error) {
	path, at, remote, err := p.place(p.config.Inlay.Warehouse)
	if remote {
		path = p.mirror(at)
	}
	dir, abs := filepath.Abs(path)
	if err := errors.Join(err, abs); err != nil {
		return nil, err
	}
	for {
		d, err := durable.Open(dir, p.world.faults())
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir {
			return d, err
		}
		dir = filepath.Dir(dir)
	}
}

// examineLocks tries a lock, where files can be written at all.
func (p *Project) examineLocks(ctx context.Context, unfit error) Examination {
	e := Examination{Subject: "locks", Verdict: Fine, Found: "A held lock keeps a second holder away."}
	if unfit != nil {
		e.Verdict, e.Found = Unknown, "No lock was tried where no table can stand."
		return e
	}
	if err := p.tryLock(ctx); err != nil {
		e.Verdict, e.Found, e.Err = Problem, "Locks do not work at "+p.WarehousePath()+": "+err.Error()+".", err
		e.Means = "Two commands could write at once; one would find out at its commit and fail. Use a local disk."
	}
	return e
}

var errNoLocks = errors.New("a lock was given to two holders at once")

func (p *Project) tryLock(ctx context.Context) error {
	d, err := p.standing()
	if err != nil {
		return err
	}
	defer d.Close()
	name := ".inlay-lock-" + runID(p.world.Now())
	first, err := d.Lock(ctx, name, "doctor", 0)
	if err != nil {
		return err
	}
	second, err := d.Lock(ctx, name, "doctor", 0)
	var held *durable.HeldError
	switch {
	case err == nil:
		err = errors.Join(errNoLocks, second.Release())
	case errors.As(err, &held):
		err = nil
	}
	return errors.Join(err, first.Release(), d.Remove(name))
}

// leastFree is the free disk below which a warehouse without tables gets a warning.
const leastFree = 1 << 30

func (p *Project) examineSpace() Examination {
	e := Examination{Subject: "disk", Verdict: Unknown, Found: "The system does not say how much disk is free."}
	d, err := p.standing()
	if err != nil {
		e.Err = err
		return e
	}
	defer d.Close()
	free := d.Free()
	if free < 0 {
		return e
	}
	largest := int64(0)
	if s, err := p.situation(); err == nil {
		for _, t := range s.seen.Tables {
			n := int64(0)
			for _, part := range t.Head.Parts {
				n += part.Bytes
			}
			largest = max(largest, n)
		}
	}
	e.Verdict, e.Found = Fine, fmt.Sprintf("%d MiB are free; the largest table has %d MiB.", free>>20, largest>>20)
	if free < leastFree || free < 2*largest {
		e.Verdict = Warning
		e.Means = "A change of columns or partitions writes the table anew beside the old one, which takes about twice its size. Free some disk; `inlay table prune` lets old snapshots go."
	}
	return e
}

func (p *Project) examineState() Examination {
	e := Examination{Subject: "state", Verdict: Fine, Found: "Nothing is applied yet."}
	s, err := p.State()
	switch {
	case err != nil:
		e.Verdict, e.Found, e.Err = Problem, "The state cannot be read: "+strings.TrimSuffix(err.Error(), ".")+".", err
		e.Means = "Nothing can be applied. The tables are whole without it: put a copy back, or move it away, and plan adopts them again."
	case s != nil:
		e.Found = fmt.Sprintf("The state is whole, at serial %d.", s.Serial)
	}
	return e
}

// examinePermissions looks at who else on this machine could read secrets or change tables.
func (p *Project) examinePermissions() []Examination {
	if runtime.GOOS == "windows" {
		return nil
	}
	e := Examination{Subject: "permissions", Verdict: Fine, Found: "Nobody else may change the folder, the warehouse or the state, or read stored sign-ins."}
	var found []string
	type wish struct {
		path  string
		wrong fs.FileMode
		says  string
	}
	files := []wish{
		{p.inside("."), 0o022, "may be written to by others"},
		{p.signInsOrNothing(), 0o077, "may be read by others"},
	}
	if path, _, remote, err := p.place(p.config.Inlay.Warehouse); err == nil && !remote {
		files = append(files, wish{path, 0o022, "may be written to by others"})
	}
	if path, _, remote, err := p.place(p.config.Inlay.State); err == nil && !remote {
		files = append(files, wish{filepath.Dir(path), 0o022, "may be written to by others"}, wish{path, 0o077, "may be read by others"})
	}
	for _, f := range files {
		if st, err := os.Stat(f.path); f.path != "" && err == nil && st.Mode().Perm()&f.wrong != 0 {
			if text := fmt.Sprintf("%s %s (%04o)", f.path, f.says, st.Mode().Perm()); !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
	}
	if len(found) == 0 {
		return []Examination{e}
	}
	var out []Examination
	for _, text := range found {
		out = append(out, Examination{Subject: e.Subject, Verdict: Warning, Found: text + ".",
			Means: "Whoever may write here decides what is imported and what readers see; whoever may read stored sign-ins can read the account. Take the permission away with chmod, unless you mean it."})
	}
	return out
}

func (p *Project) signInsOrNothing() string {
	path, err := p.world.signInsPath()
	if err != nil {
		return ""
	}
	return path
}

func examineZones() Examination {
	e := Examination{Subject: "time zones", Verdict: Fine, Found: "Zones are known by their names."}
	for _, name := range []string{"Asia/Tokyo", "America/Los_Angeles", "Europe/Dublin"} {
		if _, err := time.LoadLocation(name); err != nil {
			e.Verdict, e.Found, e.Err = Problem, "The zone "+name+" is not known on this machine: "+err.Error()+".", err
			e.Means = "Schedules and partitions of any zone but UTC are refused. inlay carries zone data of its own; if ZONEINFO is set, it names other data: unset it."
			return e
		}
	}
	return e
}
