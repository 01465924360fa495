package project

import (
	"testing"
	"time"

	"github.com/inlay-sync/inlay/schedule"
)

// TestUpcoming: the list goes through a clock change, and a slot whose delay has not passed
// is still to come.
func TestUpcoming(t *testing.T) {
	s, err := schedule.Parse(schedule.Spec{Cron: "30 2 * * *", Timezone: "America/New_York", Delay: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 7, 8, 0, 0, 0, time.UTC) // 03:00 EST: the slot has come, its run has not
	got := upcoming(s, now, 3)
	want := []UpcomingRun{
		{"2026-03-07T02:30@America/New_York", time.Date(2026, 3, 7, 8, 30, 0, 0, time.UTC), "2026-03-07 03:30 EST"},
		{"2026-03-08T02:30@America/New_York", time.Date(2026, 3, 8, 8, 0, 0, 0, time.UTC), "2026-03-08 04:00 EDT"},
		{"2026-03-09T02:30@America/New_York", time.Date(2026, 3, 9, 7, 30, 0, 0, time.UTC), "2026-03-09 03:30 EDT"},
	}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, not %+v", got[i], want[i])
		}
	}
}
