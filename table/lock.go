package table

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// tableLock is a table's lock as one process holds it: of the home's folder, and, where
// that is a mirror, the table's lease.
type tableLock struct {
	file  *durable.Lock
	lease *objects.Lease // nil on disk
}

// Release lets go of both, the lease first: whoever waits for it here has the file next.
func (l *tableLock) Release() error {
	var err error
	if l.lease != nil {
		err = l.lease.Release()
	}
	return errors.Join(err, l.file.Release())
}

// renew makes the lease last longer. Work renews it as it goes on, so that it runs out
// behind work that stands still.
func (t *Table) renew(l *tableLock) error {
	if l == nil || l.lease == nil {
		return nil
	}
	return l.lease.Renew(t.wh.now())
}

// lock takes the table's lock: *ErrBusy when another process, or another part of this one,
// works on it. A mirror has the newest of the log then.
func (t *Table) lock(holder string) (*tableLock, *durable.Dir, error) {
	d, err := t.lockable()
	if err != nil {
		return nil, nil, err
	}
	file, err := d.Lock(context.Background(), t.at("lock"), holder, 0)
	var held *durable.HeldError
	if errors.As(err, &held) {
		return nil, nil, t.busy(held.Holder)
	}
	if err != nil {
		return nil, nil, err
	}
	lock := &tableLock{file: file}
	if r := t.wh.remote; r != nil {
		if lock.lease, err = r.lease(t, d, holder); err == nil {
			err = t.pull()
		}
		if errors.Is(err, ErrNoTable) { // a copy locks what is not there yet
			err = nil
		}
	}
	if err != nil {
		return nil, nil, errors.Join(err, lock.Release())
	}
	return lock, d, nil
}

// lockable is the folder of the warehouse, which a mirror makes where it is missing.
func (t *Table) lockable() (*durable.Dir, error) {
	if t.wh.remote != nil {
		return t.wh.remote.mirror(t)
	}
	return t.wh.root()
}

func (t *Table) busy(holder string) error {
	name := t.id
	if m, _, err := t.head(); err == nil {
		name = m.Path
	}
	return &ErrBusy{Path: name, Holder: holder}
}

// lease takes the table's lease under the lock of the mirror. What an earlier process of
// this mirror took and did not give back is taken over: it has ended, or the lock would be held.
func (r *remote) lease(t *Table, d *durable.Dir, holder string) (*objects.Lease, error) {
	mark, err := r.mark(d)
	if err != nil {
		return nil, err
	}
	holder += mark
	l, err := objects.TakeLease(r.store, t.key("lock"), holder, r.w.now())
	var held *objects.LeasedError
	if errors.As(err, &held) && strings.HasSuffix(held.Holder, mark) {
		if err := r.store.Delete(t.key("lock")); err != nil {
			return nil, err
		}
		l, err = objects.TakeLease(r.store, t.key("lock"), holder, r.w.now())
	}
	if errors.As(err, &held) {
		return nil, t.busy(fmt.Sprintf("%s, until %s or as long as it goes on,", held.Holder, held.Until.UTC().Format("15:04 UTC")))
	}
	return l, err
}

// mark tells this mirror from any other, in words for whoever meets its leases.
func (r *remote) mark(d *durable.Dir) (string, error) {
	id, err := d.ReadFile(mirrorName)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.CreateNew(mirrorName, []byte(randomText(8)), 0o444); err != nil && !errors.Is(err, fs.ErrExist) {
			return "", err
		}
		id, err = d.ReadFile(mirrorName)
	}
	return markOf(id), err
}

// mirrorName is the file that holds the name of a mirror.
const mirrorName = homes + "/mirror"

func markOf(id []byte) string { return fmt.Sprintf(" (from the mirror %s)", id) }
