package durable

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// File is a file being written. It is on the disk after Sync, its name after SyncDir.
type File struct {
	f    *os.File
	dir  *Dir
	name string
}

// Create creates a file that is not there yet, for writing and reading back; fs.ErrExist
// when the name is taken.
func (d *Dir) Create(name string, perm fs.FileMode) (*File, error) {
	return d.open(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
}

func (d *Dir) open(name string, flag int, perm fs.FileMode) (*File, error) {
	op := Op{Kind: OpCreate, Path: d.abs(name), Trunc: flag&os.O_TRUNC != 0}
	if err := d.before(op); err != nil {
		return nil, roomFor(&fs.PathError{Op: "create", Path: name, Err: err})
	}
	f, err := d.root.OpenFile(filepath.FromSlash(name), flag, perm)
	if err != nil {
		return nil, roomFor(err)
	}
	return &File{f: f, dir: d, name: name}, nil
}

// Name is the file's path inside its Dir.
func (f *File) Name() string { return f.name }

// Write writes at the end of what was written before.
func (f *File) Write(p []byte) (int, error) {
	err := f.dir.before(Op{Kind: OpWrite, Path: f.dir.abs(f.name), Bytes: len(p), Data: p})
	if err == nil {
		n, err := f.f.Write(p)
		return n, roomFor(err)
	}
	n := 0
	if short := (*ShortWrite)(nil); errors.As(err, &short) {
		n, _ = f.f.Write(p[:min(short.N, len(p))]) // the fault decides what the writer sees
	}
	return n, roomFor(&fs.PathError{Op: "write", Path: f.name, Err: err})
}

// ReadAt reads what was written, for proving it before it is relied on.
func (f *File) ReadAt(p []byte, off int64) (int, error) { return f.f.ReadAt(p, off) }

// Size is the number of bytes in the file.
func (f *File) Size() (int64, error) {
	st, err := f.f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

// Sync puts the content on the disk.
func (f *File) Sync() error {
	if err := f.dir.before(Op{Kind: OpSync, Path: f.dir.abs(f.name)}); err != nil {
		return roomFor(&fs.PathError{Op: "sync", Path: f.name, Err: err})
	}
	return roomFor(f.f.Sync())
}

// Close closes the file. It does not sync.
func (f *File) Close() error { return f.f.Close() }

// Replace writes a whole file in place of what is there, durably: after an error, a crash
// or power loss the file is the old one or the new one.
func (d *Dir) Replace(name string, data []byte, perm fs.FileMode) error {
	temp, err := d.temp(name, data, perm)
	if err != nil {
		return err
	}
	if err := d.Rename(temp, name); err != nil {
		_ = d.Remove(temp) // the first error says more; the temp is swept later
		return err
	}
	return d.SyncDir(parentOf(name))
}

// CreateNew writes a whole file that must not be there yet, durably. It returns fs.ErrExist
// when the name is taken: of any number of callers one succeeds. When linking ends in an
// error that leaves its outcome unknown, the outcome is looked up. An error of the
// last step, which syncs the folder, leaves the file in place, seen by all and not yet
// proof against power loss: the caller must look what is there before it tries again.
func (d *Dir) CreateNew(name string, data []byte, perm fs.FileMode) error {
	temp, err := d.temp(name, data, perm)
	if err != nil {
		return err
	}
	err = d.Link(temp, name)
	if err != nil && d.same(temp, name) {
		err = nil
	}
	if rerr := d.Remove(temp); err == nil && rerr != nil && !errors.Is(rerr, fs.ErrNotExist) {
		err = rerr
	}
	if err != nil {
		return err
	}
	return d.SyncDir(parentOf(name))
}

// same reports whether two names are one file.
func (d *Dir) same(a, b string) bool {
	sa, err := d.Lstat(a)
	if err != nil {
		return false
	}
	sb, err := d.Lstat(b)
	return err == nil && os.SameFile(sa, sb)
}

// temp writes a synced file under a temporary name in name's folder.
func (d *Dir) temp(name string, data []byte, perm fs.FileMode) (string, error) {
	temp := tempName(name)
	f, err := d.Create(temp, perm)
	if err != nil {
		return "", err
	}
	if _, err = io.Copy(f, bytes.NewReader(data)); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = d.Remove(temp) // the first error says more; the temp is swept later
		return "", err
	}
	return temp, nil
}

// Append writes data at the end of a file in one write, creating it if needed, durably.
// After a crash the end may hold a part of data.
func (d *Dir) Append(name string, data []byte, perm fs.FileMode) error {
	_, serr := d.Lstat(name)
	f, err := d.open(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, perm)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil && errors.Is(serr, fs.ErrNotExist) {
		err = d.SyncDir(parentOf(name))
	}
	return err
}
