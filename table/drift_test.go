package table

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/spec"
)

// lookOnce is what one look sees of the one table there is.
func lookOnce(t *testing.T, h *house) SeenTable {
	t.Helper()
	seen, err := h.w.Look()
	if err != nil || len(seen.Tables) != 1 {
		t.Fatalf("%d tables, %v", len(seen.Tables), err)
	}
	return seen.Tables[0]
}

func TestLookSeesDrift(t *testing.T) {
	edit := func(pattern string, do func(path string) error) func(t *testing.T, home string) {
		return func(t *testing.T, home string) {
			if err := do(first(t, home, pattern)); err != nil {
				t.Fatal(err)
			}
		}
	}
	longer := func(path string) error {
		if err := os.Chmod(path, 0o644); err != nil {
			return err
		}
		st, err := os.Stat(path)
		if err != nil {
			return err
		}
		return os.Truncate(path, st.Size()+1)
	}
	put := func(more string) func(path string) error { // another file of that name
		return func(path string) error {
			data, err := os.ReadFile(path)
			if err == nil {
				err = os.Remove(path)
			}
			if err != nil {
				return err
			}
			return os.WriteFile(path, append(data, more...), 0o444)
		}
	}
	beside := func(path string) error {
		return os.WriteFile(filepath.Join(filepath.Dir(path), "mine.parquet"), []byte("mine"), 0o644)
	}
	const shown = "views/000002*/*/*/*.parquet"
	for _, c := range []struct {
		name          string
		do            func(t *testing.T, home string)
		damage, drift string
	}{
		{"nothing", func(*testing.T, string) {}, "", ""},
		{"part deleted", edit("parts/*", os.Remove), "is missing (", ""},
		{"all parts deleted", edit("parts", os.RemoveAll), "is missing (", ""},
		{"part edited", edit("parts/*", longer), "was written with", ""},
		{"part edited where readers see it", edit(shown, longer), "was written with", ""},
		{"link deleted", edit(shown, os.Remove), "", "readers do not see the part"},
		{"link replaced", edit(shown, put("more")), "", "which inlay did not write"},
		{"copied without links", edit(shown, put("")), "", ""},
		{"file added", edit(shown, beside), "", "mine.parquet, which inlay did not write"},
		{"folder added", edit("views/000002*", func(path string) error { return os.Mkdir(path+"/x", 0o755) }), "", "readers see x, which does not belong there"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			s := testSpec(spec.Append, true)
			tbl := h.create(s)
			h.load(tbl, s, many(0, 40))
			c.do(t, filepath.Join(h.dir, ".inlay", tbl.ID()))
			seen := lookOnce(t, h)
			says(t, "damage", seen.Damage, c.damage)
			says(t, "drift", seen.Drift, c.drift)
			if c.damage != "" {
				return
			}
			if err := tbl.Publish(); err != nil {
				t.Fatal(err)
			}
			seen = lookOnce(t, h)
			says(t, "drift after publishing", seen.Drift, "")
			sound(t, tbl)
		})
	}
}

func says(t *testing.T, what string, got []string, want string) {
	t.Helper()
	if text := strings.Join(got, "; "); (want == "") != (text == "") || !strings.Contains(text, want) {
		t.Errorf("%s is %q, which should say %q", what, text, want)
	}
}

// TestLookWhileCommitting: what a look meets half way is no drift.
func TestLookWhileCommitting(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Upsert, true)
	tbl := h.create(s)
	says(t, "drift of an empty table", lookOnce(t, h).Drift, "")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 15 {
			if _, err := load(tbl, h.run(s), Close{}, many(i, 30)); err != nil {
				t.Error(err)
			}
		}
	}()
	for {
		seen := lookOnce(t, h)
		says(t, "damage", seen.Damage, "")
		says(t, "drift", seen.Drift, "")
		select {
		case <-done:
			return
		default:
		}
	}
}

// BenchmarkLookAtParts looks at tables of a few partitions, each with a part.
func BenchmarkLookAtParts(b *testing.B) {
	h := newHouse(b, nil)
	s := testSpec(spec.Replace, false)
	const tables = 200
	for i := range tables {
		tbl, err := h.w.Create(Creation{Run: h.run(s), Path: fmt.Sprintf("crm/t%05d", i)})
		if err != nil {
			b.Fatal(err)
		}
		h.load(tbl, s, many(i, 30))
	}
	for b.Loop() {
		if seen, err := h.w.Look(); err != nil || len(seen.Tables) != tables || len(seen.Tables[0].Drift) > 0 {
			b.Fatal(err)
		}
	}
}

// TestAViewIsSettled: a view that nobody touched says so by its folders' times, and a look
// need not read them.
func TestAViewIsSettled(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	tbl := h.create(s)
	m := h.load(tbl, s, many(0, 40))
	link, err := os.Lstat(filepath.Join(h.dir, m.Path))
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Join(h.dir, homes, tbl.ID())
	for _, pattern := range []string{"views/000002*/*", "views/000002*/*/*=*"} {
		st, err := os.Stat(first(t, home, pattern))
		if err != nil {
			t.Fatal(err)
		}
		if by := link.ModTime().Sub(st.ModTime()); by < backdated/2 {
			t.Errorf("%s was changed %v before the link was made", pattern, by)
		}
	}
}
