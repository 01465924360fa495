package durable

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Open opens a file or folder for reading.
func (d *Dir) Open(name string) (*os.File, error) { return d.root.Open(filepath.FromSlash(name)) }

// ReadFile returns a file's whole content, as long as the file was when it was opened.
func (d *Dir) ReadFile(name string) ([]byte, error) {
	f, err := d.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|unpolled, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	data := make([]byte, st.Size())
	n, err := io.ReadFull(f, data)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil // it was cut meanwhile
	}
	return data[:n], err
}

// ReadDir lists a folder by name.
func (d *Dir) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := d.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// Names lists the names in a folder, in order. It looks at nothing behind them, which is
// most of what ReadDir costs.
func (d *Dir) Names(name string) ([]string, error) {
	f, err := d.root.OpenFile(filepath.FromSlash(name), os.O_RDONLY|unpolled, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// Stat describes what a name leads to, links followed.
func (d *Dir) Stat(name string) (fs.FileInfo, error) { return d.root.Stat(filepath.FromSlash(name)) }

// Lstat describes a name itself.
func (d *Dir) Lstat(name string) (fs.FileInfo, error) { return d.root.Lstat(filepath.FromSlash(name)) }

// Readlink returns the text of a symbolic link.
func (d *Dir) Readlink(name string) (string, error) {
	s, err := d.root.Readlink(filepath.FromSlash(name))
	return filepath.ToSlash(s), err
}

// FS is the folder as a file system to read from.
func (d *Dir) FS() fs.FS { return d.root.FS() }
