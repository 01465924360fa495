package serve

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/serve/webhook"
	"github.com/inlay-sync/inlay/setting"
)

// Options are what a daemon is started with.
type Options struct {
	World project.World
	Flags project.Flags
	// Name is what the page calls the folder.
	Name string
	// Listen is where the page answers, HOST:PORT; "" is nowhere.
	Listen string
	// Token opens the page; it is required where Listen is not this machine alone.
	Token setting.Secret
	// Hooks are told besides those of the configuration.
	Hooks       []webhook.Hook
	Parallelism int
	LockTimeout time.Duration
	Log         *slog.Logger
	// Wait waits for d by the clock, or until ctx ends; nil is World.Sleep. It is how the
	// daemon waits for slots, and for nothing else.
	Wait func(ctx context.Context, d time.Duration) error
	// Reload makes the daemon read the configuration again; may be nil.
	Reload <-chan struct{}
	// Listening is called with the page's address once it answers; may be nil.
	Listening func(url string)
}

// atMost is how long the daemon goes without a look at the clock and the files.
const atMost = time.Minute

// daemon is one Run under way.
type daemon struct {
	Options
	feed  *feed
	meter *meter
	woken chan struct{} // holds one: look again now

	batches sync.WaitGroup
	ctx     context.Context // of the imports

	mu      sync.Mutex
	project *project.Project
	stamp   string
	wrong   []report.Finding // of the configuration as it is now; the last good one is in use
	trouble []report.Finding // what kept the last look from being whole
	refusal []report.Finding // what kept the last plan from beginning
	waiting map[addr.Address]plan.Waiting
	busy    map[addr.Address]bool // imports that this daemon has begun or is about to
	retries retries
	pending *pending
	beat    time.Time // of the latest turn
	closed  bool      // nothing begins any more
	next    time.Time // when something is due or tried again
}

// Run serves a folder until ctx ends: it imports what is due and answers the page. It
// returns when imports under way have stopped at a checkpoint. The error is what kept it
// from beginning: a configuration that is wrong, an address that cannot be listened on.
func Run(ctx context.Context, o Options) error {
	d, err := newDaemon(ctx, o)
	if err != nil {
		return err
	}
	stop, err := d.listen(ctx)
	if err != nil {
		return err
	}
	d.Log.Info("serving", "folder", d.Flags.Dir, "warehouse", d.current().WarehousePath())
	d.loop(ctx)
	d.Log.Info("stopping: imports under way stop at a checkpoint")
	d.close()
	d.batches.Wait()
	err = stop()
	d.Log.Info("stopped")
	return err
}

// close lets nothing begin any more.
func (d *daemon) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}

func newDaemon(ctx context.Context, o Options) (*daemon, error) {
	if o.Wait == nil {
		o.Wait = o.World.Sleep
	}
	if o.Flags.Dir == "" {
		o.Flags.Dir = "."
	}
	if o.Name == "" {
		o.Name = o.Flags.Dir
	}
	d := &daemon{
		Options: o, ctx: ctx, feed: newFeed(), meter: newMeter(), woken: make(chan struct{}, 1),
		busy: map[addr.Address]bool{}, retries: retries{}, waiting: map[addr.Address]plan.Waiting{},
	}
	p, diags := project.Open(o.World, o.Flags)
	if diags.HasErrors() {
		return nil, &project.DiagnosticsError{Diagnostics: diags}
	}
	d.project = p
	return d, nil
}

// loop takes turns until ctx ends.
func (d *daemon) loop(ctx context.Context) {
	look := true
	for ctx.Err() == nil {
		d.turn(ctx, look)
		look = d.rest(ctx)
	}
}

