package serve

import (
	"sync"
	"time"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/providers"
)

// meter counts what this process did.
type meter struct {
	mu      sync.Mutex
	runs    map[[2]string]int64 // target, result
	rows    map[string]int64
	calls   map[string]int64
	retries map[string]int64
	limited map[string]int64
	waited  map[string]float64
	seconds map[string]float64
	timed   map[string]int64
	began   map[string]time.Time        // by run
	budgets map[string]providers.Budget // by connection, as last told
	untold  int64
	look    time.Time
}

func newMeter() *meter {
	return &meter{
		runs: map[[2]string]int64{}, rows: map[string]int64{}, calls: map[string]int64{}, retries: map[string]int64{}, limited: map[string]int64{},
		waited: map[string]float64{}, seconds: map[string]float64{}, timed: map[string]int64{}, began: map[string]time.Time{}, budgets: map[string]providers.Budget{},
	}
}

func (m *meter) looked(at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.look = at
}

func (m *meter) missed() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.untold++
}

// follow counts the event of an import.
func (m *meter) follow(e apply.Event) {
	if e.Run == "" {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if e.Budget != nil {
		m.budgets[e.Connection.String()] = *e.Budget
	}
	target := e.Address.String()
	switch e.Kind {
	case apply.ImportStart:
		m.began[e.Run] = e.At
		return
	case apply.ImportDone:
		m.runs[[2]string{target, "done"}]++
		if r := e.Result; r != nil {
			m.rows[target] += r.Manifest.Counts.Received
		}
	case apply.Failed:
		result := "failed"
		if stopped(e.Err) {
			result = "interrupted"
		}
		m.runs[[2]string{target, result}]++
	case apply.Skipped:
		m.runs[[2]string{target, "skipped"}]++
	default:
		return
	}
	m.asked(target, e.Calls)
	if at, ok := m.began[e.Run]; ok {
		m.seconds[target] += e.At.Sub(at).Seconds()
		m.timed[target]++
		delete(m.began, e.Run)
	}
}

// asked counts what a run asked of the service, however it ended. The caller holds mu.
func (m *meter) asked(target string, c providers.Calls) {
	m.calls[target] += c.Requests
	m.retries[target] += c.Retries
	m.limited[target] += c.Throttled
	m.waited[target] += c.Waited.Seconds()
}
