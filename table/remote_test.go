package table

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// newFar is a house whose warehouse stands on an object store.
func newFar(t testing.TB) *house {
	h := &house{t: t, dir: scratch(t), clock: &clock{now: day}, store: objectstest.New(t)}
	h.reopen(nil)
	return h
}

// beside is another mirror of the same store.
func (h *house) beside() *house {
	other := &house{t: h.t, dir: scratch(h.t), clock: h.clock, store: h.store}
	other.reopen(nil)
	return other
}

func TestTwoMirrorsAreOneWarehouse(t *testing.T) {
	for _, s := range []spec.Spec{testSpec(spec.Append, true), testSpec(spec.Replace, false), testSpec(spec.Upsert, true)} {
		a := newFar(t)
		b := a.beside()
		one := a.create(s)
		a.load(one, s, []testRow{ann, bob})
		two, err := b.w.TableAt("crm/users")
		if err != nil {
			t.Fatal(err)
		}
		same(t, dump(t, two), want(ann, bob))
		b.runs = 100
		b.load(two, s, []testRow{ann, bob, cleo})
		if err := os.RemoveAll(a.dir); err != nil {
			t.Fatal(err)
		}
		a.load(one, s, []testRow{ann, bob, cleo, dan})
		for _, tbl := range []*Table{one, two} {
			same(t, dump(t, tbl), want(ann, bob, cleo, dan))
			sound(t, tbl)
		}
		bare := a.beside()
		seen, err := bare.w.Look()
		if err != nil || len(seen.Tables) != 1 || seen.Tables[0].Head.Rows != 4 || seen.Tables[0].Damage != nil {
			t.Fatalf("%+v %v", seen, err)
		}
		if left, err := os.ReadDir(bare.dir); err != nil || len(left) > 0 {
			t.Errorf("looking made %v, %v", left, err)
		}
	}
}

// at finds the table in a mirror.
func (h *house) at(t testing.TB) *Table {
	t.Helper()
	tbl, err := h.w.TableAt("crm/users")
	if err != nil {
		t.Fatal(err)
	}
	return tbl
}

