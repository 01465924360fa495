package table

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable/durabletest"
	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

var long = flag.Bool("long", os.Getenv("INLAY_LONG") != "", "run the long forms of the tests")

// story is what a test's runs do to one table: several imports with a checkpoint in each.
type story struct {
	name string
	spec spec.Spec
	runs [][][]testRow
	want []testRow
	seen *[][]string // remembers what snapshots found
}

func stories() []story {
	newer := with(bob, bob.Updated+5, "Bobby")
	runs := [][][]testRow{{{ann, bob}, {dan}}, {{newer, cleo}, {dan}}}
	return []story{
		{"append", testSpec(spec.Append, true), runs, []testRow{ann, bob, dan, cleo}, new([][]string)},
		{"append of full reads", testSpec(spec.Append, false), runs, []testRow{ann, bob, dan, newer, cleo, dan}, new([][]string)},
		{"replace", testSpec(spec.Replace, false), runs, []testRow{newer, cleo, dan}, new([][]string)},
		{"replace_on_new_data", testSpec(spec.ReplaceOnNewData, false), runs, []testRow{newer, cleo, dan}, new([][]string)},
		{"upsert", testSpec(spec.Upsert, true), runs, []testRow{ann, newer, cleo, dan}, new([][]string)},
	}
}

// tell runs a story from wherever it stands: it creates the table if need be, and does
// every run again under its own id, which is no work where the run is committed. Each run
// checkpoints after its first batch, and goes on from there.
func (s story) tell(w *Warehouse) error {
	run := Run{Address: "target.parquet.users", Lineage: "lin", Started: day, Spec: s.spec, Workspace: Workspace{ID: "w1"}}
	run.ID = "create"
	t, err := w.TableAt("crm/users")
	if errors.Is(err, ErrNoTable) {
		t, err = w.Create(Creation{Run: run, Path: "crm/users"})
	}
	if err != nil {
		return err
	}
	for i, batches := range s.runs {
		run.ID = fmt.Sprintf("run%d", i)
		if m, err := t.Manifest(int64(i) + 2); err == nil && m.Imported == run.ID {
			continue
		}
		if err := s.attempt(t, run, batches); err != nil && !errors.Is(err, ErrSlotDone) {
			return err
		}
	}
	return t.Publish()
}

func (s story) attempt(t *Table, run Run, batches [][]testRow) error {
	x, err := t.Begin(context.Background(), run)
	if err != nil {
		return err
	}
	from := 0
	if resume, _, ok := x.Resume(); ok {
		if _, err := fmt.Sscanf(string(resume), "batch %d", &from); err != nil {
			return err
		}
	}
	for i, b := range batches {
		if i < from {
			continue
		}
		err := x.Write(stream.Batch{Rows: rowsOf(b)})
		if err == nil && i+1 < len(batches) {
			err = x.Checkpoint(stream.Bookmark(fmt.Sprintf("batch %d", i+1)))
		}
		if err != nil {
			return errors.Join(err, x.Abort())
		}
	}
	_, err = x.Commit(Close{Bookmark: stream.Bookmark("after " + run.ID)})
	if err != nil {
		return errors.Join(err, x.Abort())
	}
	return nil
}

// rowsNow reads the table as a reader does, by the parts that the head names; nothing
// when there is no table yet.
func rowsNow(t *testing.T, w *Warehouse) ([]string, bool) {
	tbl, err := w.TableAt("crm/users")
	if err != nil {
		return nil, false
	}
	return dump(t, tbl), true
}

// every is how far apart the operations are that a test fails: each of them, and with
// -short one in so many.
func every(short int) int {
	if testing.Short() {
		return short
	}
	return 1
}

// Every operation of every mode fails in every way; afterwards a clean run ends with the
// right rows, and what was there in between was always a snapshot that some commit made.
func TestEveryOperationMayFail(t *testing.T) {
	step := every(41)
	for _, s := range stories() {
		s.snapshots(t)
		for k, way := range durabletest.Ways() {
			t.Run(s.name+"/"+string(way), func(t *testing.T) {
				t.Parallel()
				s.failing(t, way, 1+4*k%step, step, func() objects.Store { return nil })
			})
		}
	}
}

// The same of the disk that a mirror stands on.
func TestEveryOperationOfAMirrorMayFail(t *testing.T) {
	step := every(97)
	if !*long {
		step = max(step, 31)
	}
	for _, s := range stories() {
		s.snapshots(t)
		for k, way := range durabletest.Ways() {
			t.Run(s.name+"/"+string(way), func(t *testing.T) {
				t.Parallel()
				s.failing(t, way, 1+5*k%step, step, func() objects.Store { return objectstest.New(t) })
			})
		}
	}
}

// failing fails one operation in so many, each in a warehouse of its own.
func (s story) failing(t *testing.T, way durabletest.Way, first, step int, on func() objects.Store) {
	for n := first; ; n += step {
		h := &house{t: t, dir: scratch(t), clock: &clock{now: day}, store: on()}
		faults := &durabletest.Nth{N: n, Way: way}
		h.reopen(faults)
		err := s.tell(h.w)
		if !faults.Reached() {
			if err != nil {
				t.Fatal(err)
			}
			return
		}
		h.clock.now = h.clock.now.Add(time.Minute)
		h.reopen(nil)
		s.finish(t, h, fmt.Sprintf("operation %d", n))
	}
}

