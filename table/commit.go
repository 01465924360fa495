package table

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/spec"
)

// Commit makes the staged rows, the deletions and the bookmark part of the table in one
// step, and shows readers the new snapshot. After an error nothing of it has happened, and
// Abort ends the transaction, with three exceptions that say so themselves: *ErrUnpublished (committed,
// readers see it later), and *ErrShrink, *ErrExpect, *ErrIncomplete and *ErrHeld (the result stays
// staged and can be committed by a later run with the same id, see Closed).
func (x *Txn) Commit(c Close) (Manifest, error) {
	if x.ended {
		return Manifest{}, ErrAborted
	}
	if x.broken != nil {
		return Manifest{}, x.broken
	}
	if err := x.first(); err != nil {
		return Manifest{}, err
	}
	if err := x.complete(c); err != nil {
		return Manifest{}, err
	}
	if err := x.closeSegments(); err != nil {
		return Manifest{}, err
	}
	done, err := x.merged(c)
	if _, late := errors.AsType[*ErrUnpublished](err); late {
		return done, errors.Join(err, x.end())
	}
	if err != nil {
		return Manifest{}, err
	}
	return done, errors.Join(x.show(done), x.end())
}

// merge resolves the staged rows against the head, and commits the result after it.
func (x *Txn) merge(c Close) (Manifest, error) {
	m, err := x.resolve(c)
	if err != nil {
		return Manifest{}, err
	}
	next, err := x.next(c, m)
	if err != nil {
		return Manifest{}, err
	}
	return x.commit(next)
}

// first checks that nobody committed since the run began, or that the run may go on all the
// same.
func (x *Txn) first() error {
	if x.t.wh.remote != nil {
		_, err := x.ontoHead()
		return err
	}
	head, hash, err := x.t.head()
	if err != nil {
		return err
	}
	if hash == x.headHash {
		return nil
	}
	if err := head.admits(x.run); err != nil {
		return err
	}
	return &ErrSuperseded{Path: x.head.Path, Began: x.head.Number, Head: head.Number}
}

// complete holds back a result that the caller asked to hold, or that lacks rows.
func (x *Txn) complete(c Close) error {
	if c.Hold != "" {
		return cmp.Or(x.hold(c.Hold, c), error(&ErrHeld{Path: x.head.Path, Why: c.Hold}))
	}
	if c.Final != nil && c.Final.Short() && x.run.Spec.Target.String("reconcile") != ReconcileWarn {
		x.cp.Saved = time.Time{} // the read came to its end and lacks rows: going on from it cannot help
		return &ErrIncomplete{Path: x.head.Path, Received: c.Final.Received, Announced: c.Final.Announced}
	}
	return nil
}

// next builds the new parts and the manifest that names them.
func (x *Txn) next(c Close, m *merge) (Manifest, error) {
	n := x.manifest(c, m)
	if x.nothingNew(m) {
		n.Counts.Deleted = 0
		return n, nil
	}
	a, err := m.assemble()
	if err != nil {
		return n, err
	}
	if !a.changed(x.head) {
		return n, nil
	}
	if err := x.shrinks(c, a.rows); err != nil {
		return n, err
	}
	if err := x.fits(a); err != nil {
		return n, err
	}
	parts, err := x.write(a)
	if err != nil {
		return n, err
	}
	n.Counts.Misfits += x.misfits
	if err := x.meetsExpectations(c, m, a, parts, &n); err != nil {
		return n, err
	}
	n.Snapshot = n.Number
	if x.deletes() == DeletesRemove && n.Counts.Deleted > 0 {
		n.Floor = n.Number
	}
	n.Parts, err = x.link(a, parts)
	return n, err
}

// nothingNew reports whether a table that is replaced only by new data stays as it is.
func (x *Txn) nothingNew(m *merge) bool {
	if x.run.Spec.Mode() != spec.ReplaceOnNewData || x.run.Reimport {
		return false
	}
	return !slices.ContainsFunc(m.staged, func(in *input) bool { return in.part.Rows > in.died })
}

// manifest is the next manifest, with the parts of the head.
func (x *Txn) manifest(c Close, m *merge) Manifest {
	n := x.head
	n.Number++
	n.Kind, n.Run, n.Imported = KindImport, x.run.ID, x.run.ID
	n.Lineage, n.Address = cmp.Or(x.run.Lineage, n.Lineage), cmp.Or(x.run.Address, n.Address)
	if !x.overtaken || n.Slot == x.slot { // else it is that of a run that began later
		n.Slot = cmp.Or(x.run.Slot, n.Slot)
	}
	if !x.overtaken {
		n.Started = x.run.Started
	}
	n.Spec, n.Workspace, n.Columns = x.run.Spec, x.run.Workspace, x.l.columns
	n.Counts, n.Final, n.Unreconciled = m.counts, c.Final, 0
	if c.Final != nil && c.Final.Short() {
		n.Unreconciled = c.Final.Announced - c.Final.Received
	}
	if x.run.Reimport {
		n.Bookmark, n.Position, n.Covered = "", "", nil
	}
	if c.Bookmark != "" && !x.overtaken {
		n.Bookmark, n.Position = c.Bookmark, c.Position
	}
	if replaces(x.run) {
		n.Covered = nil
	}
	n.Covered = joinIntervals(append(slices.Clone(n.Covered), c.Covered...))
	return n
}

