package table

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// checkpointed stages four times a thousand rows of each of two months, a checkpoint after
// each, and commits. After the second, it goes on as another process would, if asked to.
func checkpointed(t *testing.T, tbl *Table, r Run, resumed bool, change func(*testRow)) []testRow {
	t.Helper()
	x, err := tbl.Begin(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	var all []testRow
	for part := range 4 {
		var list []testRow
		for i := range 2000 {
			row := testRow{
				ID: fmt.Sprintf("%d-%04d", part, i), Created: 1_750_000_000 + int64(i%2)*40*86400, Updated: 1_790_000_000,
				Name: fmt.Sprintf("name %d", i%(20*(part+1))), Tags: []string{"a", fmt.Sprint("b", part)}, Plan: "pro",
			}
			change(&row)
			list = append(list, row)
		}
		all = append(all, list...)
		if err := x.Write(stream.Batch{Rows: rowsOf(list)}); err != nil {
			t.Fatal(err)
		}
		if err := x.Checkpoint(stream.Bookmark(fmt.Sprint("page ", part))); err != nil {
			t.Fatal(err)
		}
		if part == 1 && resumed {
			if err := x.Abort(); err != nil {
				t.Fatal(err)
			}
			if x, err = tbl.Begin(context.Background(), r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := x.Commit(Close{}); err != nil {
		t.Fatal(err)
	}
	return all
}

// groups counts the groups of rows of a table's parts, by partition, and tells whether
// all parts were made of staged pages.
func groups(t *testing.T, h *house, tbl *Table) (map[string]int, bool) {
	t.Helper()
	m, _, err := tbl.head()
	if err != nil {
		t.Fatal(err)
	}
	d, err := h.w.root()
	if err != nil {
		t.Fatal(err)
	}
	out, staged := map[string]int{}, true
	for _, p := range m.Parts {
		f, err := openPart(d, tbl.at("parts/"+p.Name), true)
		if err != nil {
			t.Fatal(err)
		}
		out[p.Partition] += len(f.pq.RowGroups())
		staged = staged && strings.Contains(p.Name, "-s0")
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out, staged
}

func TestStagedPagesBecomeParts(t *testing.T) {
	for name, c := range map[string]struct {
		resumed, staged bool
		groups          int
	}{
		"in one go":              {false, true, 1},
		"in another process too": {true, false, 1}, // two small families are one part
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, nil)
			s := testSpec(spec.Replace, false)
			tbl, r := h.create(s), h.run(s)
			all := checkpointed(t, tbl, r, c.resumed, func(*testRow) {})
			same(t, dump(t, tbl), want(all...))
			sound(t, tbl)
			got, staged := groups(t, h, tbl)
			if len(got) != 2 || staged != c.staged {
				t.Errorf("parts made of staged pages: %v, of %v", staged, got)
			}
			for partition, n := range got {
				if n != c.groups {
					t.Errorf("%s has %d groups of rows", partition, n)
				}
			}
		})
	}
}

// TestWhatARowSaidBeforeIsNotInADictionary stages a row that a later one of its key takes
// the place of: its name is in no file of the table.
func TestWhatARowSaidBeforeIsNotInADictionary(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Replace, false, "compression", "none")
	tbl := h.create(s)
	checkpointed(t, tbl, h.run(s), false, func(row *testRow) {
		if row.ID == "0-0007" {
			row.Name = "the first name of all"
		}
		if row.ID == "3-0007" {
			row.ID, row.Updated, row.Name = "0-0007", row.Updated+5, "the second name of all"
		}
	})
	sound(t, tbl)
	files, err := filepath.Glob(filepath.Join(h.dir, "crm/users/*/*/*.parquet"))
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	second := false
	for _, file := range files {
		b := readAll(t, file)
		second = second || bytes.Contains(b, []byte("the second name of all"))
		if bytes.Contains(b, []byte("the first name of all")) {
			t.Errorf("%s holds what the row said before", filepath.Base(file))
		}
	}
	if !second {
		t.Error("no file holds what the row says now")
	}
}

func readAll(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
