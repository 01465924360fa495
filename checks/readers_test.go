package checks

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table"
)

const (
	stampedRows    = 300
	stampedCommits = 200
	leastStraddles = 50
)

// stampedSpec is a table of rows that all carry the number of the commit that wrote them.
// The second half of the history has one column more.
func stampedSpec(mode, partition string, wide bool) spec.Spec {
	columns := []stream.Column{
		{Name: "id", Type: stream.Scalar(stream.String)},
		{Name: "stamp", Type: stream.Scalar(stream.Int)},
		{Name: "moved_at", Type: stream.Scalar(stream.Timestamp)},
	}
	if wide {
		columns = append(columns, stream.Column{Name: "late", Type: stream.Scalar(stream.Int)})
	}
	s := spec.Spec{
		Provider: "test", Connection: setting.Values{}, Source: setting.Values{"stream": "stamped", "incremental": false},
		Target: setting.Values{"mode": mode, "time_column": "moved_at", "partition": partition, "timezone": "UTC"},
		Key:    []string{"id"},
	}
	for _, c := range columns {
		s.Shape.Fields = append(s.Shape.Fields, stream.Field{Column: c, From: []string{c.Name}})
	}
	return s
}

// stamped makes the rows of one commit: each row stands in another partition than in the
// commit before.
func stamped(s spec.Spec, number int) *stream.Rows {
	rows := stream.NewRows(s.Shape.Columns())
	rows.N = stampedRows
	for i := range stampedRows {
		rows.Leaf("id").AppendString(fmt.Sprintf("%06d", i), 0)
		rows.Leaf("stamp").AppendInt(int64(number), 0)
		day := time.Date(2026, 1, 1+(i+number)%5, 0, 0, 0, 0, time.UTC)
		rows.Leaf("moved_at").AppendInt(day.UnixMicro(), 0)
		if late := rows.Leaf("late"); late != nil {
			late.AppendInt(int64(number), 0)
		}
		rows.Leaf(stream.Rest).AppendNull(0, 0)
	}
	return rows
}

// history is a writer that commits to one table again and again while others read it. Its
// clock goes three minutes a commit, so that snapshots are swept under the readers.
type history struct {
	dir   string
	t     *table.Table
	w     *table.Warehouse
	now   atomic.Int64 // unix seconds
	done  atomic.Int64 // commits
	begun atomic.Int64 // the commit at which the reader's current read began
	runs  int
}

func newHistory(t *testing.T) *history {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "inlay-readers-")
	if err != nil {
		dir = t.TempDir()
	} else {
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
	}
	h := &history{dir: dir}
	h.now.Store(time.Now().Unix())
	if h.w, err = table.Open(dir, table.Options{Now: func() time.Time { return time.Unix(h.now.Load(), 0) }, Version: "test"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.w.Close() })
	s := stampedSpec(spec.Replace, table.PartitionDay, false)
	if h.t, err = h.w.Create(table.Creation{Path: "crm/stamped", Run: h.run(s)}); err != nil {
		t.Fatal(err)
	}
	if err := h.load(s, 1); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *history) run(s spec.Spec) table.Run {
	h.runs++
	return table.Run{ID: fmt.Sprintf("r%04d", h.runs), Address: "target.parquet.stamped", Lineage: "lin",
		Started: time.Unix(h.now.Load(), 0), Spec: s, Workspace: table.Workspace{Provider: "test", ID: "w1"}, Full: true}
}

func (h *history) load(s spec.Spec, number int) error {
	x, err := h.t.Begin(context.Background(), h.run(s))
	if err != nil {
		return err
	}
	defer func() { _ = x.Abort() }() // nothing after a commit
	if err := x.Write(stream.Batch{Rows: stamped(s, number)}); err != nil {
		return err
	}
	_, err = x.Commit(table.Close{})
	return err
}

