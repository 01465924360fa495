package table

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/spec"
)

// empty is a house without a table, on disk or on a store.
func empty(t *testing.T, far bool) *house {
	if far {
		return newFar(t)
	}
	return newHouse(t, nil)
}

// A copy holds up, has the whole history, and can be gone on with from either side.
func TestACopyIsTheTable(t *testing.T) {
	for name, c := range map[string]struct{ from, to bool }{
		"disk to store": {false, true}, "store to disk": {true, false}, "store to store": {true, true}, "disk to disk": {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := testSpec(spec.Upsert, true)
			from, to := empty(t, c.from), empty(t, c.to)
			tbl := from.create(s)
			from.load(tbl, s, []testRow{ann, bob})
			from.load(tbl, s, []testRow{with(bob, bob.Updated+5, "Bobby"), cleo})
			copied, err := tbl.CopyTo(context.Background(), to.w)
			if err != nil || copied.Commits != 3 || copied.Parts == 0 || copied.Head.Number != 3 {
				t.Fatalf("%+v %v", copied, err)
			}
			there := to.at(t)
			same(t, dump(t, there), dump(t, tbl))
			sound(t, there)
			if !c.to {
				if _, err := os.Stat(filepath.Join(to.dir, "crm/users")); err != nil {
					t.Error(err)
				}
			}
			again, err := tbl.CopyTo(context.Background(), to.w)
			if err != nil || again.Commits != 0 || again.Parts != 0 {
				t.Errorf("copied again: %+v %v", again, err)
			}
			from.load(tbl, s, []testRow{dan})
			if again, err = tbl.CopyTo(context.Background(), to.w); err != nil || again.Commits != 1 {
				t.Errorf("copied the rest: %+v %v", again, err)
			}
			if _, err := there.Rollback(2, Run{ID: "back", Lineage: "lin"}); err != nil {
				t.Error(err)
			}
			same(t, dump(t, there), want(ann, bob))
			from.load(tbl, s, []testRow{bob})
			var diverged *ErrDiverged
			if _, err := tbl.CopyTo(context.Background(), to.w); !errors.As(err, &diverged) {
				t.Errorf("got %v", err)
			}
			sound(t, there)
		})
	}
}

// What stands at the path in the other warehouse stays.
func TestACopyTakesNoPath(t *testing.T) {
	for _, far := range []bool{false, true} {
		s := testSpec(spec.Append, true)
		from, to := newHouse(t, nil), empty(t, far)
		tbl, other := from.create(s), to.create(s)
		to.load(other, s, []testRow{ann})
		var taken *ErrPathTaken
		if _, err := tbl.CopyTo(context.Background(), to.w); !errors.As(err, &taken) {
			t.Errorf("got %v", err)
		}
		same(t, dump(t, to.at(t)), want(ann))
	}
}

// A damaged part is not copied.
func TestACopyProvesWhatItCopies(t *testing.T) {
	s := testSpec(spec.Append, true)
	h := newHouse(t, nil)
	tbl := h.create(s)
	m := h.load(tbl, s, []testRow{ann})
	file := filepath.Join(h.dir, tbl.at("parts/"+m.Parts[0].Name))
	data, err := os.ReadFile(file)
	if err == nil {
		data[len(data)/2] ^= 1
		err = errors.Join(os.Remove(file), os.WriteFile(file, data, 0o444))
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, far := range []bool{false, true} {
		var damaged *ErrDamaged
		if _, err := tbl.CopyTo(context.Background(), empty(t, far).w); !errors.As(err, &damaged) {
			t.Errorf("got %v", err)
		}
	}
}

// Every operation of the store that is copied to fails; the next copy makes it whole.
func TestAStoppedCopyIsGoneOnWith(t *testing.T) {
	step := every(7)
	s := testSpec(spec.Upsert, true)
	from := newHouse(t, nil)
	tbl := from.create(s)
	from.load(tbl, s, []testRow{ann, bob})
	from.load(tbl, s, []testRow{bob, cleo, dan})
	for _, done := range []bool{false, true} {
		for n := 1; ; n += step {
			to := &house{t: t, dir: scratch(t), clock: &clock{now: day.Add(time.Minute)}}
			store := objectstest.New(t)
			faults := &objectstest.Faults{Store: store, Nth: int64(n), Done: done, All: n%2 == 0}
			to.store = faults
			to.reopen(nil)
			_, err := tbl.CopyTo(context.Background(), to.w)
			if faults.Ops() < int64(n) {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			to.store = store
			to.reopen(nil)
			if _, err := tbl.CopyTo(context.Background(), to.w); err != nil {
				t.Fatalf("after operation %d: %v", n, err)
			}
			there := to.at(t)
			same(t, dump(t, there), want(ann, bob, cleo, dan))
			sound(t, there)
		}
	}
}
