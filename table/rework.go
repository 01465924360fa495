package table

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/stream"
)

// Rewrite lays the table's own rows out as the run's spec wants them, without asking the
// service: partitions, zone, time column, renamed, dropped, added, promoted and hashed columns, wider types,
// and one row per key where the table becomes an upsert. Added columns are filled from
// _rest or the JSON column they are promoted from. Where columns are dropped or hashed, older
// snapshots are purged once readers are done, and unfinished imports start over. It is a no-op for the spec the table has.
// What the files cannot give is refused, see Rewritable.
func (t *Table) Rewrite(ctx context.Context, r Run) (Manifest, error) {
	return t.rework(ctx, r, func(x *Txn, n *Manifest) (*assembly, error) {
		if sameSpec(x.head.Spec, r.Spec) {
			return nil, nil
		}
		n.Kind, n.Spec, n.Columns = KindRewrite, r.Spec, x.l.columns
		if on := r.Spec.Target.String("on_remove"); on != "" {
			n.OnRemove = on
		}
		if err := Rewritable(x.head, r.Spec); err != nil {
			return nil, err
		}
		head := x.t.inputs(x.head)
		if err := x.evolve(head); err != nil {
			return nil, err
		}
		if x.evolution.removes {
			n.Floor = n.Number
			if err := t.sweepStaging(x.d, path.Base(x.dir), true); err != nil {
				return nil, err
			}
		}
		if err := x.onePerKey(head); err != nil {
			return nil, err
		}
		return x.distributeAll(head)
	})
}

// Compact writes every part anew with the physical layout of the table's spec, as few and
// as large as it allows.
func (t *Table) Compact(ctx context.Context, r Run) (Manifest, error) {
	return t.rework(ctx, r, func(x *Txn, n *Manifest) (*assembly, error) {
		n.Kind = KindCompact
		if len(x.head.Parts) == 0 {
			return nil, nil
		}
		return x.distributeAll(x.t.inputs(x.head))
	})
}

// Erase removes all rows with these keys, from the current snapshot now, from older ones
// once readers are done, and from staging: unfinished imports start over. It returns how
// many rows went.
func (t *Table) Erase(ctx context.Context, keys []stream.Key, r Run) (int64, error) {
	var erased int64
	_, err := t.rework(ctx, r, func(x *Txn, n *Manifest) (*assembly, error) {
		n.Kind, n.Floor = KindErase, n.Number
		if err := t.sweepStaging(x.d, path.Base(x.dir), true); err != nil {
			return nil, err
		}
		a, gone, err := x.without(keys)
		erased = gone
		n.Counts.Deleted = gone
		return a, err
	})
	return erased, err
}

// rework is the frame of what makes a commit out of the table's own rows: decide fills in
// the manifest and says what becomes of the files; no assembly is no commit. Without a spec the run
// works with the table's.
func (t *Table) rework(ctx context.Context, r Run, decide func(*Txn, *Manifest) (*assembly, error)) (Manifest, error) {
	lock, d, err := t.lock("run " + r.ID + " of " + r.Address)
	if err != nil {
		return Manifest{}, err
	}
	m, err := t.reworkLocked(ctx, d, r, decide)
	return m, errors.Join(err, lock.Release())
}

func (t *Table) reworkLocked(ctx context.Context, d *durable.Dir, r Run, decide func(*Txn, *Manifest) (*assembly, error)) (Manifest, error) {
	head, hash, err := t.living(d)
	if err != nil {
		return head, err
	}
	if head.Lineage != "" && r.Lineage != head.Lineage {
		return head, &ErrOtherOwner{Path: head.Path, Lineage: head.Lineage}
	}
	if err := t.sweepWork(d); err != nil {
		return head, err
	}
	if head, err = t.ranged(d, head); err != nil {
		return head, err
	}
	x, err := t.reworker(ctx, d, r, head, hash)
	if err != nil {
		return head, err
	}
	n := head
	n.Number++
	n.Run, n.Counts, n.Final = r.ID, Counts{}, nil
	a, err := decide(x, &n)
	if err == nil && a != nil {
		head, err = x.finish(a, n)
	}
	return head, errors.Join(err, t.sweepWork(d))
}

func (t *Table) reworker(ctx context.Context, d *durable.Dir, r Run, head Manifest, hash string) (*Txn, error) {
	if r.Spec.Target == nil {
		r.Spec = head.Spec
	}
	l, err := newLayout(r.Spec)
	if err != nil {
		return nil, err
	}
	x := &Txn{t: t, d: d, ctx: ctx, run: r, l: l, head: head, headHash: hash, dir: t.at("staging/" + workPrefix + strings.ToLower(randomText(8)))}
	return x, d.MkdirAll(x.dir, 0o755)
}

