package table

import (
	"cmp"
	"errors"
	"fmt"
	"maps"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
)

// Settlement is what changes about a table without touching its rows.
type Settlement struct {
	Path           string // DATABASE/TABLE; "" keeps it
	OnRemove       string // "" keeps it
	PreventDestroy bool
	Catalog        setting.Values // where else the table is shown; nil keeps it
	// Detach leaves the table where it is, without an owner: whoever declares it next
	// adopts it. Nothing else changes then.
	Detach bool
}

// Settle commits what changes without touching rows: owner, address, path, flags, and those
// settings of the run's spec that lay no row out in another way. The caller has made sure that the table may
// change hands. It is a no-op when nothing changes. Errors: *ErrPathTaken, *ErrBusy, ErrDeleted.
func (t *Table) Settle(r Run, s Settlement) (Manifest, error) {
	lock, d, err := t.lock("settings by run " + r.ID)
	if err != nil {
		return Manifest{}, err
	}
	m, err := t.settle(d, r, s)
	return m, errors.Join(err, lock.Release())
}

func (t *Table) settle(d *durable.Dir, r Run, s Settlement) (Manifest, error) {
	head, hash, err := t.living(d)
	if err != nil {
		return head, err
	}
	n, err := settled(head, r, s)
	if err != nil {
		return head, err
	}
	if n.Lineage == head.Lineage && n.Address == head.Address && n.Path == head.Path && n.OnRemove == head.OnRemove &&
		n.PreventDestroy == head.PreventDestroy && sameSpec(n.Spec, head.Spec) {
		return head, nil
	}
	if n.Path != head.Path {
		if err := validPath(n.Path); err != nil {
			return head, err
		}
		if err := t.free(d, n.Path); err != nil {
			return head, err
		}
	}
	n.Number++
	n.Kind, n.Run, n.Counts, n.Final = KindSettings, r.ID, Counts{}, nil
	n, _, err = t.commitManifest(n, hash)
	if err != nil {
		return head, err
	}
	t.wh.remember(n.Path, t.id)
	if err := t.publish(d, false); err != nil {
		return n, &ErrUnpublished{Path: n.Path, Err: err}
	}
	return n, nil
}

// settled is the manifest as the settlement wants it, not yet numbered.
func settled(head Manifest, r Run, s Settlement) (Manifest, error) {
	n := head
	if s.Detach {
		n.Lineage = ""
		return n, nil
	}
	n.Lineage, n.Address = cmp.Or(r.Lineage, n.Lineage), cmp.Or(r.Address, n.Address)
	n.Path, n.OnRemove, n.PreventDestroy = cmp.Or(s.Path, n.Path), cmp.Or(s.OnRemove, n.OnRemove), s.PreventDestroy
	if s.Catalog != nil {
		n.Spec.Target = maps.Clone(n.Spec.Target)
		n.Spec.Target[spec.Catalog] = map[string]any(s.Catalog)
	}
	if r.Spec.Target == nil {
		return n, nil
	}
	l, err := newLayout(r.Spec)
	if err != nil {
		return n, err
	}
	if (&Txn{head: head, l: l}).reshaped() {
		return n, fmt.Errorf("the settings lay the rows of %s out in another way, so the table must be rewritten for them", head.Path)
	}
	n.Spec, n.Columns = r.Spec, l.columns
	return n, nil
}

// living is the head of a table that is not deleted, published first if a crash left it
// behind.
func (t *Table) living(d *durable.Dir) (Manifest, string, error) {
	if err := t.catchUp(d); err != nil {
		return Manifest{}, "", err
	}
	m, hash, err := t.head()
	if err == nil && m.Kind == KindDelete {
		err = fmt.Errorf("%s: %w", m.Path, ErrDeleted)
	}
	return m, hash, err
}
