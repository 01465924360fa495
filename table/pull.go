package table

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
)

// pullAtOnce is how many objects are read from a store side by side.
const pullAtOnce = 16

// pull brings the newest of a table's log into the mirror: every manifest after the newest that is
// there, or, into a new mirror, the head alone; an older one is fetched when it is asked for.
// ErrNoTable when the store has no such table.
func (t *Table) pull() error {
	if t.wh.remote == nil {
		return nil
	}
	return t.wh.remote.pull(t)
}

func (r *remote) pull(t *Table) error {
	d, err := r.mirror(t)
	if err != nil {
		return err
	}
	known, err := t.headNumber()
	if err != nil {
		return err
	}
	newer, err := r.newer(t, d, known)
	if errors.Is(err, errOtherLife) {
		if err := d.RemoveAll(homes + "/" + t.id); err != nil {
			return err
		}
		return r.pull(t)
	}
	if err != nil {
		return err
	}
	if len(newer) == 0 {
		if known == 0 {
			return fmt.Errorf("%s: %w", t.id, ErrNoTable)
		}
		return nil
	}
	slices.Sort(newer)
	if known == 0 {
		newer = newer[len(newer)-1:]
	}
	err = atOnce(newer, func(n int64) error {
		_, err := r.fetchManifest(t, d, n)
		return err
	})
	if err != nil {
		return err
	}
	err = t.hint(d, newer[len(newer)-1])
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // somebody who pulled at the same time has moved it
	}
	return err
}

// errOtherLife says that the store lacks what the mirror has: it was emptied, or is another
// one that came under the same name.
var errOtherLife = errors.New("the mirror is of another store")

// newer lists the manifests of the store after the newest one of the mirror.
func (r *remote) newer(t *Table, d *durable.Dir, known int64) ([]int64, error) {
	listing := r.skim(t.key(""))
	if known > 0 {
		listing = r.store.List(t.key("log/"), justBefore(t.logKey(known)))
	}
	var out []int64
	found := known == 0
	for o, err := range listing {
		if err != nil {
			return nil, err
		}
		if o.Key > t.key("log0") {
			break // behind the log
		}
		n, ok := logKeyNumber(strings.TrimPrefix(o.Key, t.key("log/")))
		switch {
		case ok && n == known:
			size, err := sizeOf(d.Lstat(t.at(logName(n))))
			if err != nil {
				return nil, err
			}
			found = size == o.Size
		case ok && n > known:
			out = append(out, n)
		}
	}
	if !found {
		return nil, errOtherLife
	}
	return out, nil
}

// fetchManifest reads a manifest from the store and keeps it in the mirror.
func (r *remote) fetchManifest(t *Table, d *durable.Dir, n int64) ([]byte, error) {
	data, err := objects.Read(r.store, t.logKey(n))
	if err != nil {
		return nil, err
	}
	if torn(data) {
		return data, nil // whoever reads it says what is wrong; it is not kept
	}
	return data, r.keep(d, t.at(logName(n)), data)
}

// keep writes a file of the mirror that is the same whoever writes it.
func (r *remote) keep(d *durable.Dir, name string, data []byte) error {
	err := d.CreateNew(name, data, 0o444)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// fetchRanges reads the ranges of a snapshot from the store and keeps them in the mirror;
// fs.ErrNotExist when there are none.
func (r *remote) fetchRanges(t *Table, d *durable.Dir, snapshot int64) ([]byte, error) {
	_, hash, err := t.manifest(snapshot)
	if err != nil {
		return nil, err
	}
	data, err := objects.Read(r.store, t.rangesKey(snapshot, hash))
	if err != nil {
		return nil, err
	}
	return data, d.Replace(t.at(rangesName(snapshot)), data, 0o644)
}

// atOnce does something with every element, several side by side, and returns an error of
// one of them.
func atOnce[T any](list []T, do func(T) error) error {
	var group errgroup.Group
	group.SetLimit(pullAtOnce)
	for _, x := range list {
		group.Go(func() error { return do(x) })
	}
	return group.Wait()
}