// shrinks holds back a result that would lose more rows than the target allows.
func (x *Txn) shrinks(c Close, rows int64) error {
	most := 0.5
	if x.run.Spec.Target.Has("max_shrink") {
		most = x.run.Spec.Target.Float("max_shrink")
	}
	const small = 100
	if x.run.AllowShrink || x.head.Rows < small || float64(rows) >= float64(x.head.Rows)*(1-most) {
		return nil
	}
	return cmp.Or(x.hold(HeldByShrink, c), error(&ErrShrink{Path: x.head.Path, Before: x.head.Rows, After: rows, Max: most}))
}

// fits looks at the disk before anything is written to it.
func (x *Txn) fits(a *assembly) error { return fits(x.d.Free(), a, x.l.sorts(), x.head.Path) }

func fits(free int64, a *assembly, sorts bool, table string) error {
	var need int64
	seen := map[*input]bool{}
	for _, spans := range a.rewrite {
		for _, s := range spans {
			if !seen[s.in] {
				seen[s.in] = true
				need += s.in.part.Bytes
			}
		}
	}
	if sorts {
		need *= 2 // sorted runs stand beside the parts that are made of them
	}
	for _, family := range a.adopt {
		if len(family) > 1 {
			need += asOne(family).Bytes
		}
	}
	if free >= 0 && free < need {
		return &durable.FullError{Err: fmt.Errorf("the disk has %d KiB free, and the commit to the table %s needs about %d KiB", free>>10, table, need>>10)}
	}
	return nil
}

// write builds the parts of an assembly in the run's staging folder.
func (x *Txn) write(a *assembly) ([]newPart, error) {
	var out []newPart
	err := x.d.Step(StepStaged, func() error {
		b := x.builder()
		if err := x.d.Mkdir(b.dir, 0o755); err != nil {
			return err
		}
		for _, name := range a.partitions() {
			parts, err := b.build(name, a.rewrite[name])
			if err != nil {
				return err
			}
			out = append(out, parts...)
		}
		x.misfits = b.misfits
		for i, family := range a.adopt {
			p, err := b.adopt(family, i+1)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return x.d.SyncDir(b.dir)
	})
	return out, err
}

func (x *Txn) builder() *builder {
	attempt := strings.ToLower(randomText(8))
	return &builder{
		ctx: x.ctx, d: x.d, l: x.l, dir: x.dir + "/out-" + attempt,
		prefix: fmt.Sprintf("%06d-%s", x.head.Number+1, attempt), now: micros(x.run.Started),
	}
}

// link puts new parts beside those that stay, durably, and returns all of them in the order
// of a manifest.
func (x *Txn) link(a *assembly, parts []newPart) ([]Part, error) {
	all := slices.Clone(a.stay)
	err := x.d.Step(StepParts, func() error {
		for _, p := range parts {
			if err := x.d.Link(p.file, x.t.at("parts/"+p.Name)); err != nil {
				return err
			}
			all = append(all, p.Part)
		}
		if r := x.t.wh.remote; r != nil {
			if err := r.pushParts(x.t, x.d, parts); err != nil {
				return err
			}
		}
		return x.d.SyncDir(x.t.at("parts"))
	})
	slices.SortFunc(all, func(a, b Part) int {
		return cmp.Or(strings.Compare(a.Partition, b.Partition), strings.Compare(a.Name, b.Name))
	})
	if all == nil {
		all = []Part{}
	}
	return all, err
}

// commit writes the manifest. When somebody else was first, but that somebody is this very
// run, whose acknowledgement was lost, it is done.
func (x *Txn) commit(n Manifest) (Manifest, error) {
	done, _, err := x.t.commitManifest(n, x.headHash)
	return done, err
}

// show publishes a commit and cleans up behind it. What fails here is not lost: the next
// writer does it.
func (x *Txn) show(m Manifest) error {
	err := x.t.publish(x.d, false)
	if err == nil {
		_, err = x.t.sweep(x.d)
	}
	if err == nil {
		err = x.t.sweepStaging(x.d, runFolder(x.run.ID), true)
	}
	if err != nil {
		return &ErrUnpublished{Path: m.Path, Err: err}
	}
	return nil
}

// joinIntervals sorts spans of the cursor and joins those that meet.
func joinIntervals(list []Interval) []Interval {
	parse := func(s string) time.Time {
		t, _ := time.Parse(time.RFC3339, s) // "" and what is no time are the beginning
		return t
	}
	slices.SortStableFunc(list, func(a, b Interval) int { return parse(a.From).Compare(parse(b.From)) })
	var out []Interval
	for _, iv := range list {
		if n := len(out); n > 0 && !parse(iv.From).After(parse(out[n-1].To)) {
			if parse(iv.To).After(parse(out[n-1].To)) {
				out[n-1].To = iv.To
			}
			continue
		}
		out = append(out, iv)
	}
	return out
}
