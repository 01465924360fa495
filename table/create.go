package table

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/spec"
)

// Creation says what table to create. Address, Lineage and Spec are the run's where they
// are empty.
type Creation struct {
	Path           string // DATABASE/TABLE
	Address        string
	Lineage        string
	Spec           spec.Spec
	PreventDestroy bool
	OnRemove       string
	Run            Run
}

func (c *Creation) fill() {
	if c.Address == "" {
		c.Address = c.Run.Address
	}
	if c.Lineage == "" {
		c.Lineage = c.Run.Lineage
	}
	if c.Spec.Target == nil {
		c.Spec = c.Run.Spec
	}
}

// Create makes an empty table with its columns and publishes it. It refuses a path at
// which something stands (*ErrPathTaken). When a crash, or an error after the first commit, left the very table
// that is asked for, it is finished and returned.
func (w *Warehouse) Create(c Creation) (*Table, error) {
	c.fill()
	if err := validPath(c.Path); err != nil {
		return nil, err
	}
	if _, err := newLayout(c.Spec); err != nil {
		return nil, err
	}
	if w.remote != nil {
		return w.remote.create(c)
	}
	d, err := w.made()
	if err != nil {
		return nil, err
	}
	if err := d.MkdirAll(homes, 0o755); err != nil {
		return nil, err
	}
	lock, err := d.Lock(context.Background(), homes+"/lock", "create "+c.Path, 30*time.Second)
	if err != nil {
		return nil, err
	}
	t, err := w.create(d, c)
	return t, errors.Join(err, lock.Release())
}

// manifest is the first of the table.
func (c *Creation) manifest() Manifest {
	return Manifest{
		Number: 1, Kind: KindCreate, Lineage: c.Lineage, Address: c.Address, Path: c.Path, Run: c.Run.ID,
		Spec: c.Spec, Columns: c.Spec.Columns(), Parts: []Part{}, Snapshot: 1, PreventDestroy: c.PreventDestroy, OnRemove: c.OnRemove,
	}
}

// made reports whether a table is the one that the creation makes, and has not gone on since.
func (c *Creation) made(head Manifest) bool {
	return head.Number == 1 && head.Lineage == c.Lineage && head.Address == c.Address && sameSpec(head.Spec, c.Spec)
}

func (w *Warehouse) create(d *durable.Dir, c Creation) (*Table, error) {
	if t, err := w.standing(d, c); t != nil || err != nil {
		return t, err
	}
	t, err := w.newHome(d)
	if err != nil {
		return nil, err
	}
	if _, _, err := t.commitManifest(c.manifest(), ""); err != nil {
		return nil, err
	}
	w.remember(c.Path, t.id)
	return t, t.publish(d, false)
}

// standing looks for what stands at the path: nothing, the table that a run of the same
// owner began, or something that is in the way.
func (w *Warehouse) standing(d *durable.Dir, c Creation) (*Table, error) {
	id, err := w.idAt(c.Path)
	if err != nil {
		return nil, err
	}
	if id == "" {
		t := &Table{wh: w, id: "-"} // no table: any link is in the way
		return nil, t.free(d, c.Path)
	}
	t := &Table{wh: w, id: id}
	m, _, err := t.head()
	if err != nil {
		return nil, err
	}
	if c.made(m) {
		return t, t.publish(d, true)
	}
	return nil, &ErrPathTaken{Path: c.Path, What: "the table " + id}
}

// idAt is the living table whose path this is, published or not; "" if there is none.
func (w *Warehouse) idAt(name string) (string, error) {
	w.mu.Lock()
	known := w.paths != nil
	w.mu.Unlock()
	if !known {
		seen, err := w.Look()
		if err != nil {
			return "", err
		}
		for _, s := range seen.Tables {
			if !s.Deleted {
				w.remember(s.Path, s.ID)
			}
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paths == nil {
		w.paths = map[string]string{}
	}
	id := w.paths[name]
	if id == "" {
		return "", nil
	}
	t := &Table{wh: w, id: id}
	w.mu.Unlock()
	m, _, err := t.head()
	w.mu.Lock()
	if err != nil || m.Kind == KindDelete || m.Path != name {
		delete(w.paths, name)
		return "", nil
	}
	return id, nil
}

func (w *Warehouse) remember(name, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.paths == nil {
		w.paths = map[string]string{}
	}
	w.paths[name] = id
}

// folders are those that a home always has.
func folders() []string { return []string{"parts", "log", "views"} }

// makeHome makes the folders of the table's home, as far as they are missing.
func (t *Table) makeHome() error {
	if t.wh.remote != nil {
		_, err := t.wh.remote.mirror(t)
		return err
	}
	d, err := t.wh.made()
	if err != nil {
		return err
	}
	for _, sub := range folders() {
		if err := d.MkdirAll(t.at(sub), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// newHome makes a home under an id that was never used.
func (w *Warehouse) newHome(d *durable.Dir) (*Table, error) {
	for range 100 {
		t := &Table{wh: w, id: randomText(6)}
		err := d.Mkdir(homes+"/"+t.id, 0o755)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, sub := range folders() {
			if err := d.Mkdir(t.at(sub), 0o755); err != nil {
				return nil, err
			}
		}
		for _, dir := range []string{homes + "/" + t.id, homes} {
			if err := d.SyncDir(dir); err != nil {
				return nil, err
			}
		}
		return t, nil
	}
	return nil, fmt.Errorf("no free id was found in %s", path.Join(filepath.ToSlash(d.Path()), homes))
}
