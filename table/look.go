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
	g := glance{w: w, seen: Seen{Foreign: map[string]string{}}, databases: map[string]durable.Folder{}}
	var err error
	if g.d, err = w.root(); errors.Is(err, fs.ErrNotExist) {
		return g.seen, nil
	}
	if err == nil {
		err = errors.Join(g.atHomes(), g.close())
	}
	if err != nil {
		return g.seen, err
	}
	return g.seen, g.atPaths()
}

// glance is one look at a warehouse: what it needs for every table is opened, decoded and
// allocated once.
type glance struct {
	w         *Warehouse
	d         *durable.Dir
	databases map[string]durable.Folder // that tables stand in
	ours      map[string]bool           // paths at which the link of the table that belongs there was found
	read      readings
	buf       []byte // of the manifest that is read
	seen      Seen
}

func (g *glance) close() error {
	var errs []error
	for _, f := range g.databases {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

// atHomes looks at each home from there: a path from the warehouse down would be walked anew
// for every file.
func (g *glance) atHomes() error {
	all, err := g.d.Folder(homes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer all.Close()
	ids, err := all.Names()
	if err != nil {
		return err
	}
	g.seen.Tables, g.ours, g.read.shared = make([]SeenTable, 0, len(ids)), make(map[string]bool, len(ids)), map[string]sharedLine{}
	for _, id := range ids {
		if !validID(id) {
			continue
		}
		if err := g.atHome(all, &Table{wh: g.w, id: id}); err != nil {
			return err
		}
	}
	return nil
}

func (g *glance) atHome(all durable.Folder, t *Table) error {
	h, err := t.openHome(all)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // its creation never came to a commit
	}
	if err != nil {
		if st, serr := all.Lstat(t.id); serr == nil && !st.Dir {
			return nil // not a home
		}
		return err
	}
	if s, ok := g.look(h); ok {
		g.seen.Tables = append(g.seen.Tables, s)
	}
	return h.close()
}

// look is one table from its head; false for a home whose creation never came to a commit.
func (g *glance) look(h home) (SeenTable, bool) {
	s := SeenTable{ID: h.id}
	m, err := h.head(func(n int64) (Manifest, error) {
		data, err := h.top.ReadFile(logName(n), g.buf)
		if err != nil {
			return Manifest{}, err
		}
		g.buf = data
		return h.decode(n, data, &g.read)
	})
	if errors.Is(err, ErrNoTable) {
		return s, false
	}
	if err != nil {
		s.Damage = append(s.Damage, "its newest manifest cannot be read: "+err.Error())
		if m.Table == h.id {
			s.Path, s.Head = m.Path, m
		}
		return s, true
	}
	s.Path, s.Head, s.Deleted = m.Path, m, m.Kind == KindDelete
	if s.Deleted {
		_, err := h.top.Lstat("parts")
		s.Pending = err == nil
		return s, true
	}
	g.drift(h, &s)
	s.Pending = s.Pending || h.behind(m)
	s.Staged = g.staged(h)
	return s, true
}

// at is the folder of a table's path, opened once, and the path's name in it.
func (g *glance) at(table string) (durable.Folder, string, error) {
	db, name, _ := strings.Cut(table, "/")
	if f, ok := g.databases[db]; ok {
		return f, name, nil
	}
	f, err := g.d.Folder(db)
	if err == nil {
		g.databases[db] = f
	}
	return f, name, err
}

// staged lists what unfinished runs have, newest first.
func (g *glance) staged(h home) []Staged {
	runs, err := namesIn(h.top, "staging")
	if err != nil || len(runs) == 0 {
		return nil
	}
	held, holder := g.d.Held(h.at("lock"))
	var out []Staged
	for _, run := range runs {
		cp, err := readCheckpoint(g.d, h.at("staging/"+run))
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

// atPaths walks the databases: a link of ours is compared with its table, anything else is
// foreign.
func (g *glance) atPaths() error {
	byID := make(map[string]*SeenTable, len(g.seen.Tables))
	for i := range g.seen.Tables {
		byID[g.seen.Tables[i].ID] = &g.seen.Tables[i]
	}
	databases, err := g.d.ReadDir(".")
	if err != nil {
		return err
	}
	for _, db := range databases {
		if !validName(db.Name()) {
			continue
		}
		if !db.IsDir() {
			g.seen.Foreign[db.Name()] = "a file"
			continue
		}
		names, err := g.d.Names(db.Name())
		if err != nil {
			return err
		}
		for _, name := range names {
			if at := db.Name() + "/" + name; !g.ours[at] {
				g.atPath(at, byID)
			}
		}
	}
	return nil
}

func (g *glance) atPath(at string, byID map[string]*SeenTable) {
	if strings.HasPrefix(path.Base(at), ".") {
		return // on its way to another name, or hidden
	}
	st, err := g.d.Lstat(at)
	if err != nil {
		return // gone again
	}
	what := "a file"
	switch {
	case st.IsDir():
		what = "a folder"
	case st.Mode()&fs.ModeSymlink != 0:
		what = "a link"
		target, err := g.d.Readlink(at)
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
	g.seen.Foreign[at] = what
}
