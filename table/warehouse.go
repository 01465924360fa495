package table

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// homes is the folder of the warehouse in which every table has its home.
const homes = ".inlay"

// The named steps of what writes to a table, in the order of a commit. Each is durable
// before the next begins.
const (
	StepCheckpoint = "checkpoint-saved" // staged rows and where to go on
	StepStaged     = "parts-staged"     // the new parts, written and read back
	StepParts      = "parts-linked"     // the new parts in the home's parts folder
	StepManifest   = "manifest-linked"  // the commit
	StepView       = "view-built"       // the snapshot's folder
	StepSwap       = "link-swapped"     // the table's path
	StepShow       = "shown-elsewhere"  // the snapshot, for readers of a catalog; only where a table has a Publisher
	StepSweep      = "swept"            // what no snapshot needs any more
)

// Steps lists the named steps. Faults see each as "before:NAME" and "after:NAME".
func Steps() []string {
	return []string{StepCheckpoint, StepStaged, StepParts, StepManifest, StepView, StepSwap, StepSweep}
}

// Options are what a warehouse takes from outside.
type Options struct {
	Faults  durable.Faults   // nil: none
	Now     func() time.Time // required
	Version string           // of inlay

	// Objects is the store that the warehouse stands on; its folder is then a mirror, which
	// may be deleted at any time. nil: the folder is the warehouse.
	Objects objects.Store

	// Publisher says who else shows the table of a target to readers, by the target's address;
	// nil, or a nil Publisher: nobody does.
	Publisher func(address string) Publisher
}

// Warehouse is the folder in which tables stand. It is safe for several goroutines.
type Warehouse struct {
	path   string
	o      Options
	remote *remote // nil: the folder is the warehouse

	mu    sync.Mutex
	dir   *durable.Dir
	gone  []*durable.Dir    // handles of a mirror that was deleted
	paths map[string]string // table path -> id, as this process has seen; nil until first needed
}

// Open returns the warehouse at dir, which need not exist. It creates nothing.
func Open(dir string, o Options) (*Warehouse, error) {
	if o.Now == nil {
		return nil, errors.New("a warehouse is opened without a clock")
	}
	abs, err := durable.Abs(dir)
	if err != nil {
		return nil, err
	}
	w := &Warehouse{path: abs, o: o}
	if o.Objects != nil {
		w.remote = &remote{w, o.Objects}
	}
	return w, nil
}

// Close releases the warehouse's handle.
func (w *Warehouse) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	if w.dir != nil {
		err = w.dir.Close()
	}
	for _, d := range w.gone {
		err = errors.Join(err, d.Close())
	}
	w.dir, w.gone = nil, nil
	return err
}

func (w *Warehouse) now() time.Time { return w.o.Now() }

// root is the warehouse's folder; fs.ErrNotExist when there is none yet.
func (w *Warehouse) root() (*durable.Dir, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dir != nil {
		return w.dir, nil
	}
	d, err := durable.Open(w.path, w.o.Faults)
	if err != nil {
		return nil, err
	}
	w.dir = d
	return d, nil
}

// made is the warehouse's folder, created when missing.
func (w *Warehouse) made() (*durable.Dir, error) {
	d, err := w.root()
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return d, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dir != nil {
		return w.dir, nil // somebody else was faster
	}
	if w.dir, err = durable.Make(w.path, 0o755, w.o.Faults); err != nil {
		w.dir = nil
		return nil, err
	}
	return w.dir, nil
}

// madeAgain is made after the folder that was open has been removed.
func (w *Warehouse) madeAgain(removed *durable.Dir) (*durable.Dir, error) {
	w.mu.Lock()
	if w.dir == removed { // else somebody else did it
		w.gone = append(w.gone, removed) // others may still be finding out
		w.dir = nil
	}
	w.mu.Unlock()
	return w.made()
}

// Table is one table. It is safe for several goroutines; what writes takes its lock.
type Table struct {
	wh *Warehouse
	id string
}

// ID is the table's id: it stays when the table moves, and is never used again.
func (t *Table) ID() string { return t.id }