// Three workers without a lease commit to one table at once, from mirrors of their own:
// every row is there once.
func TestThreeWorkersOnOneStore(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	for _, s := range []spec.Spec{testSpec(spec.Append, true), testSpec(spec.Upsert, true), testSpec(spec.Replace, false), testSpec(spec.Append, false)} {
		h := newFar(t)
		h.create(s)
		var rows []testRow
		var all sync.WaitGroup
		for worker := range 3 {
			mirror := h.beside()
			tbl := mirror.at(t)
			for round := range rounds {
				rows = append(rows, testRow{ID: fmt.Sprintf("%d-%02d", worker, round), Created: ann.Created, Updated: 7})
			}
			own := slices.Clone(rows[len(rows)-rounds:])
			all.Go(func() {
				for i, row := range own {
					r := Run{ID: row.ID, Address: "target.parquet.users", Lineage: "lin", Started: day, Spec: s, Workspace: Workspace{ID: "w1"}}
					batch := []testRow{row, ann}
					if s.Mode() == spec.Replace {
						batch = own[:i+1]
					}
					if err := commitUnlocked(tbl, r, batch); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		tbl := h.at(t)
		sound(t, tbl)
		got := dump(t, tbl)
		switch {
		case s.Mode() == spec.Replace:
			wins := func(worker int) bool {
				return slices.Equal(got, want(rows[worker*rounds:(worker+1)*rounds]...))
			}
			if !wins(0) && !wins(1) && !wins(2) {
				t.Errorf("what stands there is not the last read of one worker: %v", got)
			}
		case s.Incremental():
			same(t, got, want(append(rows, ann)...))
		default:
			same(t, got, want(append(rows, slices.Repeat([]testRow{ann}, 3*rounds)...)...))
		}
		m, err := tbl.Head()
		if err != nil || m.Number != int64(3*rounds)+1 {
			t.Errorf("%d commits were made of %d runs, %v", m.Number-1, 3*rounds, err)
		}
	}
}

// commitUnlocked imports as one does whose lease was broken, until it is done.
func commitUnlocked(tbl *Table, r Run, rows []testRow) error {
	for {
		x, err := beginUnlocked(tbl, r)
		if err == nil {
			err = x.Write(stream.Batch{Rows: rowsOf(rows)})
		}
		if err == nil {
			_, err = x.Commit(Close{Bookmark: "b"})
		}
		var lost *ErrSuperseded
		if !errors.As(err, &lost) {
			return err
		}
	}
}

// What happened meanwhile decides whether a run that lost its lease may merge with it.
func TestWhatAnOvertakenRunMergesWith(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		spec  spec.Spec
		other func(h *house, tbl *Table) error
		want  []testRow // nil: it may not
	}{
		"rows": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			_, err := load(tbl, h.run(testSpec(spec.Append, true)), Close{}, []testRow{bob, cleo})
			return err
		}, []testRow{ann, bob, cleo}},
		"a compaction": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			_, err := tbl.Compact(ctx, h.run(testSpec(spec.Append, true)))
			return err
		}, []testRow{ann, bob}},
		"a move": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			_, err := tbl.Settle(h.run(testSpec(spec.Append, true)), Settlement{Path: "crm/people"})
			return err
		}, []testRow{ann, bob}},
		"a newer read of everything": {testSpec(spec.Replace, false), func(h *house, tbl *Table) error {
			h.clock.now = h.clock.now.Add(time.Minute)
			_, err := load(tbl, h.run(testSpec(spec.Replace, false)), Close{}, []testRow{cleo})
			return err
		}, nil},
		"an erasure": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			_, err := tbl.Erase(ctx, []stream.Key{{bob.ID}}, h.run(testSpec(spec.Append, true)))
			return err
		}, nil},
		"a rollback": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			_, err := tbl.Rollback(1, h.run(testSpec(spec.Append, true)))
			return err
		}, nil},
		"another layout": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			_, err := tbl.Rewrite(ctx, h.run(testSpec(spec.Append, true, "partition", PartitionDay)))
			return err
		}, nil},
		"a deletion": {testSpec(spec.Append, true), func(h *house, tbl *Table) error {
			return tbl.Delete(h.run(testSpec(spec.Append, true)))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h := newFar(t)
			tbl := h.create(c.spec)
			h.load(tbl, c.spec, []testRow{ann})
			x, err := beginUnlocked(tbl, h.run(c.spec))
			if err != nil {
				t.Fatal(err)
			}
			if err := x.Write(stream.Batch{Rows: rowsOf([]testRow{ann, bob})}); err != nil {
				t.Fatal(err)
			}
			other := h.beside()
			other.runs = 50
			if err := c.other(other, other.at(t)); err != nil {
				t.Fatal(err)
			}
			before, err := tbl.Head()
			if err != nil {
				t.Fatal(err)
			}
			_, err = x.Commit(Close{})
			if c.want != nil {
				if err != nil {
					t.Fatal(err)
				}
				same(t, dump(t, tbl), want(c.want...))
				sound(t, tbl)
				return
			}
			var lost *ErrSuperseded
			if !errors.As(err, &lost) && !errors.Is(err, ErrDeleted) {
				t.Fatalf("got %v", err)
			}
			if after, err := tbl.Head(); err != nil || after.Number != before.Number {
				t.Errorf("commit %d, %v", after.Number, err)
			}
		})
	}
}

// A run goes on from its checkpoint on another machine, and not while its first machine
// has the lease.
func TestAnImportGoesOnElsewhere(t *testing.T) {
	for _, s := range []spec.Spec{testSpec(spec.Append, true), testSpec(spec.Replace, false), testSpec(spec.Upsert, true)} {
		h := newFar(t)
		run := h.run(s)
		x, err := h.create(s).Begin(context.Background(), run)
		if err == nil {
			err = errors.Join(x.Write(stream.Batch{Rows: rowsOf([]testRow{ann, bob})}), x.Checkpoint("page 2"), x.Write(stream.Batch{Rows: rowsOf([]testRow{cleo})}))
		}
		if err != nil {
			t.Fatal(err)
		}
		other := h.beside()
		tbl := other.at(t)
		seen, err := other.w.Look()
		if err != nil || len(seen.Tables[0].Staged) != 1 || !seen.Tables[0].Staged[0].Held || seen.Tables[0].Staged[0].Rows != 2 {
			t.Fatalf("%+v %v", seen.Tables, err)
		}
		_, err = tbl.Begin(context.Background(), run)
		var busy *ErrBusy
		if !errors.As(err, &busy) || !strings.Contains(busy.Holder, run.ID) {
			t.Fatalf("got %v", err)
		}
		h.clock.now = h.clock.now.Add(objects.LeaseTime)
		x, err = tbl.Begin(context.Background(), run)
		if err != nil {
			t.Fatal(err)
		}
		if at, rows, ok := x.Resume(); !ok || at != "page 2" || rows != 2 {
			t.Fatalf("%q %d %v", at, rows, ok)
		}
		if err := x.Write(stream.Batch{Rows: rowsOf([]testRow{bob, dan})}); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Commit(Close{Bookmark: "end"}); err != nil {
			t.Fatal(err)
		}
		same(t, dump(t, tbl), want(ann, bob, dan))
		sound(t, tbl)
		noLitterInStore(t, tbl, partsOf(t, tbl))
	}
}

