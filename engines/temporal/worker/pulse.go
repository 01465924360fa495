package worker

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/inlay-sync/inlay/apply"
)

// A worker tells every beat where its import stands. When that fails to come for silence,
// Temporal gives the import to another worker, a second later.
const (
	beat    = time.Second
	silence = 6 * time.Second
)

// Position is where an import stands, as the heartbeat tells it.
type Position struct {
	Target   string `json:"target"`
	Run      string `json:"run"`
	Rows     int64  `json:"rows"`
	Pages    int64  `json:"pages"`
	Expected int64  `json:"expected,omitempty"` // rows, where the service announced them
}

// pulse tells Temporal where an import stands, until it is stopped.
type pulse struct {
	mu   sync.Mutex
	at   Position
	stop func() // and wait until it has
}

// pulse begins to tell. It goes on while an import that was cancelled comes to its checkpoint.
func (w *worker) pulse(ctx context.Context) *pulse {
	ctx, end := context.WithCancel(context.WithoutCancel(ctx))
	p := &pulse{}
	var telling sync.WaitGroup
	telling.Go(func() {
		for err := error(nil); err == nil; err = w.World.Sleep(ctx, beat) {
			p.mu.Lock()
			at := p.at
			p.mu.Unlock()
			activity.RecordHeartbeat(ctx, at)
		}
	})
	p.stop = func() {
		end()
		telling.Wait()
	}
	return p
}

// note takes an event of the import over into what is told next.
func (p *pulse) note(e apply.Event) {
	if e.Run == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at = Position{Target: e.Address.String(), Run: e.Run, Rows: e.Rows, Pages: e.Pages, Expected: max(0, e.Expected)}
}
