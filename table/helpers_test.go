package table

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// A row of the tests' stream: key, creation, version, a name, and nested values.
type testRow struct {
	ID      string
	Created int64 // unix seconds; 0: null
	Updated int64 // unix seconds; 0: null
	Name    string
	Tags    []string // nil: null; elements "" are null
	Plan    string   // inside the struct "more"; "": null
	Rest    string   // "": null
}

var testColumns = []stream.Column{
	{Name: "id", Type: stream.Scalar(stream.String)},
	{Name: "created_at", Type: stream.Scalar(stream.Timestamp)},
	{Name: "updated_at", Type: stream.Scalar(stream.Timestamp)},
	{Name: "name", Type: stream.Scalar(stream.String)},
	{Name: "size", Type: stream.Scalar(stream.Int)},
	{Name: "tags", Type: stream.ListOf(stream.StructOf(stream.Column{Name: "id", Type: stream.Scalar(stream.String)}))},
	{Name: "more", Type: stream.StructOf(stream.Column{Name: "plan", Type: stream.Scalar(stream.String)}, stream.Column{Name: "paid", Type: stream.Scalar(stream.Bool)})},
}

func shapeOf(columns []stream.Column) stream.Shape {
	var sh stream.Shape
	for _, c := range columns {
		sh.Fields = append(sh.Fields, stream.Field{Column: c, From: []string{c.Name}})
	}
	return sh
}

// testSpec is a spec of the tests' stream. Settings come as name, value, name, value.
func testSpec(mode string, incremental bool, settings ...any) spec.Spec {
	target := setting.Values{"mode": mode, "time_column": "created_at", "partition": "month", "timezone": "UTC"}
	for i := 0; i < len(settings); i += 2 {
		target[settings[i].(string)] = settings[i+1]
	}
	s := spec.Spec{
		Provider: "test", Connection: setting.Values{}, Source: setting.Values{"stream": "users", "incremental": incremental},
		Target: target, Shape: shapeOf(testColumns), Key: []string{"id"}, Updated: "updated_at",
	}
	if incremental {
		s.Cursor = "created_at"
	}
	return s
}

func at(v *stream.Vector, present bool, add func()) {
	if present {
		add()
	} else {
		v.AppendNull(0, 0)
	}
}

// rowsOf makes a batch of the shape's columns.
func rowsOf(list []testRow) *stream.Rows {
	r := stream.NewRows(shapeOf(testColumns).Columns())
	r.N = len(list)
	leaf := func(path string) *stream.Vector {
		return &r.Leaves[leafAt(r.Leaves, strings.Split(path, "."))]
	}
	for _, t := range list {
		leaf("id").AppendString(t.ID, 0)
		c := leaf("created_at")
		at(c, t.Created != 0, func() { c.AppendInt(t.Created*1e6, 0) })
		u := leaf("updated_at")
		at(u, t.Updated != 0, func() { u.AppendInt(t.Updated*1e6, 0) })
		leaf("name").AppendString(t.Name, 0)
		leaf("size").AppendInt(9007199254740993, 0)
		tag := leaf("tags.id")
		switch {
		case t.Tags == nil:
			tag.AppendNull(0, 0)
		case len(t.Tags) == 0:
			tag.AppendNull(1, 0)
		}
		for i, s := range t.Tags {
			rep := uint8(min(i, 1))
			if s == "" {
				tag.AppendNull(3, rep)
			} else {
				tag.AppendString(s, rep)
			}
		}
		p, paid := leaf("more.plan"), leaf("more.paid")
		at(p, t.Plan != "", func() { p.AppendString(t.Plan, 0) })
		at(paid, t.Plan != "", func() { paid.AppendBool(t.Plan == "pro", 0) })
		rest := leaf("_rest")
		at(rest, t.Rest != "", func() { rest.AppendString(t.Rest, 0) })
	}
	return r
}

