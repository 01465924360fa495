package serve

import (
	"slices"
	"testing"
	"time"
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
