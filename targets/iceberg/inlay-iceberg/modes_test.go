package main

import (
	"testing"
	"time"
)

// Every mode: what is imported is shown, snapshot for snapshot.
func TestModes(t *testing.T) {
	for _, mode := range []string{"append", "replace", "replace_on_new_data", "upsert"} {
		t.Run(mode, func(t *testing.T) {
			h := newHouse(t, `mode = "`+mode+`"
  time_column = "created_at"`+inSQLite)
			h.inlay(0, "apply", "-auto-approve")
			h.holds(h.shown("crm", "users"))
			before, _ := h.head()
			for range 3 {
				h.now = h.now.Add(3 * time.Hour)
				h.inlay(0, "run", "target.iceberg.users")
				h.holds(h.shown("crm", "users"))
			}
			if m, _ := h.head(); m.Snapshot == before.Snapshot {
				t.Fatal("nothing was imported in nine hours")
			}
			s := h.shown("crm", "users")
			if n := len(s.Metadata().Snapshots()); n != 3 {
				t.Errorf("the catalog has %d snapshots, and retain asks for the current one and two", n)
			}
		})
	}
}
