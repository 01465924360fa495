package table

import (
	"errors"
	"fmt"

	"github.com/inlay-sync/inlay/internal/durable"
)

// Delete removes the table: first a tombstone is committed, from which on the table is
// gone for everyone, then its link and files go. What a crash leaves is removed by calling
// it again. The log and the id stay, so that nothing can bring the table back.
func (t *Table) Delete(r Run) error {
	lock, d, err := t.lock("delete by run " + r.ID)
	if err != nil {
		return err
	}
	return errors.Join(t.delete(d, r), lock.Release())
}

func (t *Table) delete(d *durable.Dir, r Run) error {
	m, hash, err := t.head()
	if err != nil {
		return err
	}
	if m.Kind != KindDelete {
		if m.Lineage != "" && m.Lineage != r.Lineage {
			return &ErrOtherOwner{Path: m.Path, Lineage: m.Lineage}
		}
		if m.PreventDestroy {
			return fmt.Errorf("the table %s is protected: set prevent_destroy = false, apply that, and delete it then", m.Path)
		}
		m.Number++
		m.Snapshot, m.Kind, m.Run, m.Parts, m.Counts, m.Final = m.Number, KindDelete, r.ID, []Part{}, Counts{Deleted: m.Rows}, nil
		if m, _, err = t.commitManifest(m, hash); err != nil {
			return err
		}
	}
	return t.unpublish(d, m)
}

// unpublish removes everything of a deleted table but its log.
func (t *Table) unpublish(d *durable.Dir, m Manifest) error {
	if err := t.hideElsewhere(d, m); err != nil {
		return err
	}
	if t.wh.remote != nil {
		if err := t.wh.remote.empty(t); err != nil {
			return err
		}
	}
	if err := t.removeLink(d, m.Path); err != nil {
		return err
	}
	for _, dir := range []string{"views", "staging", "parts"} {
		if err := d.RemoveAll(t.at(dir)); err != nil {
			return err
		}
	}
	if err := t.sweepRanges(d, nil); err != nil {
		return err
	}
	if err := d.SyncDir(t.at(".")); err != nil {
		return err
	}
	return t.hint(d, m.Number)
}
