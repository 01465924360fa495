package table

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

func unix(y int, m time.Month, d int) int64 { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() }

var (
	ann  = testRow{ID: "a", Created: unix(2026, 10, 1), Updated: unix(2026, 10, 2), Name: "Ann", Tags: []string{"x", "", "y"}, Plan: "pro", Rest: `{"extra":1}`}
	bob  = testRow{ID: "b", Created: unix(2026, 11, 1), Updated: unix(2026, 11, 2), Name: "Bob", Tags: []string{}}
	cleo = testRow{ID: "c", Created: 0, Updated: unix(2026, 11, 2), Name: "Cleo", Plan: "free"}
	dan  = testRow{ID: "d", Created: unix(2025, 1, 31), Name: "Dan", Tags: []string{"z"}}
)

func with(r testRow, updated int64, name string) testRow {
	r.Updated, r.Name = updated, name
	return r
}

func TestModes(t *testing.T) {
	newer, older := with(bob, bob.Updated+5, "Bobby"), with(bob, bob.Updated-5, "Bo")
	for _, c := range []struct {
		name   string
		spec   spec.Spec
		runs   [][][]testRow // runs, batches, rows
		want   []testRow
		counts Counts // of the last run
	}{
		{"append incremental adds what is new", testSpec(spec.Append, true),
			[][][]testRow{{{ann, bob}}, {{bob, cleo}, {dan}}}, []testRow{ann, bob, cleo, dan}, Counts{Received: 3, Inserted: 2, Unchanged: 1}},
		{"append incremental leaves edits alone", testSpec(spec.Append, true),
			[][][]testRow{{{ann, bob}}, {{newer}}}, []testRow{ann, bob}, Counts{Received: 1, Unchanged: 1}},
		{"append of full reads adds a copy each run", testSpec(spec.Append, false),
			[][][]testRow{{{ann, bob}}, {{ann, newer}}}, []testRow{ann, bob, ann, newer}, Counts{Received: 2, Inserted: 2}},
		{"append within a run knows each key once", testSpec(spec.Append, false),
			[][][]testRow{{{older, newer}, {bob}}}, []testRow{newer}, Counts{Received: 3, Inserted: 1}},
		{"append by version keeps each version", byVersion(),
			[][][]testRow{{{bob}}, {{bob, newer}}}, []testRow{bob, newer}, Counts{Received: 2, Inserted: 1, Unchanged: 1}},
		{"replace", testSpec(spec.Replace, false),
			[][][]testRow{{{ann, bob}}, {{newer, cleo}}}, []testRow{newer, cleo}, Counts{Received: 2, Inserted: 2, Deleted: 2}},
		{"replace by nothing", testSpec(spec.Replace, false),
			[][][]testRow{{{ann, bob}}, {}}, nil, Counts{Deleted: 2}},
		{"replace_on_new_data by nothing", testSpec(spec.ReplaceOnNewData, false),
			[][][]testRow{{{ann, bob}}, {}}, []testRow{ann, bob}, Counts{}},
		{"replace_on_new_data", testSpec(spec.ReplaceOnNewData, false),
			[][][]testRow{{{ann, bob}}, {{cleo}}}, []testRow{cleo}, Counts{Received: 1, Inserted: 1, Deleted: 2}},
		{"upsert takes the newer", testSpec(spec.Upsert, true),
			[][][]testRow{{{ann, bob, cleo}}, {{newer, dan}}}, []testRow{ann, newer, cleo, dan}, Counts{Received: 2, Inserted: 1, Updated: 1}},
		{"upsert never takes the older", testSpec(spec.Upsert, true),
			[][][]testRow{{{ann, bob}}, {{older}}}, []testRow{ann, bob}, Counts{Received: 1, Unchanged: 1}},
		{"upsert takes the later of equals", testSpec(spec.Upsert, true),
			[][][]testRow{{{bob}}, {{with(bob, bob.Updated, "B")}}}, []testRow{with(bob, bob.Updated, "B")}, Counts{Received: 1, Updated: 1}},
		{"upsert sees what is equal", testSpec(spec.Upsert, true),
			[][][]testRow{{{ann, bob, cleo}}, {{ann, bob, cleo}}}, []testRow{ann, bob, cleo}, Counts{Received: 3, Unchanged: 3}},
		{"upsert without versions takes the later", testSpec(spec.Upsert, true),
			[][][]testRow{{{dan}}, {{with(dan, 0, "D")}, {with(dan, 0, "Danny")}}}, []testRow{with(dan, 0, "Danny")}, Counts{Received: 2, Updated: 1}},
		{"upsert in any order", testSpec(spec.Upsert, true),
			[][][]testRow{{{newer}, {older}, {bob}}}, []testRow{newer}, Counts{Received: 3, Inserted: 1}},
		{"upsert moves a row between partitions", testSpec(spec.Upsert, true),
			[][][]testRow{{{ann, bob}}, {{moved(bob)}}}, []testRow{ann, moved(bob)}, Counts{Received: 1, Updated: 1}},
		{"no partition", testSpec(spec.Upsert, true, "partition", "none"),
			[][][]testRow{{{ann, bob}}, {{newer, cleo}}}, []testRow{ann, newer, cleo}, Counts{Received: 2, Inserted: 1, Updated: 1}},
		{"sorted by a column", testSpec(spec.Append, true, "sort_by", []any{"name"}),
			[][][]testRow{{{dan, cleo}}, {{bob, ann}}}, []testRow{ann, bob, cleo, dan}, Counts{Received: 2, Inserted: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t, nil)
			tbl := h.create(c.spec)
			var m Manifest
			for _, run := range c.runs {
				m = h.load(tbl, c.spec, run...)
				sound(t, tbl)
			}
			same(t, dump(t, tbl), want(c.want...))
			if m.Counts != c.counts {
				t.Errorf("counts %+v, want %+v", m.Counts, c.counts)
			}
			if m.Rows != int64(len(c.want)) {
				t.Errorf("the manifest counts %d rows", m.Rows)
			}
		})
	}
}