// write makes the whole history: imports that replace and upsert, and now and then a
// rewrite, a rollback, a compaction and a prune.
func (h *history) write(ctx context.Context) error {
	partition := table.PartitionDay
	for n := 2; n <= stampedCommits; n++ {
		for h.begun.Load() < int64(n)-10 && ctx.Err() == nil {
			time.Sleep(time.Millisecond) // the hour that readers have is shorter here than a slow machine's read
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		mode := spec.Replace
		if n%2 == 0 {
			mode = spec.Upsert
		}
		if err := h.step(n, mode, &partition); err != nil {
			return fmt.Errorf("commit %d: %w", n, err)
		}
		h.now.Add(180)
		h.done.Add(1)
	}
	return nil
}

func (h *history) step(n int, mode string, partition *string) error {
	wide := n > stampedCommits/2
	switch n % 10 {
	case 3:
		*partition = map[string]string{table.PartitionDay: table.PartitionMonth, table.PartitionMonth: table.PartitionDay}[*partition]
		_, err := h.t.Rewrite(context.Background(), h.run(stampedSpec(mode, *partition, wide)))
		return err
	case 5:
		head, err := h.t.Head()
		if err != nil {
			return err
		}
		_, err = h.t.Rollback(head.Number-1, h.run(head.Spec))
		return err
	case 7:
		head, err := h.t.Head()
		if err != nil {
			return err
		}
		if _, err = h.t.Compact(context.Background(), h.run(head.Spec)); err != nil {
			return err
		}
		_, err = h.t.Prune()
		return err
	}
	return h.load(stampedSpec(mode, *partition, wide), n)
}

// reads counts what a reader met.
type reads struct{ whole, gone, straddled int }

// read asks DuckDB again and again, until the writer is done, for the rows of what rows
// names anew for each read.
func (h *history) read(t *testing.T, e *duckdb.Engine, rows func() string, mayBeGone bool) reads {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	written := make(chan error, 1)
	h.begun.Store(1)
	h.done.Store(1)
	go func() { written <- h.write(ctx) }()
	link := h.dir + "/crm/stamped"
	var r reads
	for {
		h.begun.Store(h.done.Load() + 1)
		before, _ := os.Readlink(link)
		a := e.Try("select count(*), count(distinct stamp), count(distinct id) from " + rows())
		after, _ := os.Readlink(link)
		if before != after {
			r.straddled++
		}
		switch {
		case a.Error == "":
			r.whole++
			if got := fmt.Sprint(a.Rows[0]); got != fmt.Sprintf("[%d 1 %d]", stampedRows, stampedRows) {
				t.Fatalf("a read gave %s rows, stamps and keys; from %s to %s", got, before, after)
			}
		case mayBeGone && before != after && notFound(a.Error):
			r.gone++
		default:
			t.Fatalf("a read failed; from %s to %s: %s", before, after, a.Error)
		}
		select {
		case err := <-written:
			if err != nil {
				t.Fatal(err)
			}
			return r
		default:
		}
	}
}

func notFound(message string) bool {
	return strings.Contains(message, "No such file") || strings.Contains(message, "No files found") || strings.Contains(message, "Cannot open file")
}

// TestReadersDuringCommits reads a table with DuckDB while it is imported into, rewritten,
// rolled back, compacted and swept. A read sees one commit whole; through the table's path
// it may instead find its files gone, through the resolved folder and a view it may not.
func TestReadersDuringCommits(t *testing.T) {
	e := duckdb.Open(t)
	files := func(folder string) string { return "read_parquet(" + duckdb.Quote(folder+"/**/*.parquet") + ")" }
	ways := []struct {
		name      string
		rows      func(h *history) string
		mayBeGone bool
	}{
		{"through the link", func(h *history) string { return files(h.dir + "/crm/stamped") }, true},
		{"through the resolved folder", func(h *history) string { return files(h.t.Path()) }, false},
		{"through a view", func(h *history) string {
			seen, err := h.w.Look()
			if err != nil {
				t.Fatal(err)
			}
			e.Query(table.Views(seen, h.dir))
			return "crm.stamped"
		}, false},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			h := newHistory(t)
			r := h.read(t, e, func() string { return way.rows(h) }, way.mayBeGone)
			t.Logf("%d reads were whole, %d found their files gone; %d straddled a commit", r.whole, r.gone, r.straddled)
			if r.straddled < leastStraddles {
				t.Errorf("only %d reads straddled a commit: the history is too short to prove anything", r.straddled)
			}
			if r.whole < leastStraddles {
				t.Errorf("only %d reads were whole", r.whole)
			}
			h.ends(t, e)
		})
	}
}

// ends checks the table after its history: sound, swept, and with the late column for all.
func (h *history) ends(t *testing.T, e *duckdb.Engine) {
	t.Helper()
	damage, err := h.t.Check(context.Background())
	if err != nil || len(damage) > 0 {
		t.Errorf("the table is damaged: %v, %v", damage, err)
	}
	views, err := os.ReadDir(h.dir + "/.inlay/" + h.t.ID() + "/views")
	if err != nil {
		t.Fatal(err)
	}
	if len(views) > 40 {
		t.Errorf("%d snapshots are left over", len(views))
	}
	late := e.One("select count(distinct late) from read_parquet(" + duckdb.Quote(h.dir+"/crm/stamped/**/*.parquet") + ")")
	if n, err := strconv.Atoi(late); err != nil || n != 1 {
		t.Errorf("%s different values in the late column", late)
	}
}
