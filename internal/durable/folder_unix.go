//go:build linux || darwin

package durable

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Folder is a folder held open to be read: each question to it is one call of the system,
// where a Dir walks from its root and takes several. Names are slash-separated paths inside it
// without "..". What a name ends at is never followed as a link; a folder on the way may be
// one. It is for one goroutine, which must close it. Errors are *fs.PathError.
type Folder struct {
	fd int
}

// Folder opens a folder inside.
func (d *Dir) Folder(name string) (Folder, error) {
	f, err := d.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|unix.O_DIRECTORY|unpolled, 0)
	if err != nil {
		return Folder{}, err
	}
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	return Folder{fd}, failed("open", name, err)
}

// Sub opens a folder inside.
func (f Folder) Sub(name string) (Folder, error) {
	fd, err := f.open(name, unix.O_DIRECTORY)
	return Folder{fd}, err
}

// Close releases the folder's handle.
func (f Folder) Close() error { return failed("close", ".", unix.Close(f.fd)) }

// Lstat describes a name itself.
func (f Folder) Lstat(name string) (Entry, error) {
	if err := inside("lstat", name); err != nil {
		return Entry{}, err
	}
	var st unix.Stat_t
	err := again(func() error { return unix.Fstatat(f.fd, name, &st, unix.AT_SYMLINK_NOFOLLOW) })
	if err != nil {
		return Entry{}, failed("lstat", name, err)
	}
	return Entry{Dir: st.Mode&unix.S_IFMT == unix.S_IFDIR, Size: st.Size, Modified: time.Unix(st.Mtim.Unix())}, nil
}

// Readlink returns the text of a symbolic link.
func (f Folder) Readlink(name string) (string, error) {
	if err := inside("readlink", name); err != nil {
		return "", err
	}
	var short [128]byte
	for text := short[:]; ; text = make([]byte, 2*len(text)) {
		var n int
		err := again(func() (err error) { n, err = unix.Readlinkat(f.fd, name, text); return err })
		if err != nil {
			return "", failed("readlink", name, err)
		}
		if n < len(text) {
			return string(text[:n]), nil
		}
	}
}

// Names lists the names in the folder, in order.
func (f Folder) Names() ([]string, error) {
	if _, err := unix.Seek(f.fd, 0, 0); err != nil {
		return nil, failed("list", ".", err)
	}
	var names []string
	var buf [4 << 10]byte // not allocated: most folders that are looked at hold a name or none
	for {
		var n int
		err := again(func() (err error) { n, err = unix.ReadDirent(f.fd, buf[:]); return err })
		if err != nil {
			return nil, failed("list", ".", err)
		}
		if n <= 0 {
			slices.Sort(names)
			return names, nil
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
	}
}

// ReadFile returns a file's whole content. It may use the memory of into.
func (f Folder) ReadFile(name string, into []byte) ([]byte, error) {
	fd, err := f.open(name, unix.O_NONBLOCK) // a pipe of that name holds nobody up
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	data := into[:0]
	for {
		data = slices.Grow(data, 4<<10)
		var n int
		err := again(func() (err error) { n, err = unix.Read(fd, data[len(data):cap(data)]); return err })
		if err != nil {
			return nil, failed("read", name, err)
		}
		room := cap(data) - len(data)
		data = data[:len(data)+n]
		if n < room { // a file gives all it has
			return data, nil
		}
	}
}

func (f Folder) open(name string, flags int) (fd int, err error) {
	if err := inside("open", name); err != nil {
		return -1, err
	}
	err = again(func() (err error) {
		fd, err = unix.Openat(f.fd, name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC|flags, 0)
		return err
	})
	return fd, failed("open", name, err)
}

// again repeats a call of the system that a signal interrupted.
func again(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}

func failed(op, name string, err error) error {
	if err == nil {
		return nil
	}
	return &fs.PathError{Op: op, Path: name, Err: err}
}
