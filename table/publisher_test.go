package table

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// shelf is a Publisher that keeps what it shows in memory, and holds the warehouse to its
// word: when it is told to take a snapshot away, the parts of it are still there.
type shelf struct {
	t     *testing.T
	dir   string
	shut  bool              // it cannot be reached
	shown map[string]string // place -> rows and bookmark of the snapshot
	kept  map[int64][]Part
	asked int
}

func (s *shelf) Place(m Manifest) string {
	return m.Spec.Target.Block(spec.Catalog).String("name") + " " + m.Path
}

func (s *shelf) Show(sh Showing) error {
	s.asked++
	if s.shut {
		return errors.New("the shelf is shut")
	}
	for n, parts := range s.kept {
		for _, p := range parts {
			if _, err := os.Stat(filepath.Join(s.dir, homes, sh.Manifest.Table, "parts", p.Name)); err != nil {
				s.t.Errorf("snapshot %d was shown until now and lost its part: %v", n, err)
			}
		}
		if !slices.Contains(sh.Keep, n) {
			delete(s.kept, n)
		}
	}
	if sh.Last != "" && sh.Last != s.Place(sh.Manifest) {
		delete(s.shown, sh.Last)
	}
	s.kept[sh.Manifest.Snapshot] = sh.Manifest.Parts
	s.shown[s.Place(sh.Manifest)] = fmt.Sprintf("%d rows, %s", sh.Manifest.Rows, sh.Manifest.Bookmark)
	return nil
}

func (s *shelf) Hide(sh Showing) error {
	delete(s.shown, sh.Last)
	return nil
}

func (s *shelf) shows(place, want string) {
	s.t.Helper()
	if got := s.shown[place]; got != want {
		s.t.Errorf("%s shows %q, want %q", place, got, want)
	}
}

// shelved is a house whose table is shown on a shelf too.
func shelved(t *testing.T) (*house, *shelf, *Table) {
	h := newHouse(t, nil)
	s := &shelf{t: t, dir: h.dir, shown: map[string]string{}, kept: map[int64][]Part{}}
	h.w.o.Publisher = func(string) Publisher { return s }
	return h, s, h.create(testSpec(spec.Append, true, spec.Catalog, map[string]any{"name": "one"}, "retain", int64(0)))
}

// take imports rows, and says how far in its bookmark.
func (h *house) take(tbl *Table, rows ...testRow) error {
	m, err := tbl.Head()
	if err != nil {
		return err
	}
	_, err = load(tbl, h.run(m.Spec), Close{Bookmark: stream.Bookmark("after " + rows[len(rows)-1].Name)}, rows)
	return err
}

func TestACommitIsShownElsewhere(t *testing.T) {
	h, s, tbl := shelved(t)
	s.shows("one crm/users", "0 rows, ")
	if err := h.take(tbl, ann, bob); err != nil {
		t.Fatal(err)
	}
	s.shows("one crm/users", "2 rows, after Bob")
	before := s.asked
	if x, err := tbl.Begin(context.Background(), h.run(testSpec(spec.Append, true))); err != nil || x.Abort() != nil || s.asked != before {
		t.Errorf("what is shown was shown again, %d times: %v", s.asked-before, err)
	}
}

// What cannot be shown is committed all the same; plan sees it, and the next writer shows it.
func TestWhatIsNotShownIsSeenAndShownLater(t *testing.T) {
	h, s, tbl := shelved(t)
	s.shut = true
	var late *ErrUnpublished
	if err := h.take(tbl, ann); !errors.As(err, &late) {
		t.Fatalf("committed and not shown is %v", err)
	}
	if seen, err := h.w.Look(); err != nil || !seen.Tables[0].Pending || seen.Tables[0].Head.Rows != 1 {
		t.Fatalf("seen: %+v, %v", seen.Tables, err)
	}
	if err := h.take(tbl, bob); !errors.As(err, &late) {
		t.Fatalf("another commit that is not shown is %v", err)
	}
	s.shut = false
	if err := tbl.Publish(); err != nil {
		t.Fatal(err)
	}
	s.shows("one crm/users", "2 rows, after Bob")
	if seen, err := h.w.Look(); err != nil || seen.Tables[0].Pending {
		t.Errorf("shown, and seen as %+v, %v", seen.Tables, err)
	}
}

// Snapshots are taken off the shelf before their parts go.
func TestWhatIsRemovedIsNoLongerShown(t *testing.T) {
	h, s, tbl := shelved(t)
	for i, row := range []testRow{ann, bob, cleo, dan} {
		if err := h.take(tbl, row); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			h.clock.now = h.clock.now.Add(2 * time.Hour)
		}
	}
	h.clock.now = h.clock.now.Add(2 * time.Hour)
	if _, err := tbl.Prune(); err != nil {
		t.Fatal(err)
	}
	if len(s.kept) != 1 {
		t.Errorf("%d snapshots are shown, want the last one", len(s.kept))
	}
}

func TestAnotherCatalogShowsTheTable(t *testing.T) {
	h, s, tbl := shelved(t)
	if err := h.take(tbl, ann); err != nil {
		t.Fatal(err)
	}
	if _, err := tbl.Settle(h.run(spec.Spec{}), Settlement{Catalog: setting.Values{"name": "two"}}); err != nil {
		t.Fatal(err)
	}
	s.shows("two crm/users", "1 rows, after Ann")
	s.shows("one crm/users", "")
	if _, err := tbl.Settle(h.run(spec.Spec{}), Settlement{Path: "crm/people"}); err != nil {
		t.Fatal(err)
	}
	s.shows("two crm/people", "1 rows, after Ann")
	if err := tbl.Delete(h.run(spec.Spec{})); err != nil {
		t.Fatal(err)
	}
	if len(s.shown) != 0 {
		t.Errorf("a deleted table is shown: %v", s.shown)
	}
}