// workPrefix begins the names of staging folders of work that is not an import and cannot
// be gone on from.
const workPrefix = "work-"

func (t *Table) sweepWork(d *durable.Dir) error {
	return t.clearRuns(d, func(run string) bool { return strings.HasPrefix(run, workPrefix) })
}

// finish writes an assembly and commits it as n.
func (x *Txn) finish(a *assembly, n Manifest) (Manifest, error) {
	if err := x.fits(a); err != nil {
		return x.head, err
	}
	parts, err := x.write(a)
	if err != nil {
		return x.head, err
	}
	n.Counts.Misfits = x.misfits
	if n.Parts, err = x.link(a, parts); err != nil {
		return x.head, err
	}
	n.Snapshot = n.Number
	done, _, err := x.t.commitManifest(n, x.headHash)
	if err != nil {
		return x.head, err
	}
	x.t.wh.remember(done.Path, x.t.id)
	err = x.t.publish(x.d, false)
	if err == nil {
		_, err = x.t.sweep(x.d)
	}
	if err != nil {
		return done, &ErrUnpublished{Path: done.Path, Err: err}
	}
	return done, nil
}

// distributeAll sends all rows that are not dropped to the partitions of the layout.
func (x *Txn) distributeAll(inputs []*input) (*assembly, error) {
	a := &assembly{}
	for _, in := range inputs {
		if err := x.distribute(a, in); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// onePerKey drops all but the newest row of each key, where the table becomes an upsert or
// its key changes. What was committed later counts as the later read.
func (x *Txn) onePerKey(head []*input) error {
	if !keyedAnew(x.head.Spec, x.run.Spec) {
		return nil
	}
	if err := x.wholeKeys(head); err != nil {
		return err
	}
	m := &merge{x: x, seeds: newSeeds(), staged: head}
	defer m.closeAll()
	var base int64
	for _, in := range head {
		in.base = base
		base += in.part.Rows
	}
	passes := uint64(base/passRows) + 1
	for pass := range passes {
		m.index.reset(base / int64(passes))
		for _, in := range head {
			if err := m.among(&m.index, in, pass, passes); err != nil {
				return err
			}
			if err := in.close(); err != nil {
				return err
			}
		}
	}
	return nil
}

// wholeKeys refuses rows that lack a part of the key they shall be known by.
func (x *Txn) wholeKeys(head []*input) error {
	for _, in := range head {
		f, err := in.open(x.d)
		if err != nil {
			return err
		}
		for _, k := range x.l.key {
			leaf, err := in.keyLeaf(x.l.leaves[k].Path[0])
			if err != nil {
				return err
			}
			for g := range f.pq.RowGroups() {
				v := in.leaves[leaf]
				if err := f.column(g, leaf, &v); err != nil {
					return err
				}
				if slices.ContainsFunc(v.Def, func(d uint8) bool { return d != v.MaxDef }) {
					return &ErrRow{Column: x.l.leaves[k].Path[0], Problem: "is to be part of the key and has no value"}
				}
			}
		}
		if err := in.close(); err != nil {
			return err
		}
	}
	return nil
}

// without sorts the head's files so that rows with these keys are not in the result.
func (x *Txn) without(keys []stream.Key) (*assembly, int64, error) {
	if len(x.l.key) == 0 {
		return nil, 0, fmt.Errorf("the rows of %s have no key by which one could be erased", x.head.Path)
	}
	gone := map[string]bool{}
	for _, k := range keys {
		e, err := x.l.encodeKey(k)
		if err != nil {
			return nil, 0, err
		}
		gone[e] = true
	}
	byKey := *x.l
	byKey.cursor = -1 // a key's every version goes
	a, erased := &assembly{}, int64(0)
	for _, in := range x.t.inputs(x.head) {
		err := in.identities(x.d, &byKey, func(row int64, identity []byte, _ int64) error {
			if gone[string(identity)] {
				in.dropRow(row)
				erased++
			}
			return nil
		})
		if err = errors.Join(err, in.close()); err != nil {
			return nil, 0, err
		}
		if !in.touched() {
			a.stay = append(a.stay, in.part)
			continue
		}
		(&merge{x: x}).spans(a, in, nil)
	}
	return a, erased, nil
}
