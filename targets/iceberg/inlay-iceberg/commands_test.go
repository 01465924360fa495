package main

import (
	"strings"
	"testing"
	"time"
)

// What commands do to a table is shown as what imports do.
func TestCommands(t *testing.T) {
	h := newHouse(t, `mode = "upsert"`+inSQLite)
	h.inlay(0, "apply", "-auto-approve")
	h.now = h.now.Add(3 * time.Hour)
	h.inlay(0, "run", "target.iceberg.users")
	m, _ := h.head()
	for _, args := range [][]string{
		{"table", "compact", "target.iceberg.users"},
		{"table", "rollback", "target.iceberg.users", "2"},
		{"table", "erase", "target.iceberg.users", h.server.Workspace.Rows("users")[0]["id"].(string)},
	} {
		h.now = h.now.Add(time.Minute)
		h.inlay(0, args...)
		after, _ := h.head()
		if after.Snapshot == m.Snapshot {
			t.Errorf("%v changed no part", args)
		}
		m = after
		h.holds(h.shown("crm", "users"))
	}
	h.now = h.now.Add(2 * time.Hour)
	h.inlay(0, "table", "prune", "target.iceberg.users")
	s := h.shown("crm", "users")
	h.holds(s)
	if n := len(s.Metadata().Snapshots()); n != 1 {
		t.Errorf("the catalog has %d snapshots, and those before an erased row are not to be had", n)
	}
}

// A table without rows is there with its columns, and again when its rows go.
func TestAnEmptyTable(t *testing.T) {
	h := newHouse(t, `mode = "upsert"`+inSQLite)
	h.inlay(0, "table", "create", "target.iceberg.users")
	s := h.shown("crm", "users")
	if n := len(s.Schema().Fields()); n < 10 {
		t.Errorf("the empty table has %d columns", n)
	}
	h.inlay(0, "apply", "-auto-approve")
	h.holds(h.shown("crm", "users"))
}

// The program says what it knows more than inlay, and nothing else differs.
func TestTheProgramKnowsIceberg(t *testing.T) {
	h := newHouse(t, inSQLite)
	if out := h.inlay(0, "schema", "target.iceberg"); !strings.Contains(out, "catalog") {
		t.Errorf("schema says\n%s", out)
	}
}