func byVersion() spec.Spec {
	s := testSpec(spec.Append, true)
	s.Cursor = "updated_at"
	return s
}

func moved(r testRow) testRow {
	r.Created, r.Updated = unix(2024, 2, 29), r.Updated+1
	return r
}

func TestPartitionsAreFoldersOfCivilTime(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true, "timezone", "Asia/Tokyo")
	tbl := h.create(s)
	late := testRow{ID: "late", Created: time.Date(2026, 10, 31, 15, 0, 0, 0, time.UTC).Unix()} // November in Tokyo
	h.load(tbl, s, []testRow{ann, late, cleo})
	var folders []string
	err := filepath.WalkDir(tbl.Path(), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			rel, _ := filepath.Rel(tbl.Path(), filepath.Dir(path))
			folders = append(folders, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(folders, " "); got != "created_at_month=2026-10 created_at_month=2026-11 created_at_month=__HIVE_DEFAULT_PARTITION__" {
		t.Error(got)
	}
}

func TestUploadTimeIsKeptWhenARowIsUpdated(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Upsert, true, "time_column", "")
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann, bob})
	first := h.clock.now.UnixMicro()
	h.clock.now = h.clock.now.AddDate(0, 2, 0)
	m := h.load(tbl, s, []testRow{with(bob, bob.Updated+1, "Bobby"), cleo})
	second := h.clock.now.UnixMicro()
	same(t, dump(t, tbl, "name", "time"), []string{
		fmt.Sprintf("name=Ann;time=%d;", first), fmt.Sprintf("name=Bobby;time=%d;", first), fmt.Sprintf("name=Cleo;time=%d;", second)})
	for _, p := range m.Parts {
		if p.Partition != "time_month=2026-11" && p.Partition != "time_month=2027-01" {
			t.Errorf("partition %s", p.Partition)
		}
	}
	sound(t, tbl)
}

func TestATimeReadFromAnotherColumn(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true, "time_column", "", "time", map[string]any{"from": "name", "format": "date"}, "timezone", "Asia/Tokyo")
	tbl := h.create(s)
	h.load(tbl, s, []testRow{{ID: "1", Name: "2026-01-01"}, {ID: "2", Name: "someday"}})
	same(t, dump(t, tbl, "id", "time"), []string{fmt.Sprintf("id=1;time=%d;", time.Date(2025, 12, 31, 15, 0, 0, 0, time.UTC).UnixMicro()), "id=2;time=null0;"})
}

func TestARowWithoutItsKeyIsRefused(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Append, true)
	s.Key = []string{"id", "created_at"}
	tbl := h.create(s)
	_, err := load(tbl, h.run(s), Close{}, []testRow{ann, cleo})
	var row *ErrRow
	if !errors.As(err, &row) || row.Column != "created_at" {
		t.Fatalf("got %v", err)
	}
	h.load(tbl, s, []testRow{ann}, []testRow{ann, bob})
	same(t, dump(t, tbl), want(ann, bob))
}

func TestRowsGoneUpstream(t *testing.T) {
	whole := Close{Final: &stream.Final{Received: 1, Announced: 1, Whole: true}}
	for _, deletes := range []string{DeletesKeep, DeletesMark, DeletesRemove} {
		h := newHouse(t, nil)
		s := testSpec(spec.Upsert, false, "deletes", deletes, "max_shrink", 1.0)
		tbl := h.create(s)
		h.load(tbl, s, []testRow{ann, bob, dan})
		m, err := load(tbl, h.run(s), whole, []testRow{bob})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		switch deletes {
		case DeletesKeep:
			got = []string{"id=a;", "id=b;", "id=d;"}
		case DeletesRemove:
			got = []string{"id=b;"}
		case DeletesMark:
			mark := h.clock.now.UnixMicro()
			same(t, dump(t, tbl, "id", "_deleted_at"), []string{fmt.Sprintf("id=a;_deleted_at=%d;", mark), "id=b;_deleted_at=null0;", fmt.Sprintf("id=d;_deleted_at=%d;", mark)})
			again, err := load(tbl, h.run(s), whole, []testRow{bob})
			if err != nil || again.Snapshot != m.Snapshot {
				t.Errorf("marked rows were marked again: %v", err)
			}
			h.load(tbl, s, []testRow{ann})
			same(t, dump(t, tbl, "id", "_deleted_at")[:1], []string{"id=a;_deleted_at=null0;"})
			continue
		}
		same(t, dump(t, tbl, "id"), got)
	}
}
