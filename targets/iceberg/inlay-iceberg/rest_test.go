package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// onREST is a house whose table is shown in a REST catalog.
func onREST(t *testing.T) (*house, *restServer) {
	h := newHouse(t, inSQLite)
	s, url := serveREST(t, h.catalog())
	h.env["LAKE_TOKEN"] = restToken
	h.write(fmt.Sprintf(`mode = "replace"
  catalog {
    type  = "rest"
    uri   = %q
    token = env("LAKE_TOKEN")
  }`, url))
	return h, s
}

// A conflict is worked out anew, and a commit whose answer was lost is found done: one Iceberg
// snapshot for each of ours, whatever happened.
func TestREST(t *testing.T) {
	h, s := onREST(t)
	h.inlay(0, "apply", "-auto-approve")
	h.holds(h.shown("crm", "users"))
	s.refuse.Store(3)
	s.lose.Store(1)
	h.now = h.now.Add(time.Hour)
	h.inlay(0, "run", "target.iceberg.users")
	h.holds(h.shown("crm", "users"))
	if n := len(h.shown("crm", "users").Metadata().Snapshots()); n != 2 {
		t.Errorf("the catalog has %d snapshots, want 2", n)
	}
}

// A catalog that does not answer keeps no row away: the run commits and says what readers wait
// for, and a later one shows it.
func TestRESTUnreachable(t *testing.T) {
	h, s := onREST(t)
	h.inlay(0, "apply", "-auto-approve")
	before, _ := h.head()
	s.down.Store(true)
	h.now = h.now.Add(time.Hour)
	if out := h.inlay(0, "run", "target.iceberg.users"); !strings.Contains(out, "closed for today") {
		t.Errorf("the run says\n%s", out)
	}
	if m, _ := h.head(); m.Snapshot == before.Snapshot {
		t.Error("nothing was committed")
	}
	if out := h.inlay(8, "apply", "-auto-approve"); !strings.Contains(out, "unreachable") {
		t.Errorf("apply says\n%s", out)
	}
	s.down.Store(false)
	h.inlay(0, "apply", "-auto-approve")
	h.holds(h.shown("crm", "users"))
}

// A refused token is exit code 7, and is in nothing that is printed or kept.
func TestRESTRefused(t *testing.T) {
	h, _ := onREST(t)
	h.env["LAKE_TOKEN"] = "wrong-and-secret"
	if out := h.inlay(7, "apply", "-auto-approve"); !strings.Contains(out, "refused the credentials") || strings.Contains(out, "wrong-and-secret") {
		t.Errorf("apply says\n%s", out)
	}
}
