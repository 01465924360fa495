package main

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// A process that dies between the manifest and the catalog has committed: the catalog shows the
// snapshot before, whole, plan sees what is missing without asking anybody, and the next
// command shows it. Dying after the catalog, before that is written down, costs nothing.
func TestKilledBetweenManifestAndCatalog(t *testing.T) {
	for _, at := range []string{"after:manifest-linked", "after:link-swapped", "before:shown-elsewhere", "after:shown-elsewhere"} {
		t.Run(at, func(t *testing.T) {
			h := newHouse(t, `mode = "replace"`+inSQLite)
			h.inlay(0, "apply", "-auto-approve")
			before, _ := h.head()
			h.now = h.now.Add(3 * time.Hour)
			h.killed(at, "run", "target.iceberg.users")
			if m, _ := h.head(); m.Number == before.Number {
				t.Fatal("it was killed before it had committed")
			}
			if out := h.inlay(2, "plan", "-detailed-exitcode"); !strings.Contains(out, "not published") {
				t.Errorf("the plan says\n%s", out)
			}
			h.shownIs(at == "after:shown-elsewhere")
			h.inlay(0, "apply", "-auto-approve")
			h.holds(h.shown("crm", "users"))
			if n := len(h.shown("crm", "users").Metadata().Snapshots()); n != 2 {
				t.Errorf("the catalog has %d snapshots, want one for each of ours", n)
			}
			h.inlay(0, "plan", "-detailed-exitcode")
		})
	}
}

// shownIs holds that the catalog shows one of our snapshots, the newest or the one before it.
func (h *house) shownIs(newest bool) {
	h.t.Helper()
	m, _ := h.head()
	s := h.shown("crm", "users").CurrentSnapshot()
	if is := s != nil && s.Summary.Properties["inlay.manifest"] == strconv.FormatInt(m.Number, 10); is != newest {
		h.t.Errorf("the catalog shows the newest snapshot: %t, want %t", is, newest)
	}
}
