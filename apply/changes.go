package apply

import (
	"context"
	"maps"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

const interruptedBefore = "interrupted before it began"

// changes makes the changes of tables that come before the imports, and tells which
// addresses failed. Blocks other than targets change nothing but the state.
func (r *runner) changes(ctx context.Context) map[addr.Address]bool {
	failed := map[addr.Address]bool{}
	for i := range r.Plan.Changes {
		c := &r.Plan.Changes[i]
		if c.Address.Kind != addr.Target || c.Effect == plan.Delete {
			continue
		}
		if ctx.Err() != nil {
			failed[c.Address] = true
			r.emit(Event{Kind: NotStarted, Address: c.Address, Change: c, Message: interruptedBefore})
			continue
		}
		r.emit(Event{Kind: ChangeStart, Address: c.Address, Change: c})
		if err := r.change(ctx, c); err != nil {
			failed[c.Address] = true
			r.emit(Event{Kind: Failed, Address: c.Address, Change: c, Err: err})
			continue
		}
		r.emit(Event{Kind: ChangeDone, Address: c.Address, Change: c})
	}
	return failed
}

// change makes one change. What a reimport or a backfill needs of the rows, its import does.
func (r *runner) change(ctx context.Context, c *plan.Change) error {
	if c.Effect == plan.Create {
		return r.create(c)
	}
	if c.Table == "" {
		return nil // a table whose files are gone already
	}
	t, err := r.Warehouse.Table(c.Table)
	if err != nil {
		return err
	}
	target, run := r.target(c.Address)
	if c.Settles() { // first, as it may say where the table is published
		if err := settle(t, run, target); err != nil {
			return err
		}
	}
	if len(c.Repair) > 0 && c.Effect != plan.Reimport { // what is read again is published then
		if err := t.Publish(); err != nil {
			return err
		}
	}
	if c.Effect == plan.Detach {
		_, err = t.Settle(run, table.Settlement{Detach: true})
		return err
	}
	if c.Rewrites() {
		return r.rewrite(ctx, t, c, run)
	}
	return nil
}

// settle makes the table the target's own: owner, address, path and flags. The spec stays
// as the rows were built.
func settle(t *table.Table, run table.Run, target state.Target) error {
	run.Spec = spec.Spec{}
	_, err := t.Settle(run, table.Settlement{Path: target.Path, OnRemove: target.OnRemove, PreventDestroy: target.PreventDestroy, Catalog: target.Spec.Target.Block(spec.Catalog)})
	return err
}

func (r *runner) rewrite(ctx context.Context, t *table.Table, c *plan.Change, run table.Run) error {
	head, err := t.Head()
	if err != nil {
		return err
	}
	run.Spec = c.Spec(head.Spec, run.Spec)
	_, err = t.Rewrite(ctx, run)
	return err
}

func (r *runner) create(c *plan.Change) error {
	target, run := r.target(c.Address)
	t, err := r.Warehouse.Create(table.Creation{
		Path: target.Path, Run: run, PreventDestroy: target.PreventDestroy, OnRemove: target.OnRemove,
	})
	if err != nil {
		return err
	}
	target.Table = t.ID()
	r.state.Targets[c.Address] = target
	return nil
}

// target returns what the state will say of a target, and a run in its name.
func (r *runner) target(a addr.Address) (state.Target, table.Run) {
	t := r.state.Targets[a]
	return t, table.Run{ID: r.NewRun(), Address: a.String(), Lineage: r.state.Lineage, Started: r.Now(), Spec: t.Spec, HashKey: r.HashKey}
}

// withoutFailed leaves out of the state what could not be made, so that the next plan
// shows the same work.
func withoutFailed(s *state.State, failed map[addr.Address]bool) *state.State {
	out := *s
	out.Targets = maps.Clone(s.Targets)
	for a := range failed {
		if out.Targets[a].Table == "" {
			delete(out.Targets, a)
		}
	}
	return &out
}

// deletions removes the files of tables whose entries say so, after everything else, and
// forgets each entry once its files are gone.
func (r *runner) deletions(ctx context.Context, failed map[addr.Address]bool) {
	gone := *r.state
	gone.Targets = maps.Clone(r.state.Targets)
	for i := range r.Plan.Changes {
		c := &r.Plan.Changes[i]
		if c.Effect != plan.Delete || c.Address.Kind != addr.Target {
			continue
		}
		if ctx.Err() != nil {
			r.emit(Event{Kind: NotStarted, Address: c.Address, Change: c, Message: interruptedBefore})
			continue
		}
		r.emit(Event{Kind: ChangeStart, Address: c.Address, Change: c})
		if err := r.delete(c); err != nil {
			failed[c.Address] = true
			r.emit(Event{Kind: Failed, Address: c.Address, Change: c, Err: err})
			continue
		}
		delete(gone.Targets, c.Address)
		r.emit(Event{Kind: ChangeDone, Address: c.Address, Change: c})
	}
	if len(gone.Targets) == len(r.state.Targets) {
		return
	}
	saved, err := r.Store.Save(&gone)
	if err != nil {
		r.emit(Event{Kind: Failed, Err: &StateError{Err: err}})
		return
	}
	r.emit(Event{Kind: StateWritten, Serial: saved.Serial})
}

func (r *runner) delete(c *plan.Change) error {
	t, err := r.Warehouse.Table(c.Table)
	if err != nil {
		return err
	}
	_, run := r.target(c.Address)
	return t.Delete(run)
}