// rest waits for the next instant that matters, and reports whether it was woken before.
func (d *daemon) rest(ctx context.Context) (woken bool) {
	length := d.untilNext()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	why := make(chan bool, 1)
	go func() {
		select {
		case <-d.woken:
			why <- true
		case <-d.Reload:
			d.forgetStamp()
			why <- true
		case <-ctx.Done():
			why <- false
		}
		cancel()
	}()
	if err := d.Wait(ctx, length); err != nil && ctx.Err() == nil {
		d.Log.Error("waiting failed", "error", err.Error())
	}
	cancel()
	return <-why
}

func (d *daemon) untilNext() time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.next.IsZero() {
		return atMost
	}
	return min(atMost, max(time.Second, d.next.Sub(d.World.Now())))
}

// wake makes the loop look again at once.
func (d *daemon) wake() {
	select {
	case d.woken <- struct{}{}:
	default: // it is about to
	}
}

func (d *daemon) forgetStamp() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stamp = ""
}

// current is the project in use: the configuration as it last was without mistakes.
func (d *daemon) current() *project.Project {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.project
}

// turn looks at the clock and the files, and at the tables when there is a reason to.
func (d *daemon) turn(ctx context.Context, look bool) {
	now := d.World.Now()
	stamp := d.current().Stamp()
	d.mu.Lock()
	changed := stamp != d.stamp
	look = look || changed || now.Before(d.beat) || !d.next.IsZero() && !now.Before(d.next)
	first := d.beat.IsZero()
	d.beat = now
	d.mu.Unlock()
	if changed {
		d.reload(ctx, stamp, first)
	}
	if look {
		d.look(ctx)
	}
}

// reload reads the configuration again and plans. Nothing is applied: what is pending
// waits for a person.
func (d *daemon) reload(ctx context.Context, stamp string, first bool) {
	p, diags := project.Open(d.World, d.Flags)
	findings := report.FromDiagnostics(diags)
	if diags.HasErrors() {
		d.Log.Error("the configuration has mistakes; the one read before stays in use", "mistakes", len(diags))
		d.mu.Lock()
		defer d.mu.Unlock()
		d.stamp, d.wrong, d.pending = stamp, findings, nil
		return
	}
	waiting, problems := planPending(ctx, p)
	d.mu.Lock()
	defer d.mu.Unlock()
	if p.Stamp() != stamp {
		stamp = "" // it reads other files than before: once more, so that no change between is missed
	}
	d.project, d.stamp, d.wrong, d.pending = p, stamp, problems, waiting
	for a, r := range d.retries {
		if r.person {
			delete(d.retries, a) // perhaps it was mended
		}
	}
	if !first {
		d.Log.Info("files changed: read again", "changes", waiting.count())
	}
	d.feed.say(tick{Type: "reload", Expected: -1})
}

// look finds what is due and starts it.
func (d *daemon) look(ctx context.Context) {
	p := d.current()
	made, err := p.PlanRuns(ctx, project.RunOptions{Due: true})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.trouble = nil
	if err != nil {
		d.next = time.Time{}
		if !nothingApplied(err) {
			d.next = d.World.Now().Add(atMost) // perhaps it passes
			d.trouble = findings(err)
			d.Log.Error("what is due could not be found out", "error", err.Error())
		}
		return
	}
	d.meter.looked(d.World.Now())
	d.begin(p, d.sort(made))
}

// problems are everything that is in the way now. The caller holds mu.
func (d *daemon) problems() []report.Finding { return slices.Concat(d.trouble, d.refusal) }

// nothingApplied is how a plan of runs says that there is nothing to run.
func nothingApplied(err error) bool {
	var own *project.Error
	return errors.As(err, &own) && own.Kind == project.Refused
}

// findings say an error as the page shows it.
func findings(err error) []report.Finding {
	var diags *project.DiagnosticsError
	var problems *project.ProblemsError
	switch {
	case errors.As(err, &diags):
		return report.FromDiagnostics(diags.Diagnostics)
	case errors.As(err, &problems):
		return report.FromProblems(problems.Problems)
	}
	return []report.Finding{report.FromError(err)}
}
