package state

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// Store is where one state is kept: its file, the copies from before, its lock and the diary
// of runs, all in one folder of a disk or of an object store. Commands of any number of
// processes may use one store at once: reading takes no lock, and a reader finds the state
// before a write or after it, whole.
type Store struct {
	place place
	name  string // of the state's file
}

// Open names the store whose state file is at path. It touches nothing: the folder is made
// when something is first written.
func Open(path string, f durable.Faults) *Store {
	return &Store{place: disk{path, f}, name: filepath.Base(path)}
}

// OpenRemote names the store whose state has that name on an object store. desk is a folder
// of this machine for what its commands tell each other about this state; it may be deleted
// at any time, and is made when something is first written.
func OpenRemote(s objects.Store, name, desk string, now func() time.Time, f durable.Faults) *Store {
	return &Store{place: remote{store: s, file: name, desk: desk, faults: f, now: now}, name: name}
}

// Path is the path of the state file as given to Open, or its URL.
func (s *Store) Path() string { return s.place.path() }

// beside is the name of another file of the store. The usual state.json shares its folder
// with no other state, so their names are plain.
func (s *Store) beside(name string) string {
	if s.name == "state.json" {
		return name
	}
	return strings.TrimSuffix(s.name, ".json") + "." + name
}

// Load reads the state; nil when none was ever written. A file that is no whole state of
// this format is a *FileError.
func (s *Store) Load() (*State, error) {
	st, _, err := s.load()
	return st, err
}

// load reads the state and the bytes it stands in; nil when there is no file.
func (s *Store) load() (*State, []byte, error) {
	data, err := s.place.latest()
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
		e.Path = s.Path()
	}
	return err
}

// Save writes st as the next serial, with a lineage if it has none, and returns it as
// written; st itself stays as it is. What was there before is kept beside it. It refuses
// with ErrChanged when st was not made from what is on disk, and does not write over a
// file that it cannot read.
func (h *Held) Save(st *State) (*State, error) {
	now, data, err := h.store.load()
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
	if err := h.hold.renew(); err != nil {
		return nil, err
	}
	err = h.store.place.follow(next.Serial, text, data)
	if errors.Is(err, fs.ErrExist) {
		return nil, h.store.changed(st, fmt.Sprintf("serial %d, by another command,", next.Serial))
	}
	if err != nil {
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
	return s.changed(st, found)
}

// changed says that st was not made from what is there now.
func (s *Store) changed(st *State, found string) error {
	return &FileError{Path: s.Path(), Err: ErrChanged, Detail: fmt.Sprintf(
		"The change was made from serial %d, and there is %s now. Nothing was written; run the command again.", st.Serial, found)}
}

// newLineage makes the name of a new state: 128 random bits.
func newLineage() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the program instead
	return hex.EncodeToString(b[:])
}
