package serve

import (
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/plan"
)

// TestCatchesUpAfterDowntime: of the slots that passed while nothing ran, the latest is
// imported once.
func TestCatchesUpAfterDowntime(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	r.apply()
	r.clock.move(10 * 24 * time.Hour)
	d := r.daemon()
	r.settle(d)
	if got := r.slots("target.parquet.tags"); len(got) != 1 || got[0] != "2026-06-10T02:30@America/New_York" {
		t.Errorf("imported %v", got)
	}
}

// TestTwoDaemons: two daemons on one warehouse take turns at the same moments, and each
// slot is imported once.
func TestTwoDaemons(t *testing.T) {
	r := newRig(t, daily+hourly, "2026-06-01T00:10:00Z")
	r.apply()
	start := r.clock.Now()
	one, two := r.daemon(), r.daemon()
	for range 8 {
		r.clock.move(time.Hour)
		r.settle(one, two)
	}
	if got, want := r.slots("target.parquet.often"), hours(start, r.clock.Now()); !slices.Equal(got, want) {
		t.Errorf("imported %v, not %v\n%s", got, want, r.log)
	}
}

// TestPendingNeedsOnly: a plan that waits for a person holds the imports that its changes need.
// What is due beside them is imported meanwhile, and by nothing twice.
func TestPendingNeedsOnly(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	r.apply()
	r.clock.move(24 * time.Hour)
	r.write("more.hcl", hourly)
	d := r.daemon()
	r.settle(d)
	if d.pending == nil || len(d.pending.plan.Imports) != 1 || d.pending.plan.Imports[0].Why != plan.New {
		t.Fatalf("pending: %+v", d.pending)
	}
	if got := r.slots("target.parquet.tags"); len(got) != 1 {
		t.Errorf("imported %v", got)
	}
	if err := d.approve(d.pending.plan.ID); err != nil {
		t.Fatal(err)
	}
	d.batches.Wait()
	if tags, often := r.slots("target.parquet.tags"), r.manifests("target.parquet.often"); len(tags) != 1 || len(often) != 1 {
		t.Errorf("after the approval: %v, %d imports of the new table", tags, len(often))
	}
}