func partsOf(t *testing.T, tbl *Table) map[string]bool {
	parts, _ := needed(t, tbl)
	return parts
}

// full is a disk that has no room for a manifest.
type full struct{}

func (full) Before(op durable.Op) error {
	if op.Kind == durable.OpLink && strings.HasSuffix(op.To, logName(2)) {
		return syscall.ENOSPC
	}
	return nil
}

// The disk of the mirror is full right behind the commit: it is done, and said to be.
func TestACommitThatTheMirrorMissed(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	h.create(s)
	h.reopen(full{})
	run := h.run(s)
	m, err := load(h.at(t), run, Close{}, []testRow{ann})
	var late *ErrUnpublished
	if !errors.As(err, &late) || m.Number != 2 || m.Rows != 1 {
		t.Fatalf("commit %d of %d rows, %v", m.Number, m.Rows, err)
	}
	h.reopen(nil)
	if _, err := h.at(t).Begin(context.Background(), run); !errors.Is(err, ErrSlotDone) {
		t.Errorf("got %v", err)
	}
	same(t, dump(t, h.at(t)), want(ann))
}

// A process that was killed leaves its lease: the next one of the same mirror takes it over.
func TestALeaseLeftBehindIsTakenOver(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	if err := x.lock.file.Release(); err != nil { // as the system does for a process that ends
		t.Fatal(err)
	}
	h.load(tbl, s, []testRow{ann})
	same(t, dump(t, tbl), want(ann))
}

// A writer stalls after its parts are in the store, and others commit and sweep: it loses
// nothing that it may still commit, and leaves nothing behind.
func TestASweepAgainstAStalledWriter(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true, "retain", int64(0))
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann})
	head, hash, err := tbl.head()
	if err != nil {
		t.Fatal(err)
	}
	stalled := head
	stalled.Number, stalled.Snapshot, stalled.Run = head.Number+1, head.Number+1, "stalled"
	put := func(number int64) string {
		name := fmt.Sprintf("%06d-stalled-001.parquet", number)
		if err := h.store.Put(tbl.key("parts/"+name), strings.NewReader("rows"), 4); err != nil {
			t.Fatal(err)
		}
		return tbl.key("parts/" + name)
	}
	mine := put(stalled.Number)
	h.clock.now = h.clock.now.Add(3 * time.Hour)
	if _, err := tbl.Prune(); err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.Stat(mine); err != nil {
		t.Errorf("a part that may be committed was swept: %v", err)
	}
	other := h.beside()
	other.runs = 10
	other.load(other.at(t), s, []testRow{bob})
	if _, err := h.store.Stat(mine); err == nil {
		t.Error("a part that nobody can commit any more is kept")
	}
	var lost *ErrSuperseded
	if _, _, err := tbl.commitManifest(stalled, hash); !errors.As(err, &lost) {
		t.Errorf("got %v", err)
	}
	sound(t, tbl)
}

