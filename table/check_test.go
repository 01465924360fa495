package table

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/spec"
)

func TestCheckFindsEveryDamage(t *testing.T) {
	flip := func(name string, at int) func(t *testing.T, home string) {
		return func(t *testing.T, home string) {
			path := first(t, home, name)
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if at < 0 {
				at += len(data)
			}
			data[at] ^= 1
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	remove := func(name string) func(t *testing.T, home string) {
		return func(t *testing.T, home string) {
			if err := os.RemoveAll(first(t, home, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	cut := func(t *testing.T, home string) {
		path := first(t, home, "parts/*")
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, 100); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, home string)
		says   string
	}{
		{"missing part", remove("parts/*"), "missing"},
		{"flipped byte at the start", flip("parts/*", 10), "checksum"},
		{"flipped byte at the end", flip("parts/*", -1), "checksum"},
		{"torn part", cut, "bytes"},
		{"gap in the log", remove("log/000002.json"), "gap"},
		{"first manifest gone", remove("log/000001.json"), "gap"},
		{"flipped byte in a manifest", flip("log/000002.json", 40), "not what was written"},
		{"flipped byte in the head", flip("log/000004.json", 40), "not what was written"},
		{"manifest cut", func(t *testing.T, home string) {
			if err := os.Chmod(filepath.Join(home, "log/000003.json"), 0o644); err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(filepath.Join(home, "log/000003.json"), 50); err != nil {
				t.Fatal(err)
			}
		}, "not a whole manifest"},
		{"flipped byte in the ranges", flip("log/000004.ranges", 40), "not what was written"},
		{"view gone", remove("views/*4"), "snapshot"},
		{"part gone from the view", remove("views/*4/*/*/*.parquet"), "lacks"},
		{"stranger in the view", func(t *testing.T, home string) {
			dir := filepath.Dir(first(t, home, "views/*4/*/*/*.parquet"))
			if err := os.WriteFile(filepath.Join(dir, "x.parquet"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}, "belongs to no part"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			s := testSpec(spec.Append, true)
			tbl := h.create(s)
			for _, r := range []testRow{ann, bob, dan} {
				h.load(tbl, s, []testRow{r})
			}
			sound(t, tbl)
			c.damage(t, filepath.Join(h.dir, homes, tbl.id))
			damage, err := tbl.Check(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, d := range damage {
				all = append(all, d.String())
			}
			if !strings.Contains(strings.Join(all, "\n"), c.says) {
				t.Fatalf("found %q", all)
			}
		})
	}
}

func first(t *testing.T, home, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(home, pattern))
	if err != nil || len(found) == 0 {
		t.Fatalf("%s: %v %v", pattern, found, err)
	}
	return found[0]
}

func TestADamagedViewIsBuiltAgain(t *testing.T) {
	for _, pattern := range []string{"views/*2", "views/*2/*/*/*.parquet"} {
		h := newHouse(t, nil)
		s := testSpec(spec.Append, true)
		tbl := h.create(s)
		h.load(tbl, s, []testRow{ann, bob})
		if err := os.RemoveAll(first(t, filepath.Join(h.dir, homes, tbl.id), pattern)); err != nil {
			t.Fatal(err)
		}
		if err := tbl.Publish(); err != nil {
			t.Fatal(err)
		}
		sound(t, tbl)
	}
}

// TestCheckKnowsWhichKeysMayRepeat makes tables in which a full append left copies, before
// and after the target reads another way, and one in which a key really stands twice.
func TestCheckKnowsWhichKeysMayRepeat(t *testing.T) {
	full, fresh, upsert := testSpec(spec.Append, false), testSpec(spec.Append, true), testSpec(spec.Upsert, true)
	byUpdate := testSpec(spec.Append, true)
	byUpdate.Cursor = "updated_at"
	twice := func(t *testing.T, tbl *Table) {
		m, hash, err := tbl.head()
		if err != nil {
			t.Fatal(err)
		}
		d, err := tbl.root()
		if err != nil {
			t.Fatal(err)
		}
		p := m.Parts[0]
		p.Name = "again.parquet"
		if err := d.Link(tbl.at("parts/"+m.Parts[0].Name), tbl.at("parts/"+p.Name)); err != nil {
			t.Fatal(err)
		}
		m.Number, m.Snapshot, m.Parts = m.Number+1, m.Number+1, append(slices.Clone(m.Parts), p)
		if _, _, err := tbl.commitManifest(m, hash); err != nil {
			t.Fatal(err)
		}
		if err := tbl.Publish(); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name  string
		first spec.Spec // imports ann twice, the second time newer
		then  func(t *testing.T, h *house, tbl *Table)
		found bool
	}{
		{"full append", full, nil, false},
		{"full append, then incremental", full, func(t *testing.T, h *house, tbl *Table) { h.load(tbl, fresh, []testRow{bob}) }, false},
		{"full append, then settings alone", full, func(t *testing.T, h *house, tbl *Table) {
			if _, err := tbl.Settle(h.run(fresh), Settlement{}); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"what changed, then what is new", byUpdate, func(t *testing.T, h *house, tbl *Table) { h.load(tbl, fresh, []testRow{bob}) }, false},
		{"incremental", fresh, nil, false},
		{"upsert", upsert, nil, false},
		{"incremental and broken", fresh, func(t *testing.T, h *house, tbl *Table) { twice(t, tbl) }, true},
		{"upsert and broken", upsert, func(t *testing.T, h *house, tbl *Table) { twice(t, tbl) }, true},
		{"full append, one per key, and broken", full, func(t *testing.T, h *house, tbl *Table) {
			if _, err := tbl.Rewrite(context.Background(), h.run(upsert)); err != nil {
				t.Fatal(err)
			}
			twice(t, tbl)
		}, true},
		{"full append, and back before one per key", full, func(t *testing.T, h *house, tbl *Table) {
			if _, err := tbl.Rewrite(context.Background(), h.run(upsert)); err != nil {
				t.Fatal(err)
			}
			if _, err := tbl.Rollback(3, h.run(full)); err != nil {
				t.Fatal(err)
			}
			h.load(tbl, fresh, []testRow{bob})
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			tbl := h.create(c.first)
			h.load(tbl, c.first, []testRow{ann})
			h.load(tbl, c.first, []testRow{with(ann, ann.Updated+1, "Anna")})
			if c.then != nil {
				c.then(t, h, tbl)
			}
			damage, err := tbl.Check(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			if got := len(damage) == 1 && strings.Contains(damage[0].What, "more than once"); got != c.found || !c.found && len(damage) > 0 {
				t.Errorf("found %v", damage)
			}
		})
	}
}

func FuzzManifest(f *testing.F) {
	data, err := encodeManifest(Manifest{Format: 1, Table: "AAA", Number: 1, Spec: testSpec(spec.Append, true), Columns: testColumns, Parts: []Part{{Name: "x"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		m, err := decodeManifest(in, nil)
		if err != nil {
			return
		}
		if _, err := encodeManifest(m); err != nil {
			t.Fatal(err)
		}
	})
}
