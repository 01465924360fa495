package serve

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/serve/webhook"
	"github.com/inlay-sync/inlay/state"
)

// sort leaves in a plan of due imports what can begin now, and notes when there is
// something to do next. The caller holds mu.
func (d *daemon) sort(made *plan.Plan) *plan.Plan {
	now := d.World.Now()
	d.next = time.Time{}
	d.waiting = map[addr.Address]plan.Waiting{}
	for _, w := range made.Waiting {
		d.waiting[w.Address] = w
		d.soonest(w.Next)
		if w.Note == plan.NoteRunning && !d.busy[w.Address] {
			d.soonest(now.Add(firstRetry)) // another process imports it; perhaps that fails
		}
	}
	out := *made
	out.Imports = nil
	for _, i := range made.Imports {
		d.waiting[i.Address] = plan.Waiting{Address: i.Address, Next: i.Next, NextText: i.NextText}
		d.soonest(i.Next)
		if d.busy[i.Address] {
			continue
		}
		if until, held := d.retries.held(i.Address, i.Slot, now); held {
			d.soonest(until)
			continue
		}
		out.Imports = append(out.Imports, i)
	}
	return &out
}

func (d *daemon) soonest(at time.Time) {
	if !at.IsZero() && (d.next.IsZero() || at.Before(d.next)) {
		d.next = at
	}
}

// begin carries out a plan beside the loop. The caller holds mu.
func (d *daemon) begin(p *project.Project, made *plan.Plan) {
	if d.closed || len(made.Imports) == 0 && len(made.Changes) == 0 && len(made.Outputs) == 0 {
		return
	}
	for _, i := range made.Imports {
		d.busy[i.Address] = true
	}
	d.batches.Go(func() { d.carry(p, made) })
}

// carry does what a plan says and tells of it.
func (d *daemon) carry(p *project.Project, made *plan.Plan) {
	defer d.wake()
	defer d.settled(made)
	events, err := p.Apply(d.ctx, made, project.ApplyOptions{Parallelism: max(1, d.Parallelism), LockTimeout: d.LockTimeout})
	if err != nil {
		d.refused(made, err)
		return
	}
	d.mu.Lock()
	d.refusal = nil
	d.mu.Unlock()
	tally := report.NewTally(made)
	for e := range events {
		tally.Add(e)
		d.follow(e)
	}
	d.tell(p, tally)
}

// settled lets the imports of a plan begin again.
func (d *daemon) settled(made *plan.Plan) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, i := range made.Imports {
		delete(d.busy, i.Address)
	}
	if d.pending != nil && d.pending.plan == made {
		d.pending.approved = false
	}
}

// refused is a plan that could not begin.
func (d *daemon) refused(made *plan.Plan, err error) {
	d.Log.Error("could not begin", "imports", len(made.Imports), "error", err.Error())
	d.feed.say(tick{Type: "refused", Expected: -1, Text: report.FromError(err).Detail})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refusal = findings(err)
	for _, i := range made.Imports {
		d.retries.failed(i.Address, i.Slot, d.World.Now(), err)
	}
}

// follow writes an event to the log, the feed and the meter, and decides about another try.
func (d *daemon) follow(e apply.Event) {
	d.feed.follow(e)
	d.meter.follow(e)
	d.write(e)
	d.mu.Lock()
	defer d.mu.Unlock()
	slot := ""
	if e.Import != nil {
		slot = e.Import.Slot
	}
	switch e.Kind {
	case apply.ImportDone:
		delete(d.retries, e.Address)
	case apply.Failed:
		if e.Run != "" && !stopped(e.Err) {
			r := d.retries.failed(e.Address, slot, d.World.Now(), e.Err)
			d.Log.Info("tried again", "target", e.Address.String(), "slot", slot, "failures", r.failures, "at", retryText(r))
		}
	case apply.Skipped:
		if e.Run != "" && strings.Contains(e.Message, "overlap") {
			d.retries.overlapped(e.Address, slot, d.World.Now())
		}
	default:
		return
	}
	if e.Run != "" {
		delete(d.busy, e.Address)
		d.wake()
	}
}

func retryText(r retry) string {
	if r.person {
		return "the next slot, or when the configuration changes: only a person can mend this"
	}
	return r.at.UTC().Format(time.RFC3339)
}

// stopped reports whether an import ended only because it was asked to.
func stopped(err error) bool {
	var service *providers.Error
	return errors.As(err, &service) && service.Kind == providers.Interrupted || errors.Is(err, context.Canceled)
}

// write logs an event.
func (d *daemon) write(e apply.Event) {
	fields := []any{"text", eventText(e)}
	if !e.Address.IsZero() {
		fields = append(fields, "target", e.Address.String())
	}
	if e.Run != "" {
		fields = append(fields, "run", e.Run)
	}
	if e.Import != nil && e.Import.Slot != "" {
		fields = append(fields, "slot", e.Import.Slot)
	}
	switch e.Kind {
	case apply.Failed:
		d.Log.Error(string(e.Kind), fields...)
	case apply.Progress:
		d.Log.Debug(string(e.Kind), fields...)
	default:
		d.Log.Info(string(e.Kind), fields...)
	}
}

// tell tells the webhooks what became of the imports.
func (d *daemon) tell(p *project.Project, t *report.Tally) {
	hooks, wrong := Hooks(p)
	for _, w := range wrong {
		d.Log.Warn("a webhook cannot be told", "detail", w.Detail)
	}
	hooks = append(hooks, d.Hooks...)
	for _, err := range Tell(d.ctx, d.World, p, t, hooks) {
		d.meter.missed()
		d.Log.Warn("a webhook was not told", "error", err.Error())
	}
}

// Hooks are the webhooks of a configuration, and what is wrong with those whose address is
// not known here.
func Hooks(p *project.Project) ([]webhook.Hook, []report.Finding) {
	list, diags := p.Webhooks()
	var out []webhook.Hook
	for _, w := range list {
		out = append(out, webhook.Hook{Name: w.Name, URL: w.URL, Secret: w.Secret, On: w.On})
	}
	return out, report.FromDiagnostics(diags)
}

// Tell tells hooks what became of an apply's imports, and returns every delivery that failed.
func Tell(ctx context.Context, w project.World, p *project.Project, t *report.Tally, hooks []webhook.Hook) []error {
	if len(hooks) == 0 {
		return nil
	}
	events, err := webhook.Events(t, w.Now(), func(a addr.Address) ([]state.Run, error) { return p.EndedRuns(a, 2) })
	var failed []error
	if err != nil {
		failed = append(failed, err)
	}
	sender := webhook.Sender{Now: w.Now, Sleep: w.Sleep, Version: w.Version}
	for _, h := range hooks {
		for _, e := range events {
			if err := sender.Send(ctx, h, e); err != nil {
				failed = append(failed, err)
				break // what does not answer now is not asked for every event
			}
		}
	}
	return failed
}
