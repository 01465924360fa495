package apply

import (
	"context"
	"errors"
	"sync"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// imports runs the read groups of the plan side by side. An import whose target could not
// be changed is not started.
func (r *runner) imports(ctx context.Context, failed map[addr.Address]bool) {
	var groups [][]*importing
	at := map[int]int{}
	for i := range r.Plan.Imports {
		imp := &r.Plan.Imports[i]
		if failed[imp.Address] {
			r.emit(Event{Kind: NotStarted, Address: imp.Address, Import: imp, Message: "its table could not be changed"})
			continue
		}
		if _, ok := at[imp.Group]; !ok {
			at[imp.Group] = len(groups)
			groups = append(groups, nil)
		}
		groups[at[imp.Group]] = append(groups[at[imp.Group]], r.prepare(imp))
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, max(1, r.Parallelism))
	for _, g := range groups {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			r.group(ctx, g)
		})
	}
	wg.Wait()
}

// importing is one import under way.
type importing struct {
	r       *runner
	plan    *plan.Import
	conn    addr.Address
	run     table.Run
	session *session
	txn     *table.Txn
	ended   bool

	rows, pages int64
	calls       providers.Calls // of this attempt so far
	spent       providers.Calls // of them, by reads that are over
	saved       int64           // pages at the last checkpoint
	savedRows   int64           // rows by then
	next        stream.Bookmark
	resume      stream.Bookmark
	final       *stream.Final
}

func (r *runner) prepare(imp *plan.Import) *importing {
	target := r.state.Targets[imp.Address]
	_, run := r.target(imp.Address)
	if imp.Resume != "" {
		run.ID = imp.Resume
	}
	run.Slot, run.Full = imp.Slot, imp.Full
	run.Reimport = imp.Reimport
	run.AllowShrink = r.Plan.Options.AllowShrink
	return &importing{r: r, plan: imp, conn: target.Connection, run: run}
}

func (im *importing) emit(e Event) {
	e.Address, e.Run, e.Import = im.plan.Address, im.run.ID, im.plan
	e.Rows, e.Pages, e.Calls = im.rows, im.pages, im.calls
	e.Connection, e.Budget = im.conn, im.session.budget()
	im.r.emit(e)
}

// group runs imports that share one read. Each is free to fail alone.
func (r *runner) group(ctx context.Context, ims []*importing) {
	var live []*importing
	for _, im := range ims {
		if ctx.Err() != nil {
			im.emit(Event{Kind: NotStarted, Message: interruptedBefore})
			continue
		}
		im.emit(Event{Kind: ImportStart})
		if im.begin(ctx) {
			live = append(live, im)
		}
	}
	if len(live) == 0 {
		return
	}
	live = r.looked(ctx, held(ctx, live))
	r.read(ctx, live, false)
	for _, im := range live {
		im.finish(ctx)
	}
}

// held commits the imports whose earlier attempt read everything and was held back before
// it was published, and returns the others.
func held(ctx context.Context, live []*importing) []*importing {
	var rest []*importing
	for _, im := range live {
		closed, ok := im.txn.Closed()
		if !ok {
			rest = append(rest, im)
			continue
		}
		_, im.rows, _ = im.txn.Resume()
		im.next, im.final = closed.Bookmark, closed.Final
		im.finish(ctx)
	}
	return rest
}

// begin opens the session and the table's transaction.
func (im *importing) begin(ctx context.Context) bool {
	if want := im.run.Spec.HashKeyID; want != "" && im.r.hashKeyID() != want {
		im.fail(&HashKeyError{Missing: im.r.HashKey.IsZero()})
		return false
	}
	s, err := im.r.session(ctx, im.conn)
	if err != nil {
		im.calls = s.spent()
		im.fail(err)
		return false
	}
	im.session = s
	im.run.Workspace = table.Workspace{Provider: s.provider.Name(), ID: s.workspace.ID, Name: s.workspace.Name}
	t, err := im.r.Warehouse.Table(im.r.state.Targets[im.plan.Address].Table)
	if err == nil {
		im.txn, err = t.Begin(ctx, im.run)
	}
	var busy *table.ErrBusy
	switch {
	case err == nil:
		if why := im.txn.Discarded(); why != "" {
			im.emit(Event{Kind: Noted, Message: "starts over: " + why})
		}
		return true
	case errors.As(err, &busy):
		im.skip("overlap: " + err.Error())
	case errors.Is(err, table.ErrSlotDone):
		im.skip("the slot " + im.run.Slot + " is done already")
	default:
		im.fail(err)
	}
	return false
}

// looked does the first half of replace_on_new_data over an incremental source: it looks
// for a new row, and turns the import into a full read when there is one. Imports that
// have nothing new are finished and left out.
func (r *runner) looked(ctx context.Context, live []*importing) []*importing {
	var rest []*importing
	for _, im := range live {
		if im.plan.Full || !im.run.Spec.Incremental() || !im.plan.Replaces {
			rest = append(rest, im)
			continue
		}
		fresh := r.read(ctx, []*importing{im}, true)
		switch {
		case im.ended:
		case fresh:
			im.rows, im.pages, im.next, im.resume, im.final = 0, 0, "", "", nil
			im.spent = im.calls
			im.run.Full = true
			rest = append(rest, im)
		default:
			im.finish(ctx)
		}
	}
	return rest
}

