package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/inlay-sync/inlay/internal/objects"
)

// claim says that a table is about to stand at a path. A store has no links, so claims say
// who may: those of one path are numbered, each is put if none of its number is, and the
// last one counts. It holds for as long as its table stands at the path, or may come there
// with the commit it names. After that the next claim may follow.
type claim struct {
	Table   string `json:"table"`
	Number  int64  `json:"number"` // of the commit that puts the table at the path
	Lineage string `json:"lineage"`
	Address string `json:"address"`
}

// claimTries bounds how often several that want one path at once look again.
const claimTries = 16

func claimKey(path string, n int64) string {
	return fmt.Sprintf("%s/paths/%s/%06d.json", homes, path, n)
}

// standing is what the last claim of a path comes to.
type standing struct {
	claim
	number int64    // of the claim; 0: there is none
	table  *Table   // of the claim
	head   Manifest // of the table, if it has one
}

// free: nobody is at the path, nor on the way to it.
func (s standing) free(path string) bool {
	return s.number == 0 || s.head.Number >= s.Number && (s.head.Kind == KindDelete || s.head.Path != path)
}

// there: the table stands at the path.
func (s standing) there(path string) bool {
	return s.head.Number > 0 && s.head.Kind != KindDelete && s.head.Path == path
}

// unborn: the table was to be created there, and that never came to a commit yet.
func (s standing) unborn() bool { return s.number > 0 && s.head.Number == 0 }

// taken is the refusal of a path by what stands there.
func (s standing) taken(path string) error {
	if s.there(path) {
		return &ErrPathTaken{Path: path, What: "the table " + s.Table}
	}
	return &ErrPathTaken{Path: path, What: "the table " + s.Table + ", which is on its way there,"}
}

// standing reads the last claim of a path, and how far its table has come.
func (r *remote) standing(path string) (standing, error) {
	var s standing
	last := objects.Object{}
	for o, err := range r.store.List(fmt.Sprintf("%s/paths/%s/", homes, path), "") {
		if err != nil {
			return s, err
		}
		last = o
		s.number++
	}
	if s.number == 0 {
		return s, nil
	}
	data, err := objects.Read(r.store, last.Key)
	if err == nil && (json.Unmarshal(data, &s.claim) != nil || !validID(s.Table) || last.Key != claimKey(path, s.number)) {
		err = fmt.Errorf("%s is not what was written; look who writes there besides inlay", r.store.URL(last.Key))
	}
	if err != nil {
		return s, err
	}
	s.table = &Table{wh: r.w, id: s.Table}
	if err := s.table.pull(); errors.Is(err, ErrNoTable) {
		return s, nil
	} else if err != nil {
		return s, err
	}
	s.head, _, err = s.table.head()
	return s, err
}

// tableAt is the table that stands at a path.
func (r *remote) tableAt(path string) (*Table, error) {
	s, err := r.standing(path)
	if err == nil && !s.there(path) {
		err = fmt.Errorf("%s: %w", path, ErrNoTable)
	}
	return s.table, err
}

// put makes the next claim of a path; fs.ErrExist when another one came first.
func (r *remote) put(path string, s standing, c claim) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return r.store.PutNew(claimKey(path, s.number+1), append(data, '\n'))
}

// claimNext makes sure that the path is the table's from the commit after its head on.
func (r *remote) claimNext(t *Table, path string) error {
	head, _, err := t.head()
	if err != nil {
		return err
	}
	return r.claim(path, claim{t.id, head.Number + 1, head.Lineage, head.Address})
}

func (r *remote) claim(path string, c claim) error {
	for range claimTries {
		s, err := r.standing(path)
		switch {
		case err != nil:
			return err
		case s.Table == c.Table && !s.free(path):
			return nil
		case s.free(path):
			if err := r.put(path, s, c); !errors.Is(err, fs.ErrExist) {
				return err
			}
		case !s.unborn():
			return s.taken(path)
		default:
			if err := r.bury(path, s); err != nil {
				return err
			}
		}
	}
	return errCrowded(path)
}

func errCrowded(path string) error {
	return fmt.Errorf("several commands want the path %s at once; run this one again", path)
}

// bury commits a tombstone for a table that was to be created at a path and is not there
// yet. Whoever is about to create it can no more; whoever was faster has it.
func (r *remote) bury(path string, s standing) error {
	if _, err := r.mirror(s.table); err != nil {
		return err
	}
	m := Manifest{Number: 1, Kind: KindDelete, Lineage: s.Lineage, Address: s.Address, Path: path, Parts: []Part{}, Snapshot: 1}
	_, _, err := s.table.commitManifest(m, "")
	var born *ErrSuperseded
	if errors.As(err, &born) {
		return nil
	}
	return err
}

// create claims a path and commits the first manifest of its table, as Create promises. A
// claim of the same owner that never came to its table is gone on from.
func (r *remote) create(c Creation) (*Table, error) {
	for range claimTries {
		s, err := r.standing(c.Path)
		switch {
		case err != nil:
			return nil, err
		case s.there(c.Path) && c.made(s.head):
			return s.table, nil
		case s.free(c.Path):
			s.table = &Table{wh: r.w, id: randomText(6)}
			err = r.put(c.Path, s, claim{s.table.id, 1, c.Lineage, c.Address})
		case !s.unborn():
			return nil, s.taken(c.Path)
		case s.Lineage != c.Lineage || s.Address != c.Address:
			if err := r.bury(c.Path, s); err != nil {
				return nil, err
			}
			continue
		}
		if err == nil {
			err = r.first(s.table, c)
		}
		var buried *ErrSuperseded
		if !errors.As(err, &buried) && !errors.Is(err, fs.ErrExist) {
			return s.table, err
		}
	}
	return nil, errCrowded(c.Path)
}

// first commits a table's first manifest.
func (r *remote) first(t *Table, c Creation) error {
	if _, err := r.mirror(t); err != nil {
		return err
	}
	_, _, err := t.commitManifest(c.manifest(), "")
	return err
}