// at is a name below the table's home, as the warehouse's folder knows it.
func (t *Table) at(name string) string { return homes + "/" + t.id + "/" + name }

// root is the folder that names from at are below.
func (t *Table) root() (*durable.Dir, error) { return t.wh.root() }

// Table returns the table with that id: ErrNoTable, or ErrDeleted when it is gone.
func (w *Warehouse) Table(id string) (*Table, error) {
	if !validID(id) {
		return nil, fmt.Errorf("%q: %w", id, ErrNoTable)
	}
	t := &Table{wh: w, id: id}
	if w.remote != nil {
		return t, t.pull()
	}
	d, err := w.root()
	if err == nil {
		_, err = d.Lstat(t.at("log"))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", id, ErrNoTable)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// TableAt returns the table published at DATABASE/TABLE, or ErrNoTable.
func (w *Warehouse) TableAt(path string) (*Table, error) {
	if err := validPath(path); err != nil {
		return nil, err
	}
	if w.remote != nil {
		return w.remote.tableAt(path)
	}
	d, err := w.root()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, ErrNoTable)
	}
	if err != nil {
		return nil, err
	}
	target, err := d.Readlink(path)
	if id, _, ok := viewOf(target); err == nil && ok {
		return w.Table(id)
	}
	seen, err := w.Look()
	if err != nil {
		return nil, err
	}
	for _, s := range seen.Tables {
		if s.Path == path && !s.Deleted {
			return w.Table(s.ID)
		}
	}
	return nil, fmt.Errorf("%s: %w", path, ErrNoTable)
}

const idLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// randomText is n letters that are easy to tell apart.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // crypto/rand.Read never fails
	for i := range b {
		b[i] = idLetters[int(b[i])%len(idLetters)]
	}
	return string(b)
}

func validID(id string) bool {
	return id != "" && len(id) <= 16 && strings.Trim(id, idLetters) == ""
}

// validPath accepts DATABASE/TABLE of letters, digits and _ only.
func validPath(path string) error {
	db, tbl, ok := strings.Cut(path, "/")
	if ok && validName(db) && validName(tbl) {
		return nil
	}
	return fmt.Errorf("%q is not a table's path: write DATABASE/TABLE, both of letters, digits and _ only", path)
}

func validName(s string) bool {
	for _, r := range s {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 128
}

// Probe tells whether the warehouse's file system can hold tables, by trying it: hard
// links, symbolic links, renaming over a link, and syncing. It leaves nothing behind. A
// warehouse that does not exist yet is tried at its nearest parent that does. The error is
// an *ErrUnfit. Where the warehouse stands on an object store, that store is tried too, once
// in its life: whether it puts an object only where there is none.
func (w *Warehouse) Probe() error {
	if w.remote != nil {
		if err := objects.CheckCondition(w.remote.store); err != nil {
			return err
		}
	}
	dir := w.path
	d, err := durable.Open(dir, w.o.Faults)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		d, err = durable.Open(dir, w.o.Faults)
	}
	if err != nil {
		return err
	}
	defer d.Close()
	name := ".inlay-probe-" + randomText(8)
	if err := d.Mkdir(name, 0o755); err != nil {
		return fmt.Errorf("the folder %s cannot be written to: %w", dir, err)
	}
	defer func() { _ = d.RemoveAll(name) }() // the finding says more than what is left over
	steps := []struct {
		lacks string
		try   func() error
	}{
		{"syncing of files and folders", func() error { return d.Replace(name+"/a", []byte("probe"), 0o644) }},
		{"hard links", func() error { return d.Link(name+"/a", name+"/b") }},
		{"symbolic links", func() error { return d.Symlink("a", name+"/c") }},
		{"renaming over a symbolic link", func() error { return d.Swap("b", name+"/c") }},
	}
	for _, s := range steps {
		if err := s.try(); err != nil {
			return &ErrUnfit{Dir: dir, Lacks: s.lacks, Err: err}
		}
	}
	return nil
}
