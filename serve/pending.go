package serve

import (
	"context"
	"errors"
	"slices"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
)

// pending is a plan that waits for a person.
type pending struct {
	plan     *plan.Plan
	schemas  map[addr.Address]project.Schema
	approved bool // it is being carried out
}

func (p *pending) count() int {
	if p == nil {
		return 0
	}
	return len(p.plan.Changes) + len(p.plan.Outputs)
}

// planPending plans what the configuration asks for; nil when nothing differs. What is only
// due is none of it: the daemon imports that by itself, while the plan waits.
func planPending(ctx context.Context, p *project.Project) (*pending, []report.Finding) {
	made, err := p.Plan(ctx, plan.Options{})
	if err != nil {
		return nil, findings(err)
	}
	if !made.HasChanges() {
		return nil, nil
	}
	made.Imports = slices.DeleteFunc(made.Imports, func(i plan.Import) bool { return i.Why == plan.Due })
	if _, err := made.Encode(); err != nil { // gives it its id, which the approval names
		return nil, findings(err)
	}
	schemas, err := p.Schemas(made)
	if err != nil {
		return nil, findings(err)
	}
	return &pending{plan: made, schemas: schemas}, nil
}

// What keeps a person's wish from being done.
var (
	errOtherPlan = errors.New("the plan changed since the page was read: read it again and approve that one")
	errApproved  = errors.New("the plan is being carried out already")
	errBusy      = errors.New("an import of this target is running already")
)

// approve carries out the pending plan that a person has read.
func (d *daemon) approve(id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.pending == nil || d.pending.plan.ID != id:
		return errOtherPlan
	case d.pending.approved:
		return errApproved
	}
	d.pending.approved = true
	d.Log.Info("a person approved the plan", "plan", id, "changes", d.pending.count())
	d.begin(d.project, d.pending.plan)
	return nil
}

// runNow imports one target, due or not.
func (d *daemon) runNow(ctx context.Context, a addr.Address) error {
	p := d.current()
	made, err := p.PlanRuns(ctx, project.RunOptions{Addresses: []addr.Address{a}})
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy[a] {
		return errBusy
	}
	d.Log.Info("a person asked for an import", "target", a.String())
	d.begin(p, made)
	return nil
}

// pause holds back the due imports of a target or a schedule, or lets them go on.
func (d *daemon) pause(ctx context.Context, a addr.Address, paused bool) error {
	if err := d.current().SetPaused(ctx, a, paused); err != nil {
		return err
	}
	d.Log.Info("a person changed a pause", "address", a.String(), "paused", paused)
	d.wake()
	return nil
}
