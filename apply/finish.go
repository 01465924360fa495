package apply

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

// finish commits what was read; an interrupted import is saved for the next run instead.
func (im *importing) finish(ctx context.Context) {
	if im.ended {
		return
	}
	if ctx.Err() != nil {
		im.interrupted(ctx.Err())
		return
	}
	if im.final == nil {
		im.fail(&providers.Error{Kind: providers.Malformed, Read: -1, Stream: im.run.Spec.Stream(),
			Summary: "Read did not end", Detail: "The read stopped without saying that it was complete, so nothing of it is published. Run the same command again."})
		return
	}
	head := im.txn.Head()
	m, err := im.txn.Commit(im.close())
	var late *table.ErrUnpublished
	if err != nil && !errors.As(err, &late) {
		im.fail(err)
		return
	}
	im.ended = true
	res := im.result(m, head)
	if late != nil { // committed, which is what counts; readers see it with the next run
		res.Warnings = append(res.Warnings, late.Error())
	}
	im.emit(Event{Kind: ImportDone, Expected: im.final.Announced, Result: res})
}

func (im *importing) close() table.Close {
	c := table.Close{Bookmark: im.next, Final: im.final, Covered: im.covered()}
	if im.plan.Backfill {
		c.Bookmark = im.txn.Head().Bookmark
	}
	c.Position = im.session.describe(c.Bookmark)
	return c
}

// covered is the span of the cursor that this import read whole.
func (im *importing) covered() []table.Interval {
	if im.final.Short() || im.run.Spec.Cursor == "" {
		return nil
	}
	iv := table.Interval{From: im.run.Spec.Since, To: im.run.Started.UTC().Format(time.RFC3339)}
	if im.plan.Backfill {
		iv.To = im.plan.Until.UTC().Format(time.RFC3339)
	} else if from := im.txn.Head().Covered; !im.run.Full && len(from) > 0 {
		iv.From = from[0].From
	}
	return []table.Interval{iv}
}

func (im *importing) result(m, head table.Manifest) *Result {
	res := &Result{
		Run: im.run.ID, Manifest: m, Started: im.run.Started, Ended: im.r.Now(), Pages: im.pages,
		Nothing: m.Snapshot == head.Snapshot, Calls: im.calls,
		Written: written(m, head),
	}
	if n := im.final.Hidden; n > 0 {
		res.Warnings = append(res.Warnings, fmt.Sprintf("the service admits to %d more rows than it gives out, so they are in no table", n))
	}
	if n := im.final.Skipped; n > 0 {
		res.Warnings = append(res.Warnings, fmt.Sprintf("%d rows were gone between being listed and being read", n))
	}
	if n := m.Counts.Misfits; n > 0 {
		res.Warnings = append(res.Warnings, fmt.Sprintf("%d values did not fit their column and are kept in %s", n, stream.Rest))
	}
	return res
}

// written counts the parts of a manifest that the one before lacks.
func written(m, head table.Manifest) int {
	known := map[string]bool{}
	for _, p := range head.Parts {
		known[p.Name] = true
	}
	n := 0
	for _, p := range m.Parts {
		if !known[p.Name] {
			n++
		}
	}
	return n
}

// fail ends the import with err. What is staged stays for the next run to go on from.
func (im *importing) fail(err error) {
	im.ended = true
	im.release()
	im.emit(Event{Kind: Failed, Err: err})
}

func (im *importing) skip(message string) {
	im.ended = true
	im.release()
	im.emit(Event{Kind: Skipped, Message: message})
}

func (im *importing) interrupted(cause error) {
	if im.save(); im.ended {
		return
	}
	im.fail(&providers.Error{Kind: providers.Interrupted, Read: -1, Stream: im.run.Spec.Stream(), Summary: "Interrupted",
		Detail: "The import stopped before its end; the table is as it was, and the same command goes on from the last checkpoint.", Err: cause})
}

func (im *importing) release() {
	if im.txn == nil {
		return
	}
	if err := im.txn.Abort(); err != nil {
		im.emit(Event{Kind: Noted, Message: "the unfinished run was not put away cleanly: " + err.Error()})
	}
}
