package table

import (
	"os"
	"testing"

	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/spec"
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