func (s story) finish(t *testing.T, h *house, after string) {
	t.Helper()
	if got, ok := rowsNow(t, h.w); ok {
		s.isSnapshot(t, got, after)
	}
	if err := s.tell(h.w); err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	tbl, err := h.w.TableAt("crm/users")
	if err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	same(t, dump(t, tbl), want(s.want...))
	sound(t, tbl)
	if m, _, err := tbl.head(); err != nil || m.Bookmark != stream.Bookmark(fmt.Sprintf("after run%d", len(s.runs)-1)) {
		t.Fatalf("after %s: the bookmark is %q, %v", after, m.Bookmark, err)
	}
	h.clock.now = time.Now().Add(3 * time.Hour)
	if err := tbl.swept(); err != nil {
		t.Fatalf("after %s: %v", after, err)
	}
	sound(t, tbl)
	noLitter(t, h, tbl)
}

func (t *Table) swept() error {
	lock, d, err := t.lock("test")
	if err != nil {
		return err
	}
	_, err = t.sweep(d)
	return errors.Join(err, lock.Release())
}

// snapshots is what readers see after each number of whole runs.
func (s story) snapshots(t *testing.T) [][]string {
	if s.seen != nil && *s.seen != nil {
		return *s.seen
	}
	var out [][]string
	for i := range len(s.runs) + 1 {
		h := &house{t: t, dir: scratch(t), clock: &clock{now: day}}
		h.reopen(nil)
		part := s
		part.runs = s.runs[:i]
		if err := part.tell(h.w); err != nil {
			t.Fatal(err)
		}
		rows, _ := rowsNow(t, h.w)
		out = append(out, rows)
	}
	if s.seen != nil {
		*s.seen = out
	}
	return out
}

// isSnapshot checks that rows are what some number of whole runs gives.
func (s story) isSnapshot(t *testing.T, got []string, after string) {
	t.Helper()
	if slices.ContainsFunc(s.snapshots(t), func(w []string) bool { return slices.Equal(w, got) }) {
		return
	}
	t.Fatalf("after %s readers see what no commit made: %v", after, got)
}

// noLitter checks that nothing is left but what the kept snapshots need.
func noLitter(t *testing.T, h *house, tbl *Table) {
	t.Helper()
	d, err := h.w.root()
	if err != nil {
		t.Fatal(err)
	}
	named, ranges := needed(t, tbl)
	if h.store != nil {
		noLitterInStore(t, tbl, named)
	}
	if _, err := d.Lstat(tbl.at("staging")); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("left over: staging (%v)", err)
	}
	for dir, allowed := range map[string]func(string) bool{
		"parts": func(n string) bool { return named[n] },
		"log":   func(n string) bool { _, ok := logNumber(n); return ok || ranges["log/"+n] }, "views": func(n string) bool { return len(n) >= 6 },
	} {
		entries, err := d.ReadDir(tbl.at(dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if !allowed(e.Name()) {
				t.Fatalf("left over: %s/%s", dir, e.Name())
			}
		}
	}
}

// needed names the parts and the files of ranges of the snapshots that are kept.
func needed(t *testing.T, tbl *Table) (parts, ranges map[string]bool) {
	t.Helper()
	head, _, err := tbl.head()
	if err != nil {
		t.Fatal(err)
	}
	snapshots, err := tbl.kept(head)
	if err != nil {
		t.Fatal(err)
	}
	parts, ranges = map[string]bool{}, map[string]bool{}
	for _, m := range snapshots {
		ranges[rangesName(m.Snapshot)] = true
		for _, p := range m.Parts {
			parts[p.Name] = true
		}
	}
	return parts, ranges
}

// The program stops before and after every named step.
func TestStoppedAtEveryStep(t *testing.T) {
	for _, s := range stories() {
		for _, step := range Steps() {
			for _, at := range []string{"before:" + step, "after:" + step} {
				s.stopped(t, at, nil)
				if step != StepView && step != StepSwap { // a store has neither
					s.stopped(t, at, objectstest.New(t))
				}
			}
		}
	}
}

func (s story) stopped(t *testing.T, at string, on objects.Store) {
	t.Helper()
	h := &house{t: t, dir: scratch(t), clock: &clock{now: day}, store: on}
	faults := &durabletest.AtStep{Step: at}
	h.reopen(faults)
	if err := s.tell(h.w); err == nil || !faults.Reached() {
		t.Fatalf("%s in %s: it did not stop: %v", at, s.name, err)
	}
	h.reopen(nil)
	s.finish(t, h, at)
}

// The power goes away after every operation, and takes what was not synced: one of 25
// choices of what that is, and with -long each of them.
func TestPowerLoss(t *testing.T) {
	const choices = 25
	seeds, step := uint64(1), every(53)
	if *long {
		seeds = choices
	}
	for _, s := range stories() {
		s.snapshots(t)
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := &house{t: t, dir: scratch(t), clock: &clock{now: day}}
			tape := &durabletest.Tape{Root: h.dir}
			h.reopen(tape)
			if err := s.tell(h.w); err != nil {
				t.Fatal(err)
			}
			for n := 1; n <= tape.Len(); n += step {
				for i := range seeds {
					seed := (uint64(n) + i) % choices
					after := &house{t: t, dir: scratch(t), clock: &clock{now: day.Add(time.Minute)}}
					if err := tape.PowerLoss(n, seed, after.dir); err != nil {
						t.Fatal(err)
					}
					after.reopen(nil)
					s.finish(t, after, fmt.Sprintf("operation %d, seed %d", n, seed))
				}
			}
		})
	}
}
