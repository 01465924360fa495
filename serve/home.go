package serve

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

// Bounds of the first page.
const (
	shownTables = 200
	shownRuns   = 25
	sparkRuns   = 24
	// readRuns is how far back in the diary the page looks.
	readRuns = 5000
)

// homeView is the first page.
type homeView struct {
	frame
	Warehouse   string
	Asked       string // what the list of tables is narrowed to
	Tables      []tableRow
	More        int // tables that are not shown
	Schedules   []project.ScheduleInfo
	Connections []blockRow
	Sources     []blockRow
	Runs        []runRow
}

type tableRow struct {
	project.TableInfo
	Size     string
	Fresh    string
	At       string
	Next     string
	Waits    string // why there is no next
	Status   string // of the latest run
	Run      string
	Spark    template.HTML
	Paused   bool // itself, by hand
	Running  bool
	Progress tick
}

type blockRow struct{ Address, Kind, Detail string }

type runRow struct {
	ID, Target, Slot, Started, Duration, Status, Class, Error string
	Rows                                                      int64
}

func (p *pages) home(w http.ResponseWriter, r *http.Request) {
	v, err := p.d.home(strings.TrimSpace(r.URL.Query().Get("q")))
	if err != nil {
		p.failed(w, r, http.StatusInternalServerError, err)
		return
	}
	v.frame = p.frame(w, r, "Overview")
	p.render(w, "home", v)
}

// home gathers the first page. asked narrows the tables to those whose address or path
// holds it.
func (d *daemon) home(asked string) (homeView, error) {
	p := d.current()
	v := homeView{Warehouse: p.WarehousePath(), Asked: asked}
	tables, err := p.Tables()
	if err != nil {
		return v, err
	}
	runs, err := p.History(project.Runs{Limit: readRuns})
	if err != nil {
		return v, err
	}
	pauses, err := p.Pauses()
	if err != nil {
		return v, err
	}
	if v.Schedules, err = p.Schedules(); err != nil {
		return v, err
	}
	byTarget := map[string][]state.Run{}
	for _, r := range runs {
		a := text(r.Address)
		byTarget[a] = append(byTarget[a], r)
	}
	paused := map[string]bool{}
	for a, pause := range pauses {
		paused[a.String()] = pause.Paused
	}
	d.tables(&v, tables, byTarget, paused)
	d.blocks(&v, p)
	for _, r := range runs[:min(len(runs), shownRuns)] {
		v.Runs = append(v.Runs, d.runRow(r))
	}
	return v, nil
}

func (d *daemon) tables(v *homeView, tables []project.TableInfo, runs map[string][]state.Run, paused map[string]bool) {
	now := d.World.Now()
	current := d.feed.current()
	next, note := map[string]string{}, map[string]string{}
	d.mu.Lock()
	for a, w := range d.waiting {
		next[a.String()], note[a.String()] = w.NextText, w.Note
	}
	d.mu.Unlock()
	for _, t := range tables {
		if v.Asked != "" && !strings.Contains(t.Address, v.Asked) && !strings.Contains(t.Path, v.Asked) {
			continue
		}
		if len(v.Tables) == shownTables {
			v.More++
			continue
		}
		row := tableRow{
			TableInfo: t, Size: report.Bytes(t.Bytes), Fresh: freshness(t, now), At: moment(t.Imported),
			Next: next[t.Address], Waits: note[t.Address], Paused: paused[t.Address],
		}
		row.Progress, row.Running = current[t.Address]
		if list := runs[t.Address]; len(list) > 0 && t.Address != "" {
			row.Status, row.Run = string(list[0].Status), list[0].ID
			row.Spark = sparkline(ended(list))
		}
		v.Tables = append(v.Tables, row)
	}
}

// ended are the runs that came to an end, the oldest first.
func ended(runs []state.Run) []state.Run {
	var out []state.Run
	for _, r := range runs {
		if r.Status == state.Done || r.Status == state.Nothing || r.Status == state.Failed {
			if out = append(out, r); len(out) == sparkRuns {
				break
			}
		}
	}
	slices.Reverse(out)
	return out
}

// blocks lists the connections and sources of the configuration.
func (d *daemon) blocks(v *homeView, p *project.Project) {
	c := p.Config()
	for i := range c.Connections {
		b := &c.Connections[i]
		detail := b.Settings.String("region")
		if b.Settings.Has("sandbox") {
			detail = "simulated workspace"
		}
		v.Connections = append(v.Connections, blockRow{b.Address.String(), b.Provider, detail})
	}
	for i := range c.Sources {
		b := &c.Sources[i]
		kind := "reads everything"
		if b.Settings.Bool("incremental") {
			kind = "reads what is new"
		}
		v.Sources = append(v.Sources, blockRow{b.Address.String(), b.Stream.Name, kind})
	}
}

// runRow is one run of the list. A run whose end was never written and that is none of this
// process's may run elsewhere, or was killed.
func (d *daemon) runRow(r state.Run) runRow {
	row := runRow{ID: r.ID, Target: text(r.Address), Slot: r.Slot, Started: moment(r.Started), Status: string(r.Status), Error: r.Error, Rows: r.Rows}
	if !r.Ended.IsZero() {
		row.Duration = report.Duration(r.Ended.Sub(r.Started))
	}
	switch r.Status {
	case state.Done, state.Nothing:
		row.Class = "good"
	case state.Failed:
		row.Class = "bad"
	default:
		row.Class = "care"
	}
	if _, last, here := d.feed.log(r.ID); here && !last.Ended {
		row.Status, row.Rows = "running", last.Rows
	}
	return row
}
