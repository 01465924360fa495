package durable

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Lock is a held lock. The operating system lets go of it when the process ends, however
// it ends.
type Lock struct {
	f    *flock.Flock
	dir  *Dir
	name string
}

// HeldError says that another process, or another part of this one, holds a lock.
type HeldError struct {
	Path   string // absolute, of the lock file
	Holder string // what the holder wrote of itself; "" if nothing yet
}

func (e *HeldError) Error() string {
	if e.Holder == "" {
		return fmt.Sprintf("%s is locked by another process", e.Path)
	}
	return fmt.Sprintf("%s is locked by %s", e.Path, e.Holder)
}

// A look by Held takes a shared lock for an instant; a locker that meets one tries again
// this often.
const (
	lockTries = 5
	lockPause = 10 * time.Millisecond
)

// Lock takes the exclusive lock on a file of that name, creating it, and waits up to wait
// for whoever has it; then, or when ctx ends, it returns a *HeldError. Holder is what the
// next one that meets the lock is told.
func (d *Dir) Lock(ctx context.Context, name, holder string, wait time.Duration) (*Lock, error) {
	if err := d.before(Op{Kind: OpLock, Path: d.abs(name)}); err != nil {
		return nil, roomFor(&fs.PathError{Op: "lock", Path: name, Err: err})
	}
	if err := d.lockable(name); err != nil {
		return nil, err
	}
	l := flock.New(d.abs(name), flock.SetPermissions(0o644))
	deadline := time.Now().Add(wait)
	for try := 1; ; try++ {
		ok, err := l.TryLock()
		if err != nil {
			return nil, roomFor(&fs.PathError{Op: "lock", Path: name, Err: err})
		}
		if ok {
			break
		}
		if try >= lockTries && !time.Now().Before(deadline) {
			return nil, errors.Join(&HeldError{Path: d.abs(name), Holder: d.holder(name)}, l.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(&HeldError{Path: d.abs(name), Holder: d.holder(name)}, ctx.Err(), l.Close())
		case <-time.After(lockPause):
		}
	}
	lock := &Lock{f: l, dir: d, name: name}
	if err := d.sayHolder(name, holder); err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	return lock, nil
}

// lockable refuses a lock name that is a link or leads outside.
func (d *Dir) lockable(name string) error {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return &fs.PathError{Op: "lock", Path: name, Err: fs.ErrInvalid}
	}
	st, err := d.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return &fs.PathError{Op: "lock", Path: name, Err: errors.New("it is not a plain file")}
	}
	return nil
}

// sayHolder writes the holder into the lock file in place: the file itself must stay, as
// it is what is locked.
func (d *Dir) sayHolder(name, holder string) error {
	f, err := d.open(name, os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(holder + "\n"))
	return errors.Join(err, f.Close())
}

func (d *Dir) holder(name string) string {
	data, err := d.ReadFile(name)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// Release lets go of the lock. The file stays.
func (l *Lock) Release() error { return l.f.Close() }

// Held reports whether someone holds the lock of that name, and who, writing nothing. No
// file is no lock.
func (d *Dir) Held(name string) (bool, string) {
	f, err := d.Open(name)
	if err != nil {
		return false, ""
	}
	_ = f.Close() // only read
	l := flock.New(d.abs(name), flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	if err != nil {
		return false, ""
	}
	_ = l.Close() // lets go of the shared lock
	if ok {
		return false, ""
	}
	return true, d.holder(name)
}
