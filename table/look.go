package table

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Look returns every table by its head manifest, and what stands at table paths that inlay
// did not make. It takes no lock, writes nothing and reads no part: a file that is missing,
// foreign or of another size is seen, damage inside parts is what Check finds. A warehouse
// that does not exist is empty.
func (w *Warehouse) Look() (Seen, error) {
	if w.remote != nil {
		return w.remote.look()
	}
	seen := Seen{Foreign: map[string]string{}}
	d, err := w.root()
	if errors.Is(err, fs.ErrNotExist) {
		return seen, nil
	}
	if err != nil {
		return seen, err
	}
	dbs := databases{open: map[string]*durable.Dir{}, ours: map[string]bool{}}
	defer dbs.close()
	if err := w.lookAtHomes(d, dbs, &seen); err != nil {
		return seen, err
	}
	return seen, w.lookAtPaths(d, dbs, &seen)
}

// lookAtHomes opens each home once, and looks at it from there: a path from the warehouse
// down is walked anew for every file.
func (w *Warehouse) lookAtHomes(d *durable.Dir, dbs databases, seen *Seen) error {
	all, err := d.Sub(homes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer all.Close()
	ids, err := all.Names(".")
	if err != nil {
		return err
	}
	memo := sharedMemo{}
	for _, id := range ids {
		if !validID(id) {
			continue
		}
		if err := w.lookAtHome(d, all, id, dbs, memo, seen); err != nil {
			return err
		}
	}
	return nil
}

func (w *Warehouse) lookAtHome(d, all *durable.Dir, id string, dbs databases, memo sharedMemo, seen *Seen) error {
	home, err := all.Sub(id)
	if err != nil {
		if st, serr := all.Lstat(id); serr == nil && !st.IsDir() {
			return nil // not a home
		}
		return err
	}
	t := &Table{wh: w, id: id, near: home, dbs: dbs, memo: memo}
	if t.log, err = home.Sub("log"); err == nil {
		if s, ok := t.look(d); ok {
			seen.Tables = append(seen.Tables, s)
		}
		err = t.log.Close()
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil // its creation never came to a commit
	}
	return errors.Join(err, home.Close())
}

// databases are the folders of databases that one look opened, by name, and the paths at
// which it found the link of the table that belongs there.
type databases struct {
	open map[string]*durable.Dir
	ours map[string]bool
}

// at is the folder of a table's path, opened once, and the path's name in it.
func (dbs databases) at(d *durable.Dir, table string) (*durable.Dir, string, error) {
	db, name, _ := strings.Cut(table, "/")
	if open, ok := dbs.open[db]; ok {
		return open, name, nil
	}
	open, err := d.Sub(db)
	if err == nil {
		dbs.open[db] = open
	}
	return open, name, err
}

func (dbs databases) close() {
	for _, d := range dbs.open {
		_ = d.Close() // only read
	}
}

// look is one table from its head, its home being open; false for a home whose creation never came to a commit.
func (t *Table) look(d *durable.Dir) (SeenTable, bool) {
	s := SeenTable{ID: t.id}
	m, hash, err := t.head()
	if errors.Is(err, ErrNoTable) {
		return s, false
	}
	if err != nil {
		s.Damage = append(s.Damage, "its newest manifest cannot be read: "+err.Error())
		if m.Table == t.id {
			s.Path, s.Head = m.Path, m
		}
		return s, true
	}
	s.Path, s.Head, s.HeadHash, s.Deleted = m.Path, m, hash, m.Kind == KindDelete
	if s.Deleted {
		_, err := t.near.Lstat("parts")
		s.Pending = err == nil
		return s, true
	}
	t.drift(d, m, &s)
	s.Pending = s.Pending || t.behind(m)
	s.Staged = t.staged(t.near)
	return s, true
}

// staged lists what unfinished runs have, newest first.
func (t *Table) staged(d *durable.Dir) []Staged {
	runs, err := d.Names(t.at("staging"))
	if err != nil || len(runs) == 0 {
		return nil
	}
	held, holder := d.Held(t.at("lock"))
	var out []Staged
	for _, run := range runs {
		cp, err := readCheckpoint(d, t.at("staging/"+run))
		if err != nil {
			continue // nothing that could be gone on from
		}
		cp.Held = held && strings.Contains(holder, cp.Run)
		out = append(out, cp.Staged)
	}
	newestFirst(out)
	return out
}

func newestFirst(list []Staged) {
	slices.SortFunc(list, func(a, b Staged) int { return b.Saved.Compare(a.Saved) })
}

func readCheckpoint(d *durable.Dir, staging string) (checkpoint, error) {
	var cp checkpoint
	data, err := d.ReadFile(staging + "/" + checkpointFile)
	if err != nil {
		return cp, err
	}
	err = json.Unmarshal(data, &cp)
	return cp, err
}

// lookAtPaths walks the databases: a link of ours is compared with its table, anything
// else is foreign.
func (w *Warehouse) lookAtPaths(d *durable.Dir, dbs databases, seen *Seen) error {
	byID := make(map[string]*SeenTable, len(seen.Tables))
	for i := range seen.Tables {
		byID[seen.Tables[i].ID] = &seen.Tables[i]
	}
	databases, err := d.ReadDir(".")
	if err != nil {
		return err
	}
	for _, db := range databases {
		if !validName(db.Name()) {
			continue
		}
		if !db.IsDir() {
			seen.Foreign[db.Name()] = "a file"
			continue
		}
		names, err := d.Names(db.Name())
		if err != nil {
			return err
		}
		for _, name := range names {
			if at := db.Name() + "/" + name; !dbs.ours[at] {
				w.lookAtPath(d, at, seen, byID)
			}
		}
	}
	return nil
}

func (w *Warehouse) lookAtPath(d *durable.Dir, at string, seen *Seen, byID map[string]*SeenTable) {
	if strings.HasPrefix(path.Base(at), ".") {
		return // on its way to another name, or hidden
	}
	st, err := d.Lstat(at)
	if err != nil {
		return // gone again
	}
	what := "a file"
	switch {
	case st.IsDir():
		what = "a folder"
	case st.Mode()&fs.ModeSymlink != 0:
		what = "a link"
		target, err := d.Readlink(at)
		if err != nil {
			break
		}
		id, _, ok := viewOf(target)
		s := byID[id]
		if !ok || s == nil {
			break
		}
		if s.Path != at {
			s.Pending = true // a move or delete that was not finished
		}
		return
	}
	seen.Foreign[at] = what
}
