package worker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/serve"
)

// Read is one question to a service, and the targets whose rows it brings.
type Read struct {
	Lineage string   `json:"lineage"`
	Targets []string `json:"targets"`
	Slots   []string `json:"slots"` // of each target, as they were when it was asked for
}

// Outcome is what became of one target.
type Outcome struct {
	Target  string `json:"target"`
	Run     string `json:"run,omitempty"`
	Rows    int64  `json:"rows,omitempty"` // received
	Error   string `json:"error,omitempty"`
	Person  bool   `json:"person,omitempty"`  // the error is one that only a person can mend
	Overlap bool   `json:"overlap,omitempty"` // another run is at the table
}

// importing are the options of an import: it may take as long as it likes while its
// heartbeat comes, and is taken over when that does not. What fails of it is an outcome, not
// an error, so only a lost worker is tried again here.
func importing(ctx workflow.Context, r Read) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           importQueue(workflow.GetInfo(ctx).TaskQueueName),
		StartToCloseTimeout: 30 * 24 * time.Hour,
		HeartbeatTimeout:    silence,
		WaitForCancellation: true,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 1.5, MaximumInterval: 10 * time.Second},
		Summary:             strings.Join(r.Targets, ", "),
	})
}

// carry is the activity that imports what is due of a read's targets, by the specs last
// applied. Its error is an import that ended before its time: the worker stops, or the lane
// was cancelled. Either way what was read is kept at a checkpoint.
func (w *worker) carry(ctx context.Context, r Read) ([]Outcome, error) {
	p, err := w.folders.open(r.Lineage)
	if err != nil {
		return nil, err
	}
	pulse := w.pulse(ctx)
	defer pulse.stop()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	stopping := activity.GetWorkerStopChannel(ctx)
	go func() {
		select {
		case <-stopping:
			stop()
		case <-ctx.Done():
		}
	}()
	tally, err := w.follow(ctx, p, r.Targets, pulse)
	switch {
	case ctx.Err() != nil && over(stopping):
		return nil, temporal.NewApplicationErrorWithOptions("the worker is being stopped; another goes on from the checkpoint", "inlay-stopped",
			temporal.ApplicationErrorOptions{NextRetryDelay: time.Second, Category: temporal.ApplicationErrorCategoryBenign})
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return failedAll(r, err), nil
	}
	return outcomes(r, tally), nil
}

func over(stopping <-chan struct{}) bool {
	select {
	case <-stopping:
		return true
	default:
		return false
	}
}

// only leaves the imports of these targets in a plan of runs.
func only(made *plan.Plan, targets []string) *plan.Plan {
	out := *made
	out.Imports = slices.DeleteFunc(slices.Clone(made.Imports), func(i plan.Import) bool { return !slices.Contains(targets, i.Address.String()) })
	return &out
}

// follow imports what is due of the targets, and tells Temporal, the log and the webhooks
// how it goes. The tally is nil where nothing was due.
func (w *worker) follow(ctx context.Context, p *project.Project, targets []string, pulse *pulse) (*report.Tally, error) {
	made, err := p.PlanRuns(ctx, project.RunOptions{Due: true})
	if err != nil {
		return nil, err
	}
	made = only(made, targets)
	if len(made.Imports) == 0 {
		return nil, nil
	}
	events, err := p.Apply(ctx, made, project.ApplyOptions{Parallelism: 1})
	if err != nil {
		return nil, err
	}
	tally := report.NewTally(made)
	for e := range events {
		tally.Add(e)
		pulse.note(e)
		w.write(e)
	}
	for _, err := range w.tell(context.WithoutCancel(ctx), p, tally) {
		w.Log.Warn("a webhook was not told", "error", err.Error())
	}
	return tally, nil
}

// tell tells the webhooks of the configuration.
func (w *worker) tell(ctx context.Context, p *project.Project, t *report.Tally) []error {
	hooks, wrong := serve.Hooks(p)
	var out []error
	for _, f := range wrong {
		out = append(out, errors.New(f.Detail))
	}
	return append(out, serve.Tell(ctx, w.World, p, t, hooks)...)
}

// failedAll is a read that could not begin.
func failedAll(r Read, err error) []Outcome {
	var out []Outcome
	for _, t := range r.Targets {
		out = append(out, Outcome{Target: t, Error: words(err), Person: lasting(err)})
	}
	return out
}

// outcomes are what became of the targets. One that was not due any more is done.
func outcomes(r Read, t *report.Tally) []Outcome {
	was := map[string]report.Outcome{}
	if t != nil {
		for _, o := range t.Outcomes() {
			was[o.Address.String()] = o
		}
	}
	var out []Outcome
	for _, address := range r.Targets {
		o := Outcome{Target: address}
		if came, ok := was[address]; ok {
			o = outcome(o, came)
		}
		out = append(out, o)
	}
	return out
}

func outcome(o Outcome, was report.Outcome) Outcome {
	o.Run, o.Rows = was.Run, was.Rows
	switch was.Status {
	case report.FailedHere:
		o.Error, o.Person = words(was.Err), lasting(was.Err)
	case report.SkippedOne:
		o.Overlap = strings.HasPrefix(was.Message, "overlap")
	case report.Done, report.Nothing:
	default:
		o.Error = "it did not come to an end: " + was.Message
	}
	return o
}

// words say an error on one line; it stands in Temporal's history, where no secret may, and
// errors of inlay hold none.
func words(err error) string {
	f := report.FromError(err)
	return f.Summary + ": " + f.Detail
}

// lasting reports whether trying again is of no use until a person mends something.
func lasting(err error) bool {
	var service *providers.Error
	if errors.As(err, &service) && (service.Kind == providers.Unauthorized || service.Kind == providers.Forbidden) {
		return true
	}
	return serve.Hopeless(err)
}

// write logs an event.
func (w *worker) write(e apply.Event) {
	fields := []any{"target", e.Address.String(), "run", e.Run, "rows", e.Rows}
	switch e.Kind {
	case apply.Failed:
		w.Log.Error(string(e.Kind), append(fields, "error", words(e.Err))...)
	case apply.Progress, apply.Checkpointed:
		w.Log.Debug(string(e.Kind), fields...)
	default:
		w.Log.Info(string(e.Kind), append(fields, "message", e.Message)...)
	}
}
