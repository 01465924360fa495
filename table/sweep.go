package table

import (
	"errors"
	"io/fs"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
)

// readersHour is how long a reader that resolved the table's path may go on reading it.
const readersHour = time.Hour

// kept lists the manifests whose snapshots stay: the head's, as many distinct ones before
// it as the target retains, unless they were purged, and all that were current within the
// last hour.
func (t *Table) kept(head Manifest) ([]Manifest, error) { return t.snapshots(head, readersHour) }

// snapshots is kept with another span for readers. With none it is the same on every machine
// that sees that head.
func (t *Table) snapshots(head Manifest, readers time.Duration) ([]Manifest, error) {
	retain := int64(2)
	if head.Spec.Target.Has("retain") {
		retain = max(0, head.Spec.Target.Int("retain"))
	}
	out := []Manifest{head}
	current := head
	for n := int64(0); ; n++ {
		first := current // the manifest that made current's snapshot
		if current.Number != current.Snapshot {
			m, _, err := t.manifest(current.Snapshot)
			if err != nil {
				return nil, err
			}
			first = m
		}
		if first.Number <= 1 {
			return out, nil
		}
		before, _, err := t.manifest(first.Number - 1)
		if err != nil {
			return nil, err
		}
		wanted := n < retain && before.Snapshot >= head.Floor
		if !wanted && (readers == 0 || t.wh.now().Sub(first.Committed) >= readers) {
			return out, nil
		}
		out = append(out, before)
		current = before
	}
}

// sweep removes the views, parts and ranges of snapshots that are not kept, and what crashes left:
// parts that no kept manifest names, once they are older than the readers' hour, since a
// younger one may be about to be committed. It runs under the table's lock and returns
// the bytes it freed.
func (t *Table) sweep(d *durable.Dir) (int64, error) {
	var freed int64
	err := d.Step(StepSweep, func() error {
		head, _, err := t.head()
		if err != nil {
			return err
		}
		keep, err := t.kept(head)
		if err != nil {
			return err
		}
		if err := t.showElsewhere(d, head, false); err != nil {
			return err
		}
		if err := t.sweepViews(d, keep); err != nil {
			return err
		}
		if freed, err = t.sweepParts(d, keep); err != nil {
			return err
		}
		if err := t.sweepRanges(d, keep); err != nil {
			return err
		}
		if t.wh.remote != nil { // what the mirror had of it was no more than a copy
			if freed, err = t.wh.remote.sweep(t, head, keep); err != nil {
				return err
			}
		}
		return t.sweepTemps(d)
	})
	return freed, err
}

func (t *Table) sweepViews(d *durable.Dir, keep []Manifest) error {
	entries, err := d.ReadDir(t.at("views"))
	if err != nil {
		return err
	}
	target, err := d.Readlink(keep[0].Path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	_, current, _ := viewOf(target)
	for _, e := range entries {
		kept := e.Name() == current || slices.ContainsFunc(keep[1:], func(m Manifest) bool { return shows(e.Name(), m.Snapshot) })
		if kept {
			continue
		}
		if shows(e.Name(), keep[0].Snapshot) && !t.olderThanHour(d, "views/"+e.Name()) {
			continue // a view that was built again: someone may be reading the first one
		}
		if err := d.RemoveAll(t.at("views/" + e.Name())); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) olderThanHour(d *durable.Dir, name string) bool {
	st, err := d.Lstat(t.at(name))
	return err == nil && t.wh.now().Sub(st.ModTime()) >= readersHour
}

func (t *Table) sweepParts(d *durable.Dir, keep []Manifest) (int64, error) {
	named := map[string]bool{}
	for _, m := range keep {
		for _, p := range m.Parts {
			named[p.Name] = true
		}
	}
	entries, err := d.ReadDir(t.at("parts"))
	if err != nil {
		return 0, err
	}
	var freed int64
	for _, e := range entries {
		if named[e.Name()] || !t.olderThanHour(d, "parts/"+e.Name()) {
			continue
		}
		if st, err := e.Info(); err == nil {
			freed += st.Size()
		}
		if err := d.Remove(t.at("parts/" + e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return freed, err
		}
	}
	return freed, nil
}

func (t *Table) sweepTemps(d *durable.Dir) error {
	for _, dir := range []string{"log", "."} {
		if _, err := d.SweepTemps(t.at(dir), t.wh.now().Add(-readersHour)); err != nil {
			return err
		}
	}
	return nil
}
