package table

import (
	"cmp"
	"errors"
	"io/fs"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Rollback publishes the snapshot of an earlier commit again, as a new commit, with the
// bookmark, spec and workspace of that time and the latest slot of now: no slot is imported
// twice because of it. A snapshot that is swept or was purged is refused.
func (t *Table) Rollback(n int64, r Run) (Manifest, error) {
	lock, d, err := t.lock("rollback by run " + r.ID)
	if err != nil {
		return Manifest{}, err
	}
	head, hash, err := t.living(d)
	if err != nil {
		return head, errors.Join(err, lock.Release())
	}
	m, err := t.rolledBack(d, head, n, r)
	if err == nil {
		m, _, err = t.commitManifest(m, hash)
	}
	if err == nil {
		if perr := t.publish(d, false); perr != nil {
			err = &ErrUnpublished{Path: m.Path, Err: perr}
		}
	}
	return m, errors.Join(err, lock.Release())
}

// rolledBack is the manifest of a rollback to commit n.
func (t *Table) rolledBack(d *durable.Dir, head Manifest, n int64, r Run) (Manifest, error) {
	if head.Lineage != "" && r.Lineage != head.Lineage {
		return head, &ErrOtherOwner{Path: head.Path, Lineage: head.Lineage}
	}
	old, err := t.Manifest(n)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = errors.New("there is none of that number")
		}
		return head, &ErrRollback{head.Path, n, err.Error()}
	}
	if old.Snapshot < head.Floor {
		return head, &ErrRollback{head.Path, n, "values were removed from it for good since then"}
	}
	if why, err := t.unkept(head, old); err != nil || why != "" {
		return head, cmp.Or(err, error(&ErrRollback{head.Path, n, "its snapshot is not kept any more (" + why + ")"}))
	}
	if old, err = t.ranged(d, old); err != nil {
		return head, err
	}
	m := head
	m.Number++
	m.Kind, m.Run, m.Counts, m.Final, m.Snapshot = KindRollback, r.ID, Counts{}, nil, m.Number
	m.Spec, m.Columns, m.Workspace, m.Parts = old.Spec, old.Columns, old.Workspace, old.Parts
	m.Bookmark, m.Position, m.Covered, m.Unreconciled = old.Bookmark, old.Position, old.Covered, old.Unreconciled
	return m, nil
}

// unkept says why a manifest's snapshot cannot be relied on to be there, or "".
func (t *Table) unkept(head, m Manifest) (string, error) {
	if t.wh.remote != nil {
		return t.wh.remote.unkept(t, head, m)
	}
	d, err := t.wh.root()
	if err != nil {
		return "", err
	}
	for _, p := range m.Parts {
		if st, err := d.Lstat(t.at("parts/" + p.Name)); err != nil || st.Size() != p.Bytes {
			return "parts/" + p.Name + ": the part is gone", nil
		}
	}
	return "", nil
}

// Prune removes what no kept snapshot needs and what unfinished runs left, results held for
// a look excepted, and returns the bytes it freed. It is what every commit does as well.
func (t *Table) Prune() (int64, error) {
	lock, d, err := t.lock("prune")
	if err != nil {
		return 0, err
	}
	freed, err := t.prune(d)
	return freed, errors.Join(err, lock.Release())
}

func (t *Table) prune(d *durable.Dir) (int64, error) {
	if _, _, err := t.living(d); err != nil {
		return 0, err
	}
	before := t.bytesBelow(d, "staging")
	if err := t.sweepStaging(d, "", false); err != nil {
		return 0, err
	}
	staging := before - t.bytesBelow(d, "staging")
	freed, err := t.sweep(d)
	return freed + staging, err
}

// bytesBelow adds up the files below a folder of the home; what cannot be read counts
// nothing.
func (t *Table) bytesBelow(d *durable.Dir, name string) int64 {
	if t.wh.remote != nil {
		return t.wh.remote.bytesBelow(t, name)
	}
	var sum int64
	_ = fs.WalkDir(d.FS(), t.at(name), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			if st, err := e.Info(); err == nil {
				sum += st.Size()
			}
		}
		return nil
	}) // only counts
	return sum
}

// DiskUse is how many bytes the table takes: the parts of all kept snapshots, and what is
// staged.
func (t *Table) DiskUse() (int64, error) {
	d, err := t.wh.root()
	if err != nil {
		return 0, err
	}
	return t.bytesBelow(d, "parts") + t.bytesBelow(d, "staging"), nil
}
