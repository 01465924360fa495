package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"path/filepath"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
)

// disk is a folder with the state, its copy from before the last write, locks, and the diary
// as one file of lines.
type disk struct {
	file   string // the path of the state
	faults durable.Faults
}

const (
	filePerm   = 0o600
	folderPerm = 0o755
	nestedPerm = 0o700
)

func (d disk) path() string { return d.file }

func (d disk) name() string { return filepath.Base(d.file) }

// in does something in the folder, which must exist.
func (d disk) in(do func(*durable.Dir) error) error {
	dir, err := durable.Open(filepath.Dir(d.file), d.faults)
	if err != nil {
		return err
	}
	return errors.Join(do(dir), dir.Close())
}

// made does something in the folder, which is made where it is missing.
func (d disk) made(do func(*durable.Dir) error) error {
	dir, err := durable.Make(filepath.Dir(d.file), folderPerm, d.faults)
	if err != nil {
		return fmt.Errorf("the folder of the state cannot be made: %w", err)
	}
	return errors.Join(do(dir), dir.Close())
}

func (d disk) latest() ([]byte, error) { return d.read(d.name()) }

func (d disk) follow(_ int64, text, before []byte) error {
	return d.made(func(dir *durable.Dir) error {
		if before != nil {
			if err := dir.Replace(d.name()+".backup", before, filePerm); err != nil {
				return fmt.Errorf("the copy of the state cannot be written: %w", err)
			}
		}
		return dir.Replace(d.name(), text, filePerm)
	})
}

func (d disk) read(name string) (data []byte, err error) {
	err = d.in(func(dir *durable.Dir) error {
		data, err = dir.ReadFile(name)
		return err
	})
	return data, err
}

func (d disk) replace(name string, data []byte) error {
	return d.made(func(dir *durable.Dir) error {
		if parent := path.Dir(name); parent != "." {
			if err := dir.MkdirAll(parent, nestedPerm); err != nil {
				return err
			}
		}
		return dir.Replace(name, data, filePerm)
	})
}

func (d disk) stamp(name string) (stamp string) {
	_ = d.in(func(dir *durable.Dir) error { // a folder that cannot be seen has no stamp
		if info, err := dir.Stat(name); err == nil {
			stamp = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return stamp
}

// diskHold is a lock of the operating system's, which lasts as long as its process.
type diskHold struct {
	dir  *durable.Dir
	lock *durable.Lock
}

func (h diskHold) renew() error   { return nil }
func (h diskHold) release() error { return errors.Join(h.lock.Release(), h.dir.Close()) }

func (d disk) lock(ctx context.Context, name string, holder Holder, wait time.Duration) (hold, error) {
	dir, err := durable.Make(filepath.Dir(d.file), folderPerm, d.faults)
	if err != nil {
		return nil, fmt.Errorf("the folder of the state cannot be made: %w", err)
	}
	lock, err := lockFile(ctx, dir, name, holder, wait)
	if err != nil {
		return nil, errors.Join(err, dir.Close())
	}
	return diskHold{dir, lock}, nil
}

// lockFile takes the lock of a file in a folder, or is a *LockedError.
func lockFile(ctx context.Context, dir *durable.Dir, name string, holder Holder, wait time.Duration) (*durable.Lock, error) {
	text, err := json.Marshal(holder)
	if err != nil {
		return nil, err
	}
	lock, err := dir.Lock(ctx, name, string(text), wait)
	var held *durable.HeldError
	if errors.As(err, &held) {
		return nil, &LockedError{Path: held.Path, Holder: holderOf(held.Holder, time.Time{}), Err: err}
	}
	return lock, err
}

func (d disk) held(name string) (holder Holder, held bool, err error) {
	err = d.in(func(dir *durable.Dir) error {
		var text string
		if held, text = dir.Held(name); held {
			holder = holderOf(text, time.Time{})
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return holder, held, err
}

// note adds a line to the diary, which any number of processes may do at once.
func (d disk) note(name string, _ Run, line []byte) error {
	return d.made(func(dir *durable.Dir) error {
		line = append(line, '\n')
		torn, err := torn(dir, name)
		if err != nil {
			return err
		}
		if torn {
			line = append([]byte{'\n'}, line...)
		}
		return dir.Append(name, line, filePerm)
	})
}

// torn reports whether the last line of the diary was never finished, so that the next one
// must begin on its own.
func torn(d *durable.Dir, name string) (bool, error) {
	f, err := d.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close() // only read
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return false, err
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], size-1); err != nil {
		return false, err
	}
	return last[0] != '\n', nil
}

// runs reads the diary from its end, only as far back as the caller goes on.
func (d disk) runs(name string) iter.Seq2[Run, error] {
	return func(yield func(Run, error) bool) {
		stopped := false
		err := d.in(func(dir *durable.Dir) error {
			f, err := dir.Open(name)
			if err != nil {
				return err
			}
			defer f.Close() // only read
			fold(backwards(f), func(r Run, err error) bool {
				stopped = !yield(r, err)
				return !stopped
			})
			return nil
		})
		if err != nil && !stopped && !errors.Is(err, fs.ErrNotExist) {
			yield(Run{}, err)
		}
	}
}
