package state

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Store is where one state is kept: its file, the copy from before the last write, its
// lock and the diary of runs, all in one folder. Commands of any number of processes may
// use one store at once: reading takes no lock, and a reader finds the state before a
// write or after it, whole.
type Store struct {
	path   string
	faults durable.Faults
}

const (
	filePerm   = 0o600
	folderPerm = 0o755
)

// Open names the store whose state file is at path. It touches nothing: the folder is made
// when something is first written.
func Open(path string, f durable.Faults) *Store { return &Store{path: path, faults: f} }

// Path is the path of the state file, as given to Open.
func (s *Store) Path() string { return s.path }

func (s *Store) folder() string { return filepath.Dir(s.path) }
func (s *Store) file() string   { return filepath.Base(s.path) }
func (s *Store) backup() string { return s.file() + ".backup" }

// beside is the name of another file of the store. The usual state.json shares its folder
// with no other state, so their names are plain.
func (s *Store) beside(name string) string {
	if s.file() == "state.json" {
		return name
	}
	return strings.TrimSuffix(s.file(), ".json") + "." + name
}

// open opens the folder for reading; nil when there is none.
func (s *Store) open() (*durable.Dir, error) {
	d, err := durable.Open(s.folder(), s.faults)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return d, err
}

// Load reads the state; nil when none was ever written. A file that is no whole state of
// this format is a *FileError.
func (s *Store) Load() (*State, error) {
	d, err := s.open()
	if d == nil || err != nil {
		return nil, err
	}
	defer d.Close() // only read
	st, _, err := s.load(d)
	return st, err
}

// load reads the state and the bytes it stands in; nil when there is no file.
func (s *Store) load(d *durable.Dir) (*State, []byte, error) {
	data, err := d.ReadFile(s.file())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the state file cannot be read: %w", err)
	}
	st, err := Decode(data)
	return st, data, s.named(err)
}

// named gives a *FileError its path.
func (s *Store) named(err error) error {
	var e *FileError
	if errors.As(err, &e) {
		e.Path = s.path
	}
	return err
}

// Save writes st as the next serial, with a lineage if it has none, and returns it as
// written; st itself stays as it is. What was there before is kept beside it. It refuses
// with ErrChanged when st was not made from what is on disk, and does not write over a
// file that it cannot read.
func (h *Held) Save(st *State) (*State, error) {
	now, data, err := h.store.load(h.dir)
	if err != nil {
		return nil, err
	}
	if err := h.store.follows(st, now); err != nil {
		return nil, err
	}
	next := *st
	next.Format = Format
	next.Serial++
	if next.Lineage == "" {
		next.Lineage = newLineage()
	}
	text, err := Encode(&next)
	if err != nil {
		return nil, err
	}
	if now != nil {
		if err := h.dir.Replace(h.store.backup(), data, filePerm); err != nil {
			return nil, fmt.Errorf("the copy of the state cannot be written: %w", err)
		}
	}
	if err := h.dir.Replace(h.store.file(), text, filePerm); err != nil {
		return nil, fmt.Errorf("the state cannot be written: %w", err)
	}
	return &next, nil
}

// follows reports whether st was made from what is on disk now.
func (s *Store) follows(st, now *State) error {
	var serial int64
	lineage := st.Lineage
	if now != nil {
		serial, lineage = now.Serial, now.Lineage
	}
	if serial == st.Serial && (lineage == st.Lineage || serial == 0) {
		return nil
	}
	found := fmt.Sprintf("serial %d of lineage %s", serial, lineage)
	if now == nil {
		found = "no file"
	}
	return &FileError{Path: s.path, Err: ErrChanged, Detail: fmt.Sprintf(
		"The change was made from serial %d, and there is %s now. Nothing was written; run the command again.", st.Serial, found)}
}

// newLineage makes the name of a new state: 128 random bits.
func newLineage() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return hex.EncodeToString(b[:])
}
