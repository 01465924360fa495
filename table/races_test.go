package table

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// beginUnlocked begins as one does whose lock was broken.
func beginUnlocked(t *Table, r Run) (*Txn, error) {
	d, err := t.lockable()
	if err == nil {
		err = t.pull()
	}
	if err != nil {
		return nil, err
	}
	return t.begin(context.Background(), d, r)
}

// Many writers without a lock race for the same commit: one wins each round, and the
// others are told.
func TestOfManyCommittersOneWins(t *testing.T) {
	rounds := 200
	if testing.Short() {
		rounds = 10
	}
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	for round := range rounds {
		head, hash, err := tbl.head()
		if err != nil {
			t.Fatal(err)
		}
		var wins atomic.Int64
		var wg sync.WaitGroup
		for i := range 16 {
			wg.Go(func() {
				m := head
				m.Number, m.Kind, m.Run = head.Number+1, KindSettings, fmt.Sprintf("r%d-%d", round, i)
				_, _, err := tbl.commitManifest(m, hash)
				var lost *ErrSuperseded
				switch {
				case err == nil:
					wins.Add(1)
				case !errors.As(err, &lost) || lost.Head != head.Number+1:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("round %d has %d winners", round, wins.Load())
		}
	}
	sound(t, tbl)
}

// A holder that sleeps while its lock is broken and someone else commits must fail, and its
// next attempt merges with what is there.
func TestASupersededHolderCannotCommit(t *testing.T) {
	for _, s := range []spec.Spec{testSpec(spec.Append, true), testSpec(spec.Replace, false), testSpec(spec.Upsert, true)} {
		h := newHouse(t, nil)
		tbl := h.create(s)
		h.load(tbl, s, []testRow{ann})
		asleep := h.run(s)
		x, err := beginUnlocked(tbl, asleep)
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Write(stream.Batch{Rows: rowsOf([]testRow{bob})}); err != nil {
			t.Fatal(err)
		}
		h.load(tbl, s, []testRow{cleo})
		_, err = x.Commit(Close{})
		var lost *ErrSuperseded
		if !errors.As(err, &lost) {
			t.Fatalf("%s: %v", s.Mode(), err)
		}
		sound(t, tbl)
		before := dump(t, tbl, "id")
		if strings.Contains(strings.Join(before, ""), "id=b") {
			t.Error("a superseded run wrote")
		}
		if _, err := load(tbl, asleep, Close{}, []testRow{bob}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(strings.Join(dump(t, tbl, "id"), ""), "id=b") {
			t.Error("the next attempt did not write")
		}
		sound(t, tbl)
	}
}

func TestTwoRunsDoNotMeet(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	_, err = tbl.Begin(context.Background(), h.run(s))
	var busy *ErrBusy
	if !errors.As(err, &busy) || !strings.Contains(busy.Holder, x.run.ID) {
		t.Fatalf("got %v", err)
	}
	if err := x.Write(stream.Batch{Rows: rowsOf([]testRow{ann})}); err != nil {
		t.Fatal(err)
	}
	if err := x.Checkpoint("here"); err != nil {
		t.Fatal(err)
	}
	seen, err := h.w.Look()
	if err != nil || len(seen.Tables[0].Staged) != 1 || !seen.Tables[0].Staged[0].Held {
		t.Errorf("%+v %v", seen.Tables[0].Staged, err)
	}
	if err := x.Abort(); err != nil {
		t.Fatal(err)
	}
	h.load(tbl, s, []testRow{bob})
}

func TestASlotIsImportedOnce(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, false)
	tbl := h.create(s)
	one, two := h.run(s), h.run(s)
	one.Slot, two.Slot = "2026-11-23T00:10@Asia/Tokyo", "2026-11-23T00:10@Asia/Tokyo"
	if _, err := load(tbl, one, Close{}, []testRow{ann}); err != nil {
		t.Fatal(err)
	}
	for _, r := range []Run{one, two} {
		if _, err := load(tbl, r, Close{}, []testRow{ann}); !errors.Is(err, ErrSlotDone) {
			t.Fatalf("got %v", err)
		}
	}
	h.load(tbl, s, []testRow{ann})
	same(t, dump(t, tbl), want(ann, ann))
}

func TestRefusals(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann})
	other := h.run(s)
	other.Workspace = Workspace{ID: "w2", Name: "Second"}
	_, err := tbl.Begin(context.Background(), other)
	var workspace *ErrOtherWorkspace
	if !errors.As(err, &workspace) || workspace.Got.ID != "w2" {
		t.Errorf("got %v", err)
	}
	other.Reimport = true
	if _, err := load(tbl, other, Close{}, []testRow{bob}); err != nil {
		t.Error(err)
	}
	same(t, dump(t, tbl), want(bob))
	stranger := h.run(s)
	stranger.Lineage, stranger.Workspace = "else", other.Workspace
	_, err = tbl.Begin(context.Background(), stranger)
	var owner *ErrOtherOwner
	if !errors.As(err, &owner) {
		t.Errorf("got %v", err)
	}
	short := h.run(s)
	short.Workspace = other.Workspace
	_, err = load(tbl, short, Close{Bookmark: "far", Final: &stream.Final{Received: 1, Announced: 3}}, []testRow{cleo})
	var incomplete *ErrIncomplete
	if !errors.As(err, &incomplete) {
		t.Errorf("got %v", err)
	}
	same(t, dump(t, tbl), want(bob))
	warn := testSpec(spec.Append, true, "reconcile", ReconcileWarn)
	short.Spec = warn
	m, err := load(tbl, short, Close{Bookmark: "far", Final: &stream.Final{Received: 1, Announced: 3}}, []testRow{cleo})
	if err != nil || m.Unreconciled != 2 || m.Bookmark != "far" {
		t.Errorf("%+v %v", m, err)
	}
}

func TestALongImportGoesOn(t *testing.T) {
	for _, s := range []spec.Spec{testSpec(spec.Append, true), testSpec(spec.Replace, false), testSpec(spec.Upsert, true)} {
		h := newHouse(t, nil)
		tbl := h.create(s)
		run := h.run(s)
		x, err := tbl.Begin(context.Background(), run)
		if err != nil {
			t.Fatal(err)
		}
		steps := func(rows ...testRow) {
			t.Helper()
			if err := x.Write(stream.Batch{Rows: rowsOf(rows)}); err != nil {
				t.Fatal(err)
			}
		}
		steps(ann, bob)
		if err := x.Checkpoint("page 2"); err != nil {
			t.Fatal(err)
		}
		steps(cleo) // lost: no checkpoint after it
		if err := x.Abort(); err != nil {
			t.Fatal(err)
		}
		started := h.clock.now
		h.clock.now = h.clock.now.Add(time.Hour)
		run.Started = h.clock.now
		if x, err = tbl.Begin(context.Background(), run); err != nil {
			t.Fatal(err)
		}
		if at, rows, ok := x.Resume(); !ok || at != "page 2" || rows != 2 {
			t.Fatalf("%q %d %v", at, rows, ok)
		}
		steps(bob, dan)
		m, err := x.Commit(Close{Bookmark: "end"})
		if err != nil {
			t.Fatal(err)
		}
		if !m.Started.Equal(started) {
			t.Errorf("the first attempt began at %s, and the manifest says %s", started, m.Started)
		}
		same(t, dump(t, tbl), want(ann, bob, dan))
		sound(t, tbl)
	}
}

func TestACheckpointOfAnotherConfigurationIsDiscarded(t *testing.T) {
	s := testSpec(spec.Replace, false)
	for _, c := range []struct {
		name string
		edit func(h *house, r *Run)
		why  string
	}{
		{"spec", func(_ *house, r *Run) { r.Spec = testSpec(spec.Replace, false, "partition", "day") }, "another configuration"},
		{"workspace", func(_ *house, r *Run) { r.Workspace.ID = "w2" }, "another workspace"},
		{"age", func(h *house, _ *Run) { h.clock.now = h.clock.now.Add(25 * time.Hour) }, "older than a day"},
	} {
		h := newHouse(t, nil)
		tbl := h.create(s)
		run := h.run(s)
		x, err := tbl.Begin(context.Background(), run)
		if err == nil {
			err = errors.Join(x.Write(stream.Batch{Rows: rowsOf([]testRow{ann})}), x.Checkpoint("page 1"), x.Abort())
		}
		if err != nil {
			t.Fatal(err)
		}
		c.edit(h, &run)
		x, err = tbl.Begin(context.Background(), run)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, ok := x.Resume(); ok || !strings.Contains(x.Discarded(), c.why) {
			t.Errorf("%s: %q", c.name, x.Discarded())
		}
		if err := x.Abort(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatStandsInTheWay(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	db := filepath.Join(h.dir, "crm")
	if err := os.MkdirAll(filepath.Join(db, "users"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(db, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc", filepath.Join(db, "etc")); err != nil {
		t.Fatal(err)
	}
	seen, err := h.w.Look()
	if err != nil || len(seen.Foreign) != 3 {
		t.Fatalf("%+v %v", seen, err)
	}
	for _, path := range []string{"crm/users", "crm/file", "crm/etc", "../x/y", "a/b/c", "a", "a/..", ".inlay/x"} {
		if _, err := h.w.Create(Creation{Run: h.run(s), Path: path}); err == nil {
			t.Errorf("a table was made at %s", path)
		}
	}
	seen, err = h.w.Look()
	if err != nil || len(seen.Tables) != 0 || len(seen.Foreign) != 3 {
		t.Fatalf("%+v %v", seen, err)
	}
	tbl, err := h.w.Create(Creation{Run: h.run(s), Path: "crm/people"})
	if err != nil {
		t.Fatal(err)
	}
	var taken *ErrPathTaken
	other := h.run(s)
	other.Address = "target.parquet.other"
	if _, err := h.w.Create(Creation{Run: other, Path: "crm/people"}); !errors.As(err, &taken) {
		t.Errorf("got %v", err)
	}
	found, err := h.w.TableAt("crm/people")
	if err != nil || found.ID() != tbl.ID() {
		t.Errorf("%v %v", found, err)
	}
	if _, err := h.w.Table("../../etc"); !errors.Is(err, ErrNoTable) {
		t.Errorf("got %v", err)
	}
}

func TestAMissingWarehouseIsEmpty(t *testing.T) {
	dir := filepath.Join(scratch(t), "not", "there")
	w, err := Open(dir, Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	seen, err := w.Look()
	if err != nil || len(seen.Tables) != 0 {
		t.Fatalf("%+v %v", seen, err)
	}
	if err := w.Probe(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("looking made the folder")
	}
	if _, err := w.TableAt("a/b"); !errors.Is(err, ErrNoTable) {
		t.Errorf("got %v", err)
	}
}

func TestProbeFindsWhatIsMissing(t *testing.T) {
	for kind, lacks := range map[durable.Kind]string{
		durable.OpSync: "syncing of files and folders", durable.OpSyncDir: "syncing of files and folders",
		durable.OpLink: "hard links", durable.OpSymlink: "symbolic links",
	} {
		dir := scratch(t)
		w, err := Open(dir, Options{Now: time.Now, Faults: refuse(kind)})
		if err != nil {
			t.Fatal(err)
		}
		var unfit *ErrUnfit
		if err := w.Probe(); !errors.As(err, &unfit) || unfit.Lacks != lacks {
			t.Errorf("without %s: %v", kind, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("without %s: %v is left, %v", kind, left, err)
		}
	}
}

// refuse is a file system that lacks one operation.
type refuse durable.Kind

func (r refuse) Before(op durable.Op) error {
	if op.Kind == durable.Kind(r) {
		return errors.ErrUnsupported
	}
	return nil
}
