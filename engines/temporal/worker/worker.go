package worker

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/inlay-sync/inlay/project"

	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// Options are what a worker is started with.
type Options struct {
	World  project.World
	Client client.Client
	// Dirs are the folders of configuration, each with its state and warehouse in reach.
	Dirs []string
	// Queue is the task queue that triggers name.
	Queue string
	// Parallelism is how many imports run at once here, each of another workspace.
	Parallelism int
	Log         *slog.Logger
	// Ready is called when the worker takes work; may be nil.
	Ready func()
}

// stopTime is how long an import may take to come to a checkpoint when the worker stops.
const stopTime = time.Minute

// importQueue is the task queue of the imports. It is apart from that of what only looks, so
// that no look waits for an import to end.
func importQueue(queue string) string { return queue + "/imports" }

type worker struct {
	Options
	folders *folders
}

// Run works until ctx ends, and returns when imports under way have stopped at a checkpoint.
// The error is what kept it from beginning, or what ended it.
func Run(ctx context.Context, o Options) error {
	w := &worker{Options: o, folders: &folders{world: o.World, dirs: o.Dirs}}
	if err := w.folders.find(); err != nil {
		return err
	}
	projects := len(w.folders.known)
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	looks := sdk.New(o.Client, o.Queue, sdk.Options{WorkerStopTimeout: stopTime, OnFatalError: end})
	imports := sdk.New(o.Client, importQueue(o.Queue), sdk.Options{
		WorkerStopTimeout: stopTime, OnFatalError: end, DisableWorkflowWorker: true,
		MaxConcurrentActivityExecutionSize: o.Parallelism, MaxHeartbeatThrottleInterval: 2 * beat,
	})
	w.register(looks, imports)
	if err := looks.Start(); err != nil {
		return err
	}
	defer looks.Stop()
	if err := imports.Start(); err != nil {
		return err
	}
	o.Log.Info("working", "queue", o.Queue, "folders", len(o.Dirs), "projects", projects)
	if o.Ready != nil {
		o.Ready()
	}
	<-ctx.Done()
	o.Log.Info("stopping: imports under way stop at a checkpoint")
	imports.Stop()
	o.Log.Info("stopped")
	if cause := context.Cause(ctx); cause != context.Canceled {
		return cause
	}
	return nil
}

// register gives every workflow and activity its name.
func (w *worker) register(looks, imports sdk.Registry) {
	looks.RegisterWorkflowWithOptions(wake, workflow.RegisterOptions{Name: trigger.Workflow})
	looks.RegisterWorkflowWithOptions(lane, workflow.RegisterOptions{Name: laneName})
	looks.RegisterActivityWithOptions(w.call, activity.RegisterOptions{Name: callName})
	looks.RegisterActivityWithOptions(w.look, activity.RegisterOptions{Name: lookName})
	imports.RegisterActivityWithOptions(w.carry, activity.RegisterOptions{Name: importName})
}