// scratch is a folder in memory where the system has one: these tests sync a lot, and
// what they prove does not depend on the disk.
func scratch(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "inlay-table-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// clock is a clock that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

var day = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// house is a warehouse with one table, as a test uses it.
type house struct {
	t     testing.TB
	dir   string
	clock *clock
	store objects.Store // nil: the folder is the warehouse
	w     *Warehouse
	runs  int
}

func newHouse(t testing.TB, f durable.Faults) *house {
	h := &house{t: t, dir: scratch(t), clock: &clock{now: day}}
	h.reopen(f)
	return h
}

func (h *house) reopen(f durable.Faults) {
	h.t.Helper()
	if h.w != nil {
		_ = h.w.Close() // the process that had it open is gone
	}
	w, err := Open(h.dir, Options{Faults: f, Now: h.clock.Now, Version: "test", Objects: h.store})
	if err != nil {
		h.t.Fatal(err)
	}
	h.w = w
	h.t.Cleanup(func() { _ = w.Close() })
}

func (h *house) run(s spec.Spec) Run {
	h.runs++
	return Run{ID: fmt.Sprintf("r%04d", h.runs), Address: "target.parquet.users", Lineage: "lin", Started: h.clock.now, Spec: s, Workspace: Workspace{Provider: "test", ID: "w1"}}
}

func (h *house) create(s spec.Spec) *Table {
	h.t.Helper()
	t, err := h.w.Create(Creation{Run: h.run(s), Path: "crm/users"})
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}

// load imports batches in one run.
func load(t *Table, r Run, c Close, batches ...[]testRow) (Manifest, error) {
	x, err := t.Begin(context.Background(), r)
	if err != nil {
		return Manifest{}, err
	}
	for _, b := range batches {
		if err := x.Write(stream.Batch{Rows: rowsOf(b)}); err != nil {
			_ = x.Abort() // the first error counts
			return Manifest{}, err
		}
	}
	m, err := x.Commit(c)
	if err != nil {
		_ = x.Abort() // the first error counts
	}
	return m, err
}

func (h *house) load(t *Table, s spec.Spec, batches ...[]testRow) Manifest {
	h.t.Helper()
	m, err := load(t, h.run(s), Close{}, batches...)
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// failer is what a test and a property have in common.
type failer interface {
	Helper()
	Logf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// dump writes every row of a table as one line per row, sorted.
func dump(t failer, tbl *Table, columns ...string) []string {
	t.Helper()
	var out []string
	for rows, err := range tbl.Rows(context.Background(), columns, 0) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, lines(rows)...)
	}
	slices.Sort(out)
	return out
}

// lines writes each row as "leaf=value value …; leaf=…", nulls with their level.
func lines(rows *stream.Rows) []string {
	out := make([]string, rows.N)
	for i := range rows.Leaves {
		v := &rows.Leaves[i]
		row := -1
		for j := range v.Def {
			if v.MaxRep == 0 || v.Rep[j] == 0 {
				row++
				out[row] += strings.Join(v.Path, ".") + "="
			}
			out[row] += text(v, j) + ";"
		}
	}
	return out
}

func text(v *stream.Vector, j int) string {
	if v.Null(j) {
		return fmt.Sprintf("null%d", v.Def[j])
	}
	switch v.Kind {
	case stream.Int, stream.Timestamp:
		return fmt.Sprint(v.Ints[j])
	case stream.Bool:
		return fmt.Sprint(v.Bools[j])
	case stream.Float:
		return fmt.Sprint(v.Floats[j])
	}
	return v.Strs[j]
}

// want is what dump gives for rows of the tests' stream.
func want(rows ...testRow) []string {
	out := lines(rowsOf(rows))
	slices.Sort(out)
	return out
}

func same(t failer, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for _, g := range got {
		if !slices.Contains(want, g) {
			t.Logf("too much: %s", g)
		}
	}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Logf("missing:  %s", w)
		}
	}
	t.Fatalf("%d rows, want %d", len(got), len(want))
}

func sound(t testing.TB, tbl *Table) {
	t.Helper()
	damage, err := tbl.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(damage) > 0 {
		t.Fatalf("the table is damaged: %v", damage)
	}
}

// close ends a house whose test goes on with another.
func (h *house) close() {
	_ = h.w.Close()
	_ = os.RemoveAll(h.dir)
}