// Many want one path at once: one has it, and the others are told whose it is.
func TestClaimsOfOnePath(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	var all sync.WaitGroup
	var mu sync.Mutex
	made := map[string]bool{}
	for i := range 6 {
		mirror := h.beside()
		all.Go(func() {
			r := Run{ID: fmt.Sprint("r", i), Address: fmt.Sprint("target.parquet.t", i), Lineage: "lin", Started: day, Spec: s}
			tbl, err := mirror.w.Create(Creation{Run: r, Path: "crm/users"})
			var taken *ErrPathTaken
			switch {
			case err == nil:
				mu.Lock()
				made[tbl.id] = true
				mu.Unlock()
			case !errors.As(err, &taken):
				t.Error(err)
			}
		})
	}
	all.Wait()
	if tbl := h.at(t); len(made) != 1 || !made[tbl.id] {
		t.Fatalf("%v were made, and %s stands there", made, tbl.id)
	}
}

// A table moves away, and another takes its path; a claim that never came to anything is
// in nobody's way.
func TestPathsChangeHands(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	first := h.create(s)
	owner := h.run(s)
	owner.Address = "target.parquet.other"
	var taken *ErrPathTaken
	if _, err := h.w.Create(Creation{Run: owner, Path: "crm/users"}); !errors.As(err, &taken) {
		t.Fatalf("got %v", err)
	}
	if _, err := first.Settle(h.run(s), Settlement{Path: "crm/people"}); err != nil {
		t.Fatal(err)
	}
	second, err := h.w.Create(Creation{Run: owner, Path: "crm/users"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Settle(owner, Settlement{Path: "crm/people"}); !errors.As(err, &taken) {
		t.Fatalf("got %v", err)
	}
	if err := first.Delete(h.run(s)); err != nil {
		t.Fatal(err)
	}
	standing, err := h.w.remote.standing("crm/people")
	if err != nil {
		t.Fatal(err)
	}
	if err := h.w.remote.put("crm/people", standing, claim{"ABSENT", 1, "stranger", "target.parquet.x"}); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Settle(owner, Settlement{Path: "crm/people"}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"crm/people": second.id, "crm/users": ""} {
		tbl, err := h.beside().w.TableAt(path)
		if want == "" && !errors.Is(err, ErrNoTable) || want != "" && (err != nil || tbl.id != want) {
			t.Errorf("%s: %v %v", path, tbl, err)
		}
	}
}

// What is wrong with the objects of a table is seen from any mirror.
func TestDamageInAStore(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(store objects.Store, tbl *Table, m Manifest) error
		seen bool // by a look, which reads no part
	}{
		"part gone": {func(s objects.Store, tbl *Table, m Manifest) error {
			return s.Delete(tbl.key("parts/" + m.Parts[0].Name))
		}, true},
		"part short": {func(s objects.Store, tbl *Table, m Manifest) error {
			return s.Put(tbl.key("parts/"+m.Parts[0].Name), strings.NewReader("x"), 1)
		}, true},
		"part of other bytes": {func(s objects.Store, tbl *Table, m Manifest) error {
			text := strings.Repeat("x", int(m.Parts[0].Bytes))
			return s.Put(tbl.key("parts/"+m.Parts[0].Name), strings.NewReader(text), m.Parts[0].Bytes)
		}, false},
		"gap in the log": {func(s objects.Store, tbl *Table, _ Manifest) error { return s.Delete(tbl.logKey(2)) }, false},
		"manifest of other bytes": {func(s objects.Store, tbl *Table, _ Manifest) error {
			return s.Put(tbl.logKey(2), strings.NewReader("{}"), 2)
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			h := newFar(t)
			s := testSpec(spec.Append, true)
			tbl := h.create(s)
			h.load(tbl, s, []testRow{ann})
			m := h.load(tbl, s, []testRow{bob})
			if err := c.harm(h.store, tbl, m); err != nil {
				t.Fatal(err)
			}
			for _, mirror := range []*house{h, h.beside()} {
				damage, err := mirror.at(t).Check(context.Background())
				if err != nil || len(damage) == 0 {
					t.Errorf("found %v, %v", damage, err)
				}
				seen, err := mirror.w.Look()
				if err != nil || len(seen.Tables) != 1 || (len(seen.Tables[0].Damage) > 0) != c.seen {
					t.Errorf("%+v %v", seen.Tables, err)
				}
			}
		})
	}
}

// What is wrong with a mirror alone is no damage, and is mended by a check.
func TestADamagedMirrorIsMended(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	m := h.load(tbl, s, []testRow{ann})
	for _, name := range []string{"parts/" + m.Parts[0].Name, logName(1)} {
		file := filepath.Join(h.dir, tbl.at(name))
		st, err := os.Stat(file)
		if err == nil {
			err = errors.Join(os.Remove(file), os.WriteFile(file, []byte(strings.Repeat("x", int(st.Size()))), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	sound(t, tbl)
	same(t, dump(t, tbl), want(ann))
}

// Many begin to use a mirror at once that is not there yet, or not any more.
func TestAMirrorIsMadeOnce(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	h.load(h.create(s), s, []testRow{ann})
	mirror := h.beside()
	for range 2 {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				tbl, err := mirror.w.TableAt("crm/users")
				if err == nil {
					_, err = tbl.Head()
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if err := os.RemoveAll(mirror.dir); err != nil {
			t.Fatal(err)
		}
	}
}

// A deleted table is gone from the store but for its log, and does not come back.
func TestADeletedTableOfAStore(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann})
	if err := h.beside().at(t).Delete(h.run(s)); err != nil {
		t.Fatal(err)
	}
	noLitterInStore(t, tbl, nil)
	if _, err := tbl.Begin(context.Background(), h.run(s)); !errors.Is(err, ErrDeleted) {
		t.Errorf("got %v", err)
	}
	seen, err := h.w.Look()
	if err != nil || len(seen.Tables) != 1 || !seen.Tables[0].Deleted || seen.Tables[0].Pending {
		t.Errorf("%+v %v", seen.Tables, err)
	}
	if again := h.create(s); again.id == tbl.id {
		t.Error("an id was used twice")
	}
}

// A mirror of a store that was emptied is none.
func TestAnEmptiedStore(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann})
	for o, err := range h.store.List("", "") {
		if err == nil {
			err = h.store.Delete(o.Key)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.w.Table(tbl.id); !errors.Is(err, ErrNoTable) {
		t.Errorf("got %v", err)
	}
	if left, err := os.ReadDir(filepath.Join(h.dir, homes, tbl.id, "log")); err != nil || len(left) > 0 {
		t.Errorf("%v is left of it, %v", left, err)
	}
}

// A log of many commits is looked at from its last milestone.
func TestALongLogIsReadFromItsEnd(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann})
	m, hash, err := tbl.head()
	if err != nil {
		t.Fatal(err)
	}
	for m.Number < 2*milestone+30 {
		m.Number++
		if m, hash, err = tbl.commitManifest(m, hash); err != nil {
			t.Fatal(err)
		}
	}
	listed := 0
	for o, err := range h.w.remote.skim(homes + "/") {
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(o.Key, "/log/") {
			listed++
		}
	}
	if listed != 31 { // those from the milestone on
		t.Errorf("%d of %d manifests were listed", listed, m.Number)
	}
	bare := h.beside()
	seen, err := bare.w.Look()
	if err != nil || len(seen.Tables) != 1 || seen.Tables[0].Head.Number != m.Number {
		t.Errorf("%+v %v", seen.Tables, err)
	}
	there := bare.at(t)
	if head, err := there.Head(); err != nil || head.Number != m.Number {
		t.Errorf("commit %d, %v", head.Number, err)
	}
	same(t, dump(t, there), want(ann))
	sound(t, there)
}

// Who looks at what a run has staged takes nothing from the run, on its machine and on
// another one.
func TestLookingAtStagedRowsElsewhere(t *testing.T) {
	h := newFar(t)
	s := testSpec(spec.Append, true)
	tbl, run := h.create(s), h.run(s)
	x, err := tbl.Begin(context.Background(), run)
	if err == nil {
		err = errors.Join(x.Write(stream.Batch{Rows: rowsOf([]testRow{ann})}), x.Checkpoint("page 2"), x.Write(stream.Batch{Rows: rowsOf([]testRow{bob})}))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, mirror := range []*house{h, h.beside()} {
		n := 0
		for rows, err := range mirror.at(t).StagedRows(context.Background(), run.ID, nil, 0) {
			if err != nil {
				t.Fatal(err)
			}
			n += rows.N
		}
		if n != 1 {
			t.Errorf("%d rows are staged", n)
		}
	}
	if _, err := x.Commit(Close{}); err != nil {
		t.Fatal(err)
	}
	same(t, dump(t, tbl), want(ann, bob))
}