// read asks the service once for all of these imports and gives each batch to its table.
// With look, no row is written and it returns at the first row the table does not have.
func (r *runner) read(ctx context.Context, live []*importing, look bool) (fresh bool) {
	if len(live) == 0 {
		return false
	}
	var req providers.Request
	for _, im := range live {
		req.Reads = append(req.Reads, im.request())
	}
	for batch, err := range live[0].session.open.Read(ctx, req) {
		if batch.Calls.Requests > 0 {
			live[batch.Read].calls = live[batch.Read].spent.Plus(batch.Calls)
		}
		if err != nil {
			r.readFailed(ctx, live, err)
			continue
		}
		im := live[batch.Read]
		if im.ended {
			continue
		}
		if look {
			n, err := im.txn.Novel(batch)
			if err != nil {
				im.fail(err)
			} else if n > 0 {
				return true
			}
			im.note(batch)
			continue
		}
		im.take(ctx, batch)
	}
	return false
}

// readFailed ends the imports that a read's error belongs to, keeping what can be gone on
// from. An error that is only the interrupt is left for finish to tell.
func (r *runner) readFailed(ctx context.Context, live []*importing, err error) {
	if ctx.Err() != nil {
		return
	}
	var pe *providers.Error
	for i, im := range live {
		if im.ended || errors.As(err, &pe) && pe.Read >= 0 && pe.Read != i {
			continue
		}
		if im.save(); !im.ended {
			im.fail(err)
		}
	}
}

// request is what the import asks of the session.
func (im *importing) request() providers.Read {
	s := im.run.Spec
	read := providers.Read{
		Stream: s.Stream(), Settings: s.Source, Shape: s.Shape, HashKey: im.r.HashKey,
		Full: im.run.Full, Since: im.plan.Since, Until: im.plan.Until, Started: im.run.Started,
		Deletions: s.Target.Has("deletes") && s.Target.String("deletes") != table.DeletesKeep,
	}
	if !im.run.Full && !im.plan.Backfill && !im.run.Reimport {
		read.From = im.txn.Head().Bookmark
	}
	if resume, rows, ok := im.txn.Resume(); ok {
		read.Resume, im.rows, im.savedRows = resume, rows, rows
	}
	return read
}

// take writes one batch, and saves a checkpoint where the read can be resumed and enough
// pages have gone by. A batch that the interrupt kept out is left for finish to tell.
func (im *importing) take(ctx context.Context, b stream.Batch) {
	if err := im.txn.Write(b); err != nil {
		if ctx.Err() == nil {
			im.fail(err)
		}
		return
	}
	im.note(b)
	if b.Rows != nil {
		im.rows += int64(b.Rows.N)
	}
	expected := int64(-1)
	if b.Expected > 0 {
		expected = b.Expected
	}
	im.emit(Event{Kind: Progress, Expected: expected})
	if b.Resume != "" && im.worthSaving() {
		im.checkpoint()
	}
}

// manyRows since the last checkpoint make the next one worth its price.
const manyRows = 60_000

// worthSaving reports whether it is time for a checkpoint. Each closes the staged files,
// and many small ones have to be written a second time at the end; so a read that grows
// long is saved when it is four times as long, and from then on for every so many rows.
func (im *importing) worthSaving() bool {
	every := im.r.CheckpointPages
	if every <= 0 {
		every = 50
	}
	since := im.pages - im.saved
	return since >= every && (4*since >= 3*im.pages || im.rows-im.savedRows >= manyRows)
}

func (im *importing) note(b stream.Batch) {
	im.pages += int64(b.Pages)
	im.resume = b.Resume
	if b.Next != "" {
		im.next = b.Next
	}
	if b.Final != nil {
		im.final = b.Final
	}
}

// save checkpoints what can be resumed and is not saved yet.
func (im *importing) save() {
	if im.resume != "" && im.pages > im.saved {
		im.checkpoint()
	}
}

func (im *importing) checkpoint() {
	if err := im.txn.Checkpoint(im.resume); err != nil {
		im.fail(err)
		return
	}
	im.saved, im.savedRows = im.pages, im.rows
	im.emit(Event{Kind: Checkpointed})
}

// HashKeyError is a hash key that is not the one the table's hashes were made with.
type HashKeyError struct{ Missing bool }

func (e *HashKeyError) Error() string {
	if e.Missing {
		return "the table has hashed columns and no hash_key is set, so new rows could not be matched with old ones; set hash_key in the inlay block"
	}
	return "hash_key is not the one that the table's hashes were made with, so new rows could not be matched with old ones; put the former key back, or apply the change of key, which reads the table again"
}
