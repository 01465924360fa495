package serve

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// simulation runs the real loop under a clock that moves when the loop waits.
type simulation struct {
	*rig
	d    *daemon
	end  time.Time
	stop context.CancelFunc
	// wake says how far the clock moves when the loop asks to wait for d.
	passes func(d time.Duration) time.Duration
}

func simulate(r *rig, end time.Time, passes func(time.Duration) time.Duration) {
	r.t.Helper()
	ctx, stop := context.WithCancel(r.t.Context())
	defer stop()
	s := &simulation{rig: r, end: end, stop: stop, passes: passes}
	o := r.options()
	o.Wait = s.wait
	d, err := newDaemon(ctx, o)
	if err != nil {
		r.t.Fatal(err)
	}
	s.d = d
	d.loop(ctx)
	d.batches.Wait()
}

// wait lets the imports under way end, and the time pass if the loop has nothing to do.
func (s *simulation) wait(ctx context.Context, d time.Duration) error {
	s.d.batches.Wait()
	if ctx.Err() != nil || len(s.d.woken) > 0 {
		<-ctx.Done() // the loop was woken
		return nil
	}
	s.clock.move(s.passes(d))
	if !s.clock.Now().Before(s.end) {
		s.stop()
	}
	return nil
}

// TestAYear: the slots in the manifests are those of the calendar: one on each civil date,
// through both clock changes, and one each hour.
func TestAYear(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates days of imports")
	}
	spans := [][2]string{{"2026-03-07T20:00:00Z", "2026-03-09T07:00:00Z"}, {"2026-10-31T20:00:00Z", "2026-11-02T08:00:00Z"}}
	if long() {
		spans = [][2]string{{"2026-01-01T12:00:00Z", "2027-01-01T12:00:00Z"}}
	}
	for _, span := range spans {
		hcl := daily
		if !long() {
			hcl += hourly
		}
		r := newRig(t, hcl, span[0])
		start := r.clock.Now()
		end, err := time.Parse(time.RFC3339, span[1])
		if err != nil {
			t.Fatal(err)
		}
		r.apply()
		simulate(r, end, func(d time.Duration) time.Duration { return d })
		if got, want := r.slots("target.parquet.tags"), days(t, "America/New_York", "02:30", start, end); !slices.Equal(got, want) {
			t.Errorf("daily: imported %v\nthe calendar has %v", got, want)
		}
		if long() {
			continue
		}
		if got, want := r.slots("target.parquet.often"), hours(start, end.Add(-time.Second)); !slices.Equal(got, want) {
			t.Errorf("hourly: imported %v\nthe calendar has %v", got, want)
		}
	}
}

// TestJumpsAndSuspends: a machine that sleeps for hours, and a clock that is put forward and
// back, lose no slot but those that a later one stands for, and run none twice.
func TestJumpsAndSuspends(t *testing.T) {
	r := newRig(t, daily+hourly, "2026-06-01T00:10:00Z")
	r.apply()
	random := rand.New(rand.NewPCG(7, 7))
	end := r.clock.Now().Add(3 * 24 * time.Hour)
	start := r.clock.Now().UTC().Format(time.RFC3339)
	simulate(r, end, func(d time.Duration) time.Duration {
		switch random.IntN(60) {
		case 0:
			return d + time.Duration(random.IntN(9*60))*time.Minute // slept
		case 1:
			return -time.Duration(random.IntN(40)) * time.Minute // put back
		case 2: // at rest: nothing that has come is left undone
			m := r.manifests("target.parquet.often")
			came := r.clock.Now().UTC().Truncate(time.Hour).Format(time.RFC3339)
			if done := m[len(m)-1].Slot; done < came && came > start {
				t.Errorf("at rest at %s with %s done", r.clock.Now(), done)
			}
		}
		return d
	})
	for _, address := range []string{"target.parquet.tags", "target.parquet.often"} {
		slots := r.slots(address)
		if len(slots) < 3 || !slices.IsSorted(slots) || len(slices.Compact(slices.Clone(slots))) != len(slots) {
			t.Errorf("%s: slots missing, twice or out of order: %v", address, slots)
		}
	}
}

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
