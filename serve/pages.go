package serve

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"slices"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/report"
	"github.com/inlay-sync/inlay/state"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages shows a person how things stand.
type pages struct {
	d *daemon
	g *guard
}

// frame is what every page has.
type frame struct {
	Title    string
	Folder   string
	Version  string
	Form     string
	Now      string
	Guarded  bool
	Changes  int // that wait for approval
	Approved bool
	Wrong    []report.Finding
	Trouble  []report.Finding
}

func (p *pages) frame(w http.ResponseWriter, r *http.Request, title string) frame {
	form := p.g.form(w, r)
	d := p.d
	d.mu.Lock()
	defer d.mu.Unlock()
	return frame{
		Title: title, Folder: d.Name, Version: d.World.Version, Form: form, Now: moment(d.World.Now()), Guarded: !d.Token.IsZero(),
		Changes: d.pending.count(), Approved: d.pending != nil && d.pending.approved, Wrong: d.wrong, Trouble: d.problems(),
	}
}

// render writes a page whole or, when it cannot be made, says so.
func (p *pages) render(w http.ResponseWriter, name string, view any) {
	t, err := template.New("").Funcs(template.FuncMap{"clean": report.Clean, "count": report.Count}).ParseFS(templateFiles, "templates/*.html")
	var b bytes.Buffer
	if err == nil {
		err = t.ExecuteTemplate(&b, name, view)
	}
	if err != nil {
		p.d.Log.Error("a page could not be made", "page", name, "error", err.Error())
		http.Error(w, "This page could not be made; the daemon's log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // whoever asked has gone otherwise
}

// failed shows why a page cannot be shown.
func (p *pages) failed(w http.ResponseWriter, r *http.Request, status int, err error) {
	f := p.frame(w, r, "Not shown")
	w.WriteHeader(status)
	p.render(w, "refused", refusedView{f, findings(err)})
}

type refusedView struct {
	frame
	Why []report.Finding
}

func (p *pages) login(w http.ResponseWriter, r *http.Request) {
	f := p.frame(w, r, "Sign in")
	f.Folder, f.Changes, f.Wrong, f.Trouble = "", 0, nil, nil // nothing is told before the token
	p.render(w, "login", struct {
		frame
		To    string
		Again bool
	}{f, local(r.URL.Query().Get("to")), r.URL.Query().Has("wrong")})
}

func (p *pages) plan(w http.ResponseWriter, r *http.Request) {
	v := struct {
		frame
		ID   string
		Body template.HTML
	}{frame: p.frame(w, r, "Plan")}
	p.d.mu.Lock()
	pending := p.d.pending
	p.d.mu.Unlock()
	if pending != nil {
		columns := map[addr.Address]report.ColumnsChange{}
		for a, s := range pending.schemas {
			columns[a] = report.ColumnsChange{Before: s.Before, After: s.After}
		}
		var b bytes.Buffer
		if err := report.PlanHTML(&b, pending.plan, columns); err != nil {
			p.failed(w, r, http.StatusInternalServerError, err)
			return
		}
		v.ID, v.Body = pending.plan.ID, template.HTML(b.String()) // escaped by its own template
	}
	p.render(w, "plan", v)
}

func (p *pages) run(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("run")
	run, err := p.d.current().Run(id)
	if err != nil {
		p.failed(w, r, http.StatusNotFound, err)
		return
	}
	lines, last, here := p.d.feed.log(id)
	v := struct {
		frame
		Run    runRow
		Fields []report.Field
		Lines  []line
		Last   tick
		Live   bool
	}{p.frame(w, r, "Run "+id), p.d.runRow(run), runFields(run), lines, last, here && !last.Ended}
	p.render(w, "run", v)
}

// runFields is a run in full, without what its page shows above.
func runFields(r state.Run) []report.Field {
	return slices.DeleteFunc(report.RunFields(r), func(f report.Field) bool {
		return f.Value == "" || f.Name == "run" || f.Name == "target" || f.Name == "status"
	})
}

// previewed is how many rows of a table its page shows.
const previewed = 20

func (p *pages) table(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("address")
	info, columns, rows, err := p.d.current().Stored(r.Context(), name, previewed)
	if err != nil {
		p.failed(w, r, http.StatusNotFound, err)
		return
	}
	now := p.d.World.Now()
	v := struct {
		frame
		Info    project.TableInfo
		Size    string
		Fresh   string
		Columns []columnView
		Grid    report.Grid
	}{frame: p.frame(w, r, "Table "+info.Path), Info: info, Size: report.Bytes(info.Bytes), Fresh: freshness(info, now)}
	for _, c := range columns {
		v.Columns = append(v.Columns, columnView{c.Name, c.Type.String(), c.Doc})
	}
	v.Grid = report.RowsGrid(columns, rows, previewed)
	p.render(w, "table", v)
}

type columnView struct{ Name, Type, Doc string }

func freshness(t project.TableInfo, now time.Time) string {
	if t.Imported.IsZero() {
		return "never imported"
	}
	return report.Duration(now.Sub(t.Imported)) + " ago"
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func text(a addr.Address) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}

// sparkline draws the rows of the latest runs, the oldest first, as bars; their heights go
// with the square root, so that runs show beside a first one that read everything. A run that
// failed is a mark at the foot.
func sparkline(runs []state.Run) template.HTML {
	if len(runs) == 0 {
		return ""
	}
	var most, total int64
	failed := 0
	for _, r := range runs {
		most = max(most, r.Rows)
		if r.Status == state.Failed {
			failed++
		} else {
			total += r.Rows
		}
	}
	const bar, gap, height = 4, 1, 24
	var b bytes.Buffer
	label := fmt.Sprintf("rows received by the last %s: %s", report.Plural(int64(len(runs)), "run"), report.Count(total))
	if failed > 0 {
		label += fmt.Sprintf(", %s failed", report.Count(int64(failed)))
	}
	fmt.Fprintf(&b, `<svg class="spark" role="img" aria-label="%s" width="%d" height="%d" viewBox="0 0 %d %d">`,
		template.HTMLEscapeString(label), sparkRuns*(bar+gap), height, sparkRuns*(bar+gap), height)
	for i, r := range runs {
		class, tall := "ok", int64(1)
		if r.Status == state.Failed {
			class, tall = "bad", 3
		} else if most > 0 {
			tall = max(1, int64(math.Sqrt(float64(r.Rows)/float64(most))*height))
		}
		fmt.Fprintf(&b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, i*(bar+gap), height-tall, bar, tall)
	}
	b.WriteString("</svg>")
	return template.HTML(b.String()) // numbers, and a label that is escaped
}
