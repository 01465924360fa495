package serve

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/project"
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
	began   map[string]time.Time // by run
	untold  int64
	look    time.Time
}

func newMeter() *meter {
	return &meter{
		runs: map[[2]string]int64{}, rows: map[string]int64{}, calls: map[string]int64{}, retries: map[string]int64{}, limited: map[string]int64{},
		waited: map[string]float64{}, seconds: map[string]float64{}, timed: map[string]int64{}, began: map[string]time.Time{},
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
	target := e.Address.String()
	switch e.Kind {
	case apply.ImportStart:
		m.began[e.Run] = e.At
		return
	case apply.ImportDone:
		m.runs[[2]string{target, "done"}]++
		if r := e.Result; r != nil {
			m.rows[target] += r.Manifest.Counts.Received
			m.calls[target] += r.Calls.Requests
			m.retries[target] += r.Calls.Retries
			m.limited[target] += r.Calls.Throttled
			m.waited[target] += r.Calls.Waited.Seconds()
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
	if at, ok := m.began[e.Run]; ok {
		m.seconds[target] += e.At.Sub(at).Seconds()
		m.timed[target]++
		delete(m.began, e.Run)
	}
}

// sample is one number with its labels.
type sample struct {
	labels [][2]string
	value  float64
}

func of(target string, v float64) sample { return sample{[][2]string{{"target", target}}, v} }

// metrics writes everything in the text format of Prometheus.
func (d *daemon) metrics(w io.Writer) error {
	p := d.current()
	tables, err := p.Tables()
	if err != nil {
		return err
	}
	pauses, err := p.Pauses()
	if err != nil {
		return err
	}
	now := d.World.Now()
	out := &exposition{w: w}
	out.write("inlay_info", "gauge", "The version that runs.", sample{[][2]string{{"version", d.World.Version}}, 1})
	out.tables(tables, now)
	d.mu.Lock()
	var next, paused []sample
	for _, a := range slices.SortedFunc(maps.Keys(d.waiting), addr.Address.Compare) {
		if at := d.waiting[a].Next; !at.IsZero() {
			next = append(next, of(a.String(), float64(at.Unix())))
		}
	}
	running, pending, trouble := float64(len(d.busy)), float64(d.pending.count()), float64(len(d.wrong)+len(d.problems()))
	d.mu.Unlock()
	for _, a := range slices.SortedFunc(maps.Keys(pauses), addr.Address.Compare) {
		if pauses[a].Paused {
			paused = append(paused, of(a.String(), 1))
		}
	}
	out.write("inlay_next_due_timestamp_seconds", "gauge", "When the target is imported next.", next...)
	out.write("inlay_paused", "gauge", "1 for a target that a person paused.", paused...)
	out.write("inlay_imports_running", "gauge", "Imports under way in this process.", sample{nil, running})
	out.write("inlay_changes_pending", "gauge", "Changes of the configuration that wait for approval.", sample{nil, pending})
	out.write("inlay_problems", "gauge", "Mistakes of the configuration and troubles of the last look.", sample{nil, trouble})
	d.meter.write(out)
	return out.err
}

func (x *exposition) tables(tables []project.TableInfo, now time.Time) {
	var fresh, rows, bytes []sample
	for _, t := range tables {
		if t.Address == "" {
			continue
		}
		if !t.Imported.IsZero() {
			fresh = append(fresh, of(t.Address, now.Sub(t.Imported).Seconds()))
		}
		rows, bytes = append(rows, of(t.Address, float64(t.Rows))), append(bytes, of(t.Address, float64(t.Bytes)))
	}
	x.write("inlay_table_age_seconds", "gauge", "Time since the last successful import began; absent before the first.", fresh...)
	x.write("inlay_table_rows", "gauge", "Rows in the table.", rows...)
	x.write("inlay_table_bytes", "gauge", "Bytes of the table's current parts.", bytes...)
}

func (m *meter) write(x *exposition) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var runs []sample
	for _, k := range slices.SortedFunc(maps.Keys(m.runs), func(a, b [2]string) int { return strings.Compare(a[0]+" "+a[1], b[0]+" "+b[1]) }) {
		runs = append(runs, sample{[][2]string{{"target", k[0]}, {"result", k[1]}}, float64(m.runs[k])})
	}
	x.write("inlay_runs_total", "counter", "Runs of this process by how they ended.", runs...)
	x.write("inlay_rows_received_total", "counter", "Rows received by runs that were committed.", each(m.rows)...)
	x.write("inlay_api_calls_total", "counter", "Requests to the service by runs that were committed.", each(m.calls)...)
	x.write("inlay_api_retries_total", "counter", "Requests that were repeated.", each(m.retries)...)
	x.write("inlay_api_throttled_total", "counter", "Answers that said too many requests.", each(m.limited)...)
	x.write("inlay_api_wait_seconds_total", "counter", "Time spent waiting for the service's rate limit.", each(m.waited)...)
	x.write("inlay_run_seconds_total", "counter", "Time spent in runs.", each(m.seconds)...)
	x.write("inlay_runs_timed_total", "counter", "Runs whose time is in inlay_run_seconds_total.", each(m.timed)...)
	x.write("inlay_webhooks_failed_total", "counter", "Deliveries to webhooks that failed in the end.", sample{nil, float64(m.untold)})
	if !m.look.IsZero() {
		x.write("inlay_last_look_timestamp_seconds", "gauge", "When it was last found out what is due.", sample{nil, float64(m.look.Unix())})
	}
}

func each[N int64 | float64](values map[string]N) []sample {
	var out []sample
	for _, k := range slices.Sorted(maps.Keys(values)) {
		out = append(out, of(k, float64(values[k])))
	}
	return out
}

// exposition writes families of samples; one without a sample is left out.
type exposition struct {
	w   io.Writer
	err error
}

func (x *exposition) write(name, kind, help string, samples ...sample) {
	if len(samples) == 0 || x.err != nil {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	for _, s := range samples {
		b.WriteString(name)
		for i, l := range s.labels {
			b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
			b.WriteString(l[0] + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(l[1]) + `"`)
		}
		if len(s.labels) > 0 {
			b.WriteByte('}')
		}
		b.WriteString(" " + strconv.FormatFloat(s.value, 'g', -1, 64) + "\n")
	}
	_, x.err = io.WriteString(x.w, b.String())
}
