package main

import (
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects/objectstest"
)

// onStore are two machines whose warehouse and state stand on one S3 server, and whose table
// is shown in one catalog.
func onStore(t *testing.T) (one, other *house) {
	t.Helper()
	server, dir := objectstest.Server(t), t.TempDir()
	target := strings.Replace(`mode = "upsert"`+inSQLite, "catalog.db", filepath.Join(dir, "catalog.db"), 1)
	for _, h := range []**house{&one, &other} {
		*h = &house{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), s3: server, lake: dir}
		(*h).open(target)
	}
	other.server = one.server
	other.write(target)
	return one, other
}

// A machine dies between the manifest and the catalog and is gone with its disk. Another one
// sees what is missing, and shows it.
func TestAnotherMachineShowsWhatOneCommitted(t *testing.T) {
	one, other := onStore(t)
	one.inlay(0, "apply", "-auto-approve")
	one.holds(one.shown("crm", "users"))
	one.now = one.now.Add(3 * time.Hour)
	one.killed("after:manifest-linked", "run", "target.iceberg.users")
	other.now = time.Now().Add(time.Hour) // the one that was killed went by the real clock, and its lease has run out
	if out := other.inlay(2, "plan", "-detailed-exitcode"); !strings.Contains(out, "not published") {
		t.Errorf("the plan says\n%s", out)
	}
	other.inlay(0, "apply", "-auto-approve")
	other.holds(other.shown("crm", "users"))
}

// Two machines import into one table at a time. Whoever is late with a snapshot, the catalog
// ends with the newest.
func TestTwoMachinesShowOneTable(t *testing.T) {
	one, other := onStore(t)
	one.inlay(0, "apply", "-auto-approve")
	for range 3 {
		var both sync.WaitGroup
		for _, h := range []*house{one, other} {
			h.now = h.now.Add(3 * time.Hour)
			both.Go(func() { _, _ = h.say("run", "target.iceberg.users") }) // one of them may find the table busy
		}
		both.Wait()
	}
	one.inlay(0, "run", "target.iceberg.users")
	one.holds(one.shown("crm", "users"))
}
