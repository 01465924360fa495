package serve

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/project"
)

// Metric is one family of numbers that /metrics tells.
type Metric struct{ Name, Kind, Labels, Help string }

// Metrics lists what /metrics tells, in the order in which it is written.
func Metrics() []Metric {
	return []Metric{
		{"inlay_info", "gauge", "version", "The version that runs."},
		{"inlay_table_age_seconds", "gauge", "target", "Time since the last successful import began; absent before the first."},
		{"inlay_table_rows", "gauge", "target", "Rows in the table."},
		{"inlay_table_bytes", "gauge", "target", "Bytes of the table's current parts."},
		{"inlay_next_due_timestamp_seconds", "gauge", "target", "When the target is imported next."},
		{"inlay_paused", "gauge", "target", "1 for a target that is paused by hand, itself or its schedule."},
		{"inlay_imports_running", "gauge", "", "Imports under way in this process."},
		{"inlay_changes_pending", "gauge", "", "Changes of the configuration that wait for approval."},
		{"inlay_problems", "gauge", "", "Mistakes of the configuration and troubles of the last look."},
		{"inlay_runs_total", "counter", "target, result", "Runs of this process by how they ended."},
		{"inlay_rows_received_total", "counter", "target", "Rows received by runs that were committed."},
		{"inlay_api_calls_total", "counter", "target", "Requests to the service by runs that ended, however they ended."},
		{"inlay_api_retries_total", "counter", "target", "Requests that were repeated."},
		{"inlay_api_throttled_total", "counter", "target", "Answers that said too many requests."},
		{"inlay_api_wait_seconds_total", "counter", "target", "Time spent waiting for the service's rate limit."},
		{"inlay_rate_limit_requests", "gauge", "connection", "Requests that the service allows the token of a connection in one window."},
		{"inlay_rate_limit_remaining_requests", "gauge", "connection", "Of them, those that nobody has made yet in the window that runs now, as far as imports of this process were told."},
		{"inlay_run_seconds_total", "counter", "target", "Time spent in runs."},
		{"inlay_runs_timed_total", "counter", "target", "Runs whose time is in inlay_run_seconds_total."},
		{"inlay_webhooks_failed_total", "counter", "", "Deliveries to webhooks that failed in the end."},
		{"inlay_last_look_timestamp_seconds", "gauge", "", "When it was last found out what is due."},
	}
}

func metric(name string) (Metric, bool) {
	list := Metrics()
	i := slices.IndexFunc(list, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return Metric{}, false
	}
	return list[i], true
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
	now := d.World.Now()
	out := &exposition{w: w}
	out.write("inlay_info", sample{[][2]string{{"version", d.World.Version}}, 1})
	out.tables(tables, now)
	d.mu.Lock()
	var next []sample
	for _, a := range slices.SortedFunc(maps.Keys(d.waiting), addr.Address.Compare) {
		if at := d.waiting[a].Next; !at.IsZero() {
			next = append(next, of(a.String(), float64(at.Unix())))
		}
	}
	running, pending, trouble := float64(len(d.busy)), float64(d.pending.count()), float64(len(d.wrong)+len(d.problems()))
	d.mu.Unlock()
	out.write("inlay_next_due_timestamp_seconds", next...)
	out.write("inlay_imports_running", sample{nil, running})
	out.write("inlay_changes_pending", sample{nil, pending})
	out.write("inlay_problems", sample{nil, trouble})
	d.meter.write(out, now)
	return out.err
}

func (x *exposition) tables(tables []project.TableInfo, now time.Time) {
	var fresh, rows, bytes, held []sample
	for _, t := range tables {
		if t.Address == "" {
			continue
		}
		if !t.Imported.IsZero() {
			fresh = append(fresh, of(t.Address, now.Sub(t.Imported).Seconds()))
		}
		if t.Held != "" {
			held = append(held, of(t.Address, 1))
		}
		rows, bytes = append(rows, of(t.Address, float64(t.Rows))), append(bytes, of(t.Address, float64(t.Bytes)))
	}
	x.write("inlay_table_age_seconds", fresh...)
	x.write("inlay_table_rows", rows...)
	x.write("inlay_table_bytes", bytes...)
	x.write("inlay_paused", held...)
}

func (m *meter) write(x *exposition, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var runs []sample
	for _, k := range slices.SortedFunc(maps.Keys(m.runs), func(a, b [2]string) int { return strings.Compare(a[0]+" "+a[1], b[0]+" "+b[1]) }) {
		runs = append(runs, sample{[][2]string{{"target", k[0]}, {"result", k[1]}}, float64(m.runs[k])})
	}
	x.write("inlay_runs_total", runs...)
	x.write("inlay_rows_received_total", each(m.rows)...)
	x.write("inlay_api_calls_total", each(m.calls)...)
	x.write("inlay_api_retries_total", each(m.retries)...)
	x.write("inlay_api_throttled_total", each(m.limited)...)
	x.write("inlay_api_wait_seconds_total", each(m.waited)...)
	var limit, left []sample
	for _, c := range slices.Sorted(maps.Keys(m.budgets)) {
		label, b := [][2]string{{"connection", c}}, m.budgets[c]
		if !now.Before(b.Reset) {
			b.Remaining = b.Limit // another window runs
		}
		limit, left = append(limit, sample{label, float64(b.Limit)}), append(left, sample{label, float64(b.Remaining)})
	}
	x.write("inlay_rate_limit_requests", limit...)
	x.write("inlay_rate_limit_remaining_requests", left...)
	x.write("inlay_run_seconds_total", each(m.seconds)...)
	x.write("inlay_runs_timed_total", each(m.timed)...)
	x.write("inlay_webhooks_failed_total", sample{nil, float64(m.untold)})
	if !m.look.IsZero() {
		x.write("inlay_last_look_timestamp_seconds", sample{nil, float64(m.look.Unix())})
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

func (x *exposition) write(name string, samples ...sample) {
	if len(samples) == 0 || x.err != nil {
		return
	}
	declared, ok := metric(name)
	if !ok {
		x.err = fmt.Errorf("the metric %s is not declared", name)
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s %s\n", name, declared.Help, name, declared.Kind)
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
