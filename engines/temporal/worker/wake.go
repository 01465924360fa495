package worker

import (
	"context"
	"maps"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// The names of activities and signals. They stand in histories, so they never change.
const (
	callName   = "inlay-call"
	lookName   = "inlay-look"
	importName = "inlay-import"
	knockName  = "inlay-knock"
	laneName   = "inlay-lane"
)

// briefly are the options of activities that only look: they are tried until they succeed.
func briefly(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute},
	})
}

// patiently is briefly for a look that may be given up.
func patiently(ctx workflow.Context) workflow.Context {
	return workflow.WithScheduleToCloseTimeout(briefly(ctx), 15*time.Minute)
}

// wake is the workflow that a trigger starts: it calls at the lanes of the schedule's
// targets. A trigger that comes while it is under way is skipped, which loses nothing.
func wake(ctx workflow.Context, o trigger.Order) ([]string, error) {
	var called []string
	err := workflow.ExecuteActivity(briefly(ctx), callName, o).Get(ctx, &called)
	return called, err
}

// call knocks at each lane of a schedule's targets, and starts those that sleep.
func (w *worker) call(ctx context.Context, o trigger.Order) ([]string, error) {
	p, err := w.folders.open(o.Lineage)
	if err != nil {
		return nil, err
	}
	found, err := lanes(p, o, w.Queue)
	if err != nil {
		return nil, err
	}
	ids := slices.Sorted(maps.Keys(found))
	for _, id := range ids {
		start := client.StartWorkflowOptions{ID: id, TaskQueue: w.Queue, StaticSummary: "imports of one workspace, one at a time"}
		if _, err := w.Client.SignalWithStartWorkflow(ctx, id, knockName, found[id], start, laneName, Lane{}); err != nil {
			return nil, err
		}
	}
	w.Log.Info("woken", "schedule", o.Schedule, "project", o.Lineage, "lanes", len(ids))
	return ids, nil
}
