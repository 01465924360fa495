package table

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// The remembered folder is always the one that the civil time gives, also around changes
// of a zone's clock, and for times in any order.
func TestFoldersFollowCivilTime(t *testing.T) {
	zones := []string{"UTC", "Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Kathmandu"}
	formats := map[string]string{PartitionHour: "2006-01-02-15", PartitionDay: time.DateOnly, PartitionMonth: "2006-01", PartitionYear: "2006"}
	rapid.Check(t, func(rt *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(rt, "zone")
		grain := rapid.SampledFrom([]string{PartitionHour, PartitionDay, PartitionMonth, PartitionYear}).Draw(rt, "grain")
		l, err := newLayout(testSpec(spec.Append, true, "timezone", zone, "partition", grain))
		if err != nil {
			rt.Fatal(err)
		}
		loc, err := time.LoadLocation(zone)
		if err != nil {
			rt.Fatal(err)
		}
		d := newDays(l.part)
		at := rapid.Int64Range(-2_000_000_000, 4_000_000_000).Draw(rt, "from")
		for _, step := range rapid.SliceOfN(rapid.Int64Range(-200_000, 2_000_000), 1, 50).Draw(rt, "steps") {
			at += step
			want := "created_at_" + grain + "=" + time.Unix(at, 0).In(loc).Format(formats[grain])
			if got := d.at(at * 1e6); got != want {
				rt.Fatalf("%d in %s is in %s, want %s", at, zone, got, want)
			}
		}
	})
}

func TestTimesBeyondAllYearsHaveAFolder(t *testing.T) {
	l, err := newLayout(testSpec(spec.Append, true, "time_column", "size"))
	if err != nil {
		t.Fatal(err)
	}
	for v, want := range map[int64]string{1 << 62: "9999-12", -1 << 62: "0000-01", 0: "1970-01", 9007199254740993: "9999-12"} {
		if got := l.part.at(v); got != "size_month="+want {
			t.Errorf("%d is in %s", v, got)
		}
	}
}

func TestNovelCountsWhatTheTableLacks(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.ReplaceOnNewData, true)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann, bob})
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rows []testRow
		want int
	}{{nil, 0}, {[]testRow{ann, bob}, 0}, {[]testRow{ann, cleo, dan, cleo}, 2}} {
		if got, err := x.Novel(stream.Batch{Rows: rowsOf(c.rows)}); err != nil || got != c.want {
			t.Errorf("%d novel rows, want %d: %v", got, c.want, err)
		}
	}
	if err := x.Abort(); err != nil {
		t.Fatal(err)
	}
}

func TestRowsThatTheServiceNamedAsGone(t *testing.T) {
	h := newHouse(t, nil)
	s := testSpec(spec.Upsert, true, "deletes", DeletesRemove)
	tbl := h.create(s)
	h.load(tbl, s, []testRow{ann, bob, dan})
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Write(stream.Batch{Deleted: []stream.Key{{"a"}, {"d"}, {"nobody"}}}); err != nil {
		t.Fatal(err)
	}
	m, err := x.Commit(Close{})
	if err != nil || m.Counts.Deleted != 2 {
		t.Fatalf("%+v %v", m.Counts, err)
	}
	same(t, dump(t, tbl), want(bob))
	sound(t, tbl)
}

func TestViewsNameEveryLivingTable(t *testing.T) {
	users := Manifest{Parts: []Part{{Name: "000001-a.parquet"}, {Name: "000002-b.parquet"}}}
	sql := Views(Seen{Tables: []SeenTable{{Path: "crm/users", ID: "AAA", Head: users}, {Path: "crm/gone", Deleted: true}, {Path: "a/b", Head: Manifest{Columns: testColumns}}}}, "/it's/here")
	for _, want := range []string{`CREATE SCHEMA IF NOT EXISTS "a";`, `VIEW "crm"."users" AS`, `'/it''s/here/.inlay/AAA/parts/000001-a.parquet',`, `'/it''s/here/.inlay/AAA/parts/000002-b.parquet'`,
		`CAST(NULL AS STRUCT("plan" VARCHAR, "paid" BOOLEAN)) AS "more" WHERE false`} {
		if !strings.Contains(sql, want) {
			t.Errorf("%s is not in\n%s", want, sql)
		}
	}
	if strings.Contains(sql, "gone") {
		t.Error("a deleted table has a view")
	}
	for _, place := range []string{"s3://bucket/a", "s3://bucket/a/"} {
		if sql := Views(Seen{Tables: []SeenTable{{Path: "crm/users", ID: "AAA", Head: users}}}, place); !strings.Contains(sql, "'s3://bucket/a/.inlay/AAA/parts/000001-a.parquet'") {
			t.Errorf("at %s\n%s", place, sql)
		}
	}
}
