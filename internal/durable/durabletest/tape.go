package durabletest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Tape records every operation below a folder. It is safe for several goroutines.
type Tape struct {
	Root string // absolute

	mu  sync.Mutex
	ops []durable.Op
}

// Before implements durable.Faults: it fails nothing.
func (t *Tape) Before(op durable.Op) error {
	if op.Kind == durable.OpStep {
		return nil
	}
	op.Data = bytes.Clone(op.Data)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ops = append(t.ops, op)
	return nil
}

// Len is the number of operations recorded.
func (t *Tape) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.ops)
}

// inode is a file's content: what is on the disk, and what was written since.
type inode struct {
	link    string // a symbolic link's text
	dir     bool
	data    []byte // as the program sees it
	durable []byte
}

// change is one name set or removed in a folder, not yet synced.
type change struct {
	name string
	node *inode // nil: removed
	pair *change
}

type folder struct {
	durable map[string]*inode
	pending []*change
}

// disk is a simulated disk. Folders are known by path; a renamed folder is not simulated,
// which is refused loudly.
type disk struct {
	folders map[string]*folder
	now     map[string]*inode // what the program sees, by path
}

// PowerLoss writes into the empty folder into what the disk would hold if the power went
// away after the first n operations: what was synced is there; of each folder's later
// changes a part, in order, chosen by seed; of each file's unsynced content a part or none.
// The recorded folder must have been empty at first.
func (t *Tape) PowerLoss(n int, seed uint64, into string) error {
	t.mu.Lock()
	ops := t.ops[:min(n, len(t.ops))]
	t.mu.Unlock()
	d := &disk{folders: map[string]*folder{".": {durable: map[string]*inode{}}}, now: map[string]*inode{}}
	for _, op := range ops {
		if err := d.play(t.Root, op); err != nil {
			return err
		}
	}
	return d.dump(rand.New(rand.NewPCG(seed, uint64(n))), into)
}

func (d *disk) play(root string, op durable.Op) error {
	path, err := filepath.Rel(root, op.Path)
	if err != nil || strings.HasPrefix(path, "..") {
		return nil // outside, or above: not ours to simulate
	}
	to := ""
	if op.Kind == durable.OpLink || op.Kind == durable.OpRename {
		if to, err = filepath.Rel(root, op.To); err != nil {
			return err
		}
	}
	switch op.Kind {
	case durable.OpMkdir:
		if d.now[path] == nil {
			d.set(path, &inode{dir: true})
			d.folders[path] = &folder{durable: map[string]*inode{}}
		}
	case durable.OpCreate, durable.OpLock:
		if d.now[path] == nil {
			d.set(path, &inode{})
		} else if op.Trunc {
			d.now[path].data = nil
		}
	case durable.OpWrite:
		if f := d.now[path]; f != nil {
			f.data = append(f.data, op.Data...)
		}
	case durable.OpSync:
		if f := d.now[path]; f != nil {
			f.durable = bytes.Clone(f.data)
		}
	case durable.OpSymlink:
		if d.now[path] == nil {
			d.set(path, &inode{link: op.To})
		}
	case durable.OpLink:
		if d.now[path] != nil && d.now[to] == nil {
			d.set(to, d.now[path])
		}
	case durable.OpRename:
		return d.rename(path, to)
	case durable.OpRemove:
		if d.now[path] != nil {
			d.set(path, nil)
		}
	case durable.OpSyncDir:
		d.sync(path)
	}
	return nil
}

func (d *disk) rename(path, to string) error {
	n := d.now[path]
	if n == nil {
		return nil
	}
	if n.dir {
		return fmt.Errorf("the simulated disk does not rename folders (%s)", path)
	}
	a := d.set(to, n)
	b := d.set(path, nil)
	if filepath.Dir(path) == filepath.Dir(to) {
		a.pair, b.pair = b, a // one change on the disk: both or neither
	}
	return nil
}

func (d *disk) set(path string, n *inode) *change {
	f := d.folders[filepath.Dir(path)]
	c := &change{name: filepath.Base(path), node: n}
	if f != nil {
		f.pending = append(f.pending, c)
	}
	if n == nil {
		delete(d.now, path)
	} else {
		d.now[path] = n
	}
	return c
}

func (d *disk) sync(path string) {
	f := d.folders[path]
	if f == nil {
		return
	}
	for _, c := range f.pending {
		f.apply(c)
	}
	f.pending = nil
}

func (f *folder) apply(c *change) {
	if c.node == nil {
		delete(f.durable, c.name)
	} else {
		f.durable[c.name] = c.node
	}
}

func (d *disk) dump(r *rand.Rand, into string) error {
	paths := make([]string, 0, len(d.folders))
	for p := range d.folders {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	for _, p := range paths {
		f := d.folders[p]
		keep := r.IntN(len(f.pending) + 1)
		if keep > 0 && keep < len(f.pending) && f.pending[keep-1].pair == f.pending[keep] {
			keep++ // never half a rename
		}
		for _, c := range f.pending[:keep] {
			f.apply(c)
		}
	}
	contents := map[*inode]string{} // where a file already stands, for hard links
	return d.dumpFolder(r, ".", into, contents)
}

func (d *disk) dumpFolder(r *rand.Rand, path, into string, done map[*inode]string) error {
	f := d.folders[path]
	names := make([]string, 0, len(f.durable))
	for n := range f.durable {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, name := range names {
		n, at := f.durable[name], filepath.Join(into, path, name)
		if err := d.dumpNode(r, n, filepath.Join(path, name), at, into, done); err != nil {
			return err
		}
	}
	return nil
}

func (d *disk) dumpNode(r *rand.Rand, n *inode, path, at, into string, done map[*inode]string) error {
	switch {
	case n.dir:
		if err := os.Mkdir(at, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return d.dumpFolder(r, path, into, done)
	case n.link != "":
		return os.Symlink(n.link, at)
	case done[n] != "":
		return os.Link(done[n], at)
	}
	done[n] = at
	return os.WriteFile(at, n.survived(r), 0o644)
}

// survived is a file's content after the loss: synced bytes, and of the rest some prefix,
// possibly with its last block never written.
func (n *inode) survived(r *rand.Rand) []byte {
	if bytes.Equal(n.data, n.durable) {
		return n.durable
	}
	if !bytes.HasPrefix(n.data, n.durable) || r.IntN(2) == 0 {
		return n.durable
	}
	extra := bytes.Clone(n.data[len(n.durable):])
	extra = extra[:r.IntN(len(extra)+1)]
	if len(extra) > 0 && r.IntN(2) == 0 {
		clear(extra[len(extra)/2:])
	}
	return append(bytes.Clone(n.durable), extra...)
}
