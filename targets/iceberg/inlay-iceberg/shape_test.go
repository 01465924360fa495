package main

import (
	"slices"
	"testing"

	ice "github.com/apache/iceberg-go"
	icetable "github.com/apache/iceberg-go/table"
)

func id(t *testing.T, s *icetable.Table, column string) int {
	t.Helper()
	f, ok := s.Schema().FindFieldByName(column)
	if !ok {
		t.Fatalf("the Iceberg table has no column %s", column)
	}
	return f.ID
}

// A column that is renamed keeps its id; one that goes or comes does so in the same snapshot as
// the files that lack or have it.
func TestColumnsComeGoAndAreRenamed(t *testing.T) {
	h := newHouse(t, `mode = "upsert"`+inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	before := h.shown("crm", "users")
	h.write(`mode = "upsert"
  columns = ["*", "-avatar", "-phone"]
  column "surname" { from = "owner_id" }
  column "plan" { from = "custom_attributes.plan" }` + inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	after := h.shown("crm", "users")
	h.holds(after)
	if was, is := id(t, before, "owner_id"), id(t, after, "surname"); was != is {
		t.Errorf("the renamed column had the id %d and has %d", was, is)
	}
	if _, ok := after.Schema().FindFieldByName("phone"); ok {
		t.Error("a column that was left out is still there")
	}
	if id(t, after, "plan") <= before.Metadata().LastColumnID() {
		t.Error("a new column has the id of another one")
	}
	if id(t, before, "email") != id(t, after, "email") {
		t.Error("a column that stayed has another id")
	}
	if n := len(after.Metadata().Snapshots()); n != 2 {
		t.Errorf("%d snapshots were made, want one for the import and one for the rewrite", n)
	}
}

// The transform of the time column is there where it is true, and only there.
func TestPartitions(t *testing.T) {
	h := newHouse(t, `time_column = "created_at"`+inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	for _, c := range []struct {
		settings, column string
		want             ice.Transform
	}{
		{`time_column = "created_at"`, "created_at", ice.MonthTransform{}},
		{`time_column = "created_at"
  partition = "day"`, "created_at", ice.DayTransform{}},
		{`time_column = "created_at"
  timezone = "Asia/Tokyo"`, "", nil},
		{`time_column = "updated_at"
  partition = "year"`, "updated_at", ice.YearTransform{}},
		{`time_column = "updated_at"
  partition = "none"`, "", nil},
	} {
		h.write(c.settings + inSQLite)
		h.inlay(0, "apply", "-auto-approve")
		s := h.shown("crm", "users")
		h.holds(s)
		spec := s.Spec()
		var got []ice.PartitionField
		for _, f := range spec.Fields() {
			got = append(got, f)
		}
		want := c.want == nil && len(got) == 0 || len(got) == 1 && got[0].Transform.Equals(c.want) && slices.Equal(got[0].SourceIDs, []int{id(t, s, c.column)})
		if !want {
			t.Errorf("%s: partitioned by %v", c.settings, got)
		}
	}
}
