package table

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/stream"
)

// Txn is one run's work on one table, from its first row to its commit, under the table's
// lock. It is for one goroutine. Commit and Abort end it; a process that dies lets go of
// the lock, and what was checkpointed can be gone on from.
type Txn struct {
	t    *Table
	d    *durable.Dir
	lock *tableLock // nil in tests of a broken lock
	ctx  context.Context
	run  Run
	dir  string // staging folder of the run
	l    *layout

	head      Manifest
	headHash  string
	slot      string // of the manifest that the run began with
	overtaken bool   // the head is of an import that began later

	cp         checkpoint
	attempt    string // tells the files of two machines apart that stage for one run; "" on disk
	pushed     int    // segments that stand in the store
	resumed    bool
	discarded  string
	open       map[string]*openSegment
	families   map[string]*family // by partition, of segments that were closed by a checkpoint
	early      []early
	dictionary []bool // leaves that are written with one; nil until enough rows came
	seeds      [2]maphash.Seed
	clock      int64 // orders the uses of open segments
	leaves     rowLeaves
	evolution  *evolution // of the head's files, where they are of an older layout
	misfits    int64      // values of those files that did not fit their new column
	broken     error      // the first failed write: nothing after it can be relied on
	ended      bool
}

// Begin starts a run's work: it takes the table's lock, publishes what a crash left
// unpublished, and opens the run's staging folder or goes on with it. Errors: *ErrBusy when
// another run works on the table, ErrSlotDone when this run or slot is committed already,
// *ErrOtherWorkspace, *ErrOtherOwner, ErrDeleted.
func (t *Table) Begin(ctx context.Context, r Run) (*Txn, error) {
	lock, d, err := t.lock("run " + r.ID + " of " + r.Address)
	if err != nil {
		return nil, err
	}
	x, err := t.begin(ctx, d, r)
	if err != nil {
		return nil, errors.Join(err, lock.Release())
	}
	x.lock = lock
	return x, nil
}

func (t *Table) begin(ctx context.Context, d *durable.Dir, r Run) (*Txn, error) {
	l, err := newLayout(r.Spec)
	if err != nil {
		return nil, err
	}
	if err := t.catchUp(d); err != nil {
		return nil, err
	}
	head, hash, err := t.head()
	if err != nil {
		return nil, err
	}
	if err := head.admits(r); err != nil {
		return nil, err
	}
	if head, err = t.ranged(d, head); err != nil {
		return nil, err
	}
	x := &Txn{
		t: t, d: d, ctx: ctx, run: r, l: l, head: head, headHash: hash, slot: head.Slot,
		dir: t.at("staging/" + runFolder(r.ID)), open: map[string]*openSegment{}, families: map[string]*family{},
	}
	if err := t.sweepStaging(d, runFolder(r.ID), false); err != nil {
		return nil, err
	}
	if err := x.openStaging(); err != nil {
		return nil, err
	}
	if !x.resumed {
		x.cp = checkpoint{Workspace: r.Workspace, Staged: Staged{
			Run: r.ID, Address: r.Address, Slot: r.Slot, Started: r.Started, Spec: r.Spec, Full: r.Full,
		}}
	}
	x.run.Started = x.cp.Started // of the first attempt
	return x, nil
}

// admits checks that a run may commit after this manifest.
func (m Manifest) admits(r Run) error {
	switch {
	case m.Kind == KindDelete:
		return fmt.Errorf("%s: %w", m.Path, ErrDeleted)
	case r.ID != "" && m.Imported == r.ID:
		return ErrSlotDone
	case r.Slot != "" && m.Slot == r.Slot:
		return ErrSlotDone
	case m.Lineage != "" && r.Lineage != m.Lineage:
		return &ErrOtherOwner{Path: m.Path, Lineage: m.Lineage}
	case m.Workspace.ID != "" && r.Workspace.ID != m.Workspace.ID && !r.Reimport:
		return &ErrOtherWorkspace{Path: m.Path, Has: m.Workspace, Got: r.Workspace}
	}
	return nil
}

// Head is the manifest that the run began with.
func (x *Txn) Head() Manifest { return x.head }

// Resume tells where the run goes on and how many rows are staged, when an earlier attempt
// of it left a checkpoint.
func (x *Txn) Resume() (stream.Bookmark, int64, bool) {
	return x.cp.Resume, x.cp.Rows, x.resumed && x.cp.Resume != ""
}

// Discarded says why an earlier attempt's checkpoint was not used, or "".
func (x *Txn) Discarded() string { return x.discarded }

// Closed returns the end of the read when an earlier attempt of the run came that far and
// its result was held back: it can be committed without reading again.
func (x *Txn) Closed() (Close, bool) {
	if x.cp.Closed == nil {
		return Close{}, false
	}
	return *x.cp.Closed, true
}

// Write stages the rows of a batch. The batch's rows belong to the transaction afterwards.
// A row without its key is refused with *ErrRow.
func (x *Txn) Write(b stream.Batch) error {
	if x.ended {
		return ErrAborted
	}
	if err := x.ctx.Err(); err != nil {
		return err
	}
	if err := x.t.renew(x.lock); err != nil {
		return err
	}
	x.cp.Batches++
	for _, k := range b.Deleted {
		key, err := x.l.encodeKey(k)
		if err != nil {
			return err
		}
		x.cp.Deleted = append(x.cp.Deleted, key)
	}
	if b.Rows == nil || b.Rows.N == 0 {
		return nil
	}
	leaves, err := x.leaves.of(x.l, b.Rows, x.run.Started)
	if err != nil {
		return err
	}
	if err := x.l.checkKeys(leaves); err != nil {
		return err
	}
	ready, err := x.sampled(b.Rows)
	if ready {
		err = x.stage(leaves, b.Rows.N, x.cp.Batches)
	}
	if err != nil {
		x.broken = err
		return err
	}
	x.cp.Rows += int64(b.Rows.N)
	x.cp.Counts.Received += int64(b.Rows.N)
	x.cp.Counts.Misfits += b.Rows.Misfits
	x.cp.Counts.Unknown += b.Rows.Unknown
	return nil
}

// Checkpoint makes the rows so far durable, with the place where the read can go on.
func (x *Txn) Checkpoint(resume stream.Bookmark) error {
	if x.ended {
		return ErrAborted
	}
	x.cp.Resume = resume
	return x.checkpoint()
}

func (x *Txn) checkpoint() error {
	if x.broken != nil {
		return x.broken
	}
	if err := x.closeSegments(); err != nil {
		return err
	}
	if err := x.d.SyncDir(x.dir); err != nil {
		return err
	}
	x.cp.Saved = x.t.wh.now().UTC()
	return x.save()
}

// hold keeps the whole result staged under a reason, to be looked at or published later.
func (x *Txn) hold(why string, c Close) error {
	x.cp.Why, x.cp.Closed = why, &c
	return x.checkpoint()
}

// Abort ends the transaction without a commit. What was checkpointed stays, to be gone on
// from; a run that saved nothing leaves nothing.
func (x *Txn) Abort() error {
	if x.ended {
		return nil
	}
	x.abandonSegments()
	var err error
	if x.cp.Saved.IsZero() {
		err = x.t.dropStaging(x.d, runFolder(x.run.ID))
	}
	return errors.Join(err, x.end())
}

// end lets go of the lock.
func (x *Txn) end() error {
	x.ended = true
	if x.lock == nil {
		return nil
	}
	return x.lock.Release()
}

// micros is a moment in the unit of timestamp columns.
func micros(t time.Time) int64 { return t.UnixMicro() }
