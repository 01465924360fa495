package durable

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// Dir is a folder. Names given to its methods are slash-separated paths inside it; a name
// that would leave it, through ".." or a symbolic link, is an error. A Dir is safe for use
// by several goroutines. Errors are *fs.PathError or *os.LinkError with the name as given, in
// a *FullError where the disk had no room.
type Dir struct {
	root   *os.Root
	path   string // absolute
	faults Faults
}

// Abs is the absolute form of a path, which stays right when the working folder changes.
func Abs(path string) (string, error) { return filepath.Abs(path) }

// Open opens a folder that exists. Without faults (nil) nothing is ever failed on purpose.
func Open(path string, f Faults) (*Dir, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, err
	}
	return &Dir{root: root, path: abs, faults: f}, nil
}

// Make opens a folder, creating it and the parents it lacks, each of them durably.
func Make(path string, perm fs.FileMode, f Faults) (*Dir, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	have := abs
	for {
		if st, err := os.Stat(have); err == nil {
			if !st.IsDir() {
				return nil, &fs.PathError{Op: "mkdir", Path: have, Err: fmt.Errorf("it is a file, not a folder")}
			}
			break
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		have = filepath.Dir(have)
	}
	d, err := Open(have, f)
	if err != nil || have == abs {
		return d, err
	}
	defer d.Close()
	rel, err := filepath.Rel(have, abs)
	if err != nil {
		return nil, err
	}
	if err := d.MkdirAll(filepath.ToSlash(rel), perm); err != nil {
		return nil, err
	}
	return d.Sub(filepath.ToSlash(rel))
}

// Sub opens a folder inside, under the same faults.
func (d *Dir) Sub(name string) (*Dir, error) {
	root, err := d.root.OpenRoot(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	return &Dir{root: root, path: d.abs(name), faults: d.faults}, nil
}

// Close releases the folder's handle.
func (d *Dir) Close() error { return d.root.Close() }

// Path is the folder's absolute path.
func (d *Dir) Path() string { return d.path }

func (d *Dir) abs(name string) string { return filepath.Join(d.path, filepath.FromSlash(name)) }

func (d *Dir) before(op Op) error {
	if d.faults == nil {
		return nil
	}
	return d.faults.Before(op)
}

// Step runs do as a named step: the faults see it begin and end, so that a test can stop
// the program right before or right after it.
func (d *Dir) Step(name string, do func() error) error {
	if err := d.before(Op{Kind: OpStep, Path: "before:" + name}); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return d.before(Op{Kind: OpStep, Path: "after:" + name})
}

// Mkdir creates one folder; fs.ErrExist when the name is taken. It is durable after
// SyncDir of its parent.
func (d *Dir) Mkdir(name string, perm fs.FileMode) error {
	if err := d.before(Op{Kind: OpMkdir, Path: d.abs(name)}); err != nil {
		return roomFor(&fs.PathError{Op: "mkdir", Path: name, Err: err})
	}
	return roomFor(d.root.Mkdir(filepath.FromSlash(name), perm))
}

// MkdirAll creates a folder and the parents it lacks and makes each durable. A folder that
// is there is fine, and is made durable too: whoever made it may have stopped before.
func (d *Dir) MkdirAll(name string, perm fs.FileMode) error {
	if name == "." || name == "" {
		return nil
	}
	parent := filepath.ToSlash(filepath.Dir(filepath.FromSlash(name)))
	st, err := d.Stat(name)
	switch {
	case err == nil && !st.IsDir():
		return &fs.PathError{Op: "mkdir", Path: name, Err: fmt.Errorf("it is a file, not a folder")}
	case err == nil:
		return d.SyncDir(parent)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	if err := d.MkdirAll(parent, perm); err != nil {
		return err
	}
	if err := d.Mkdir(name, perm); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.SyncDir(parent)
}

// Link makes newname a second name of the file oldname; fs.ErrExist when newname is
// taken. It is durable after SyncDir.
func (d *Dir) Link(oldname, newname string) error {
	if err := d.before(Op{Kind: OpLink, Path: d.abs(oldname), To: d.abs(newname)}); err != nil {
		return roomFor(&os.LinkError{Op: "link", Old: oldname, New: newname, Err: err})
	}
	return roomFor(d.root.Link(filepath.FromSlash(oldname), filepath.FromSlash(newname)))
}

// Rename moves oldname to newname, replacing what is there. It is durable after SyncDir of
// both folders.
func (d *Dir) Rename(oldname, newname string) error {
	if err := d.before(Op{Kind: OpRename, Path: d.abs(oldname), To: d.abs(newname)}); err != nil {
		return roomFor(&os.LinkError{Op: "rename", Old: oldname, New: newname, Err: err})
	}
	return roomFor(d.root.Rename(filepath.FromSlash(oldname), filepath.FromSlash(newname)))
}

// Symlink makes newname a symbolic link with the text target, which is not looked at.
func (d *Dir) Symlink(target, newname string) error {
	if err := d.before(Op{Kind: OpSymlink, Path: d.abs(newname), To: target}); err != nil {
		return roomFor(&os.LinkError{Op: "symlink", Old: target, New: newname, Err: err})
	}
	return roomFor(d.root.Symlink(filepath.FromSlash(target), filepath.FromSlash(newname)))
}

// Swap makes the symbolic link name point to target in one step, durably: whoever reads it
// meanwhile finds the old target or the new one.
func (d *Dir) Swap(target, name string) error {
	temp := tempName(name)
	if err := d.Symlink(target, temp); err != nil {
		return err
	}
	if err := d.Rename(temp, name); err != nil {
		_ = d.Remove(temp) // the first error says more; the temp is swept later
		return err
	}
	return d.SyncDir(parentOf(name))
}

// Remove removes a file, a link or an empty folder. It is durable after SyncDir.
func (d *Dir) Remove(name string) error {
	if err := d.before(Op{Kind: OpRemove, Path: d.abs(name)}); err != nil {
		return &fs.PathError{Op: "remove", Path: name, Err: err}
	}
	return d.root.Remove(filepath.FromSlash(name))
}

// RemoveAll removes a folder with all it holds, one operation each, links unfollowed. What
// is not there is no error.
func (d *Dir) RemoveAll(name string) error {
	st, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if st.IsDir() {
		entries, err := d.ReadDir(name)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := d.RemoveAll(name + "/" + e.Name()); err != nil {
				return err
			}
		}
	}
	if err := d.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Backdate sets the time at which a folder was last changed so long before now. What comes
// into it or goes afterwards shows, however coarse the clock of the file system is. It is a
// note for whoever looks: it is made durable by nothing but luck, and no faults are asked.
func (d *Dir) Backdate(name string, by time.Duration) error {
	then := time.Now().Add(-by)
	return d.root.Chtimes(filepath.FromSlash(name), then, then)
}

// SyncDir puts a folder's names on the disk ("." is the Dir itself).
func (d *Dir) SyncDir(name string) error {
	if err := d.before(Op{Kind: OpSyncDir, Path: d.abs(name)}); err != nil {
		return roomFor(&fs.PathError{Op: "sync folder", Path: name, Err: err})
	}
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there; names are journaled
	}
	f, err := d.root.Open(filepath.FromSlash(name))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return roomFor(&fs.PathError{Op: "sync folder", Path: name, Err: err})
	}
	return nil
}

// tempPrefix begins the names of files on their way to another name.
const tempPrefix = ".tmp-"

func tempName(name string) string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // crypto/rand.Read never fails
	parent, base := filepath.Split(filepath.FromSlash(name))
	return filepath.ToSlash(parent) + tempPrefix + base + "-" + hex.EncodeToString(b[:])
}

func parentOf(name string) string {
	return filepath.ToSlash(filepath.Dir(filepath.FromSlash(name)))
}

// SweepTemps removes the temporary files that a crash left in a folder: those last written
// before the given moment. It reports how many.
func (d *Dir) SweepTemps(name string, before time.Time) (int, error) {
	entries, err := d.ReadDir(name)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, e := range entries {
		if len(e.Name()) < len(tempPrefix) || e.Name()[:len(tempPrefix)] != tempPrefix {
			continue
		}
		st, err := d.Lstat(name + "/" + e.Name())
		if err != nil || !st.ModTime().Before(before) {
			continue // gone, or still young enough to be someone's
		}
		if err := d.Remove(name + "/" + e.Name()); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return n, err
		}
		n++
	}
	return n, nil
}
