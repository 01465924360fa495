package schedule

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/setting"
)

func TestDue(t *testing.T) {
	nightly := Spec{Cron: "10 0 * * *", Timezone: "Asia/Tokyo", Delay: 30 * time.Minute} // 15:10 UTC, runs 15:40
	none := nightly
	none.Catchup = None
	hourly := Spec{Cron: "0 * * * *", Catchup: None}
	const slot22, slot23, slot24 = "2026-11-22T00:10@Asia/Tokyo", "2026-11-23T00:10@Asia/Tokyo", "2026-11-24T00:10@Asia/Tokyo"
	tests := []struct {
		name, now, since string
		spec             Spec
		last             Last
		due, next, at    string
	}{
		{"before the delay", "2026-11-22T15:39:59", "2026-11-20T00:00", nightly, Last{slot22, utc("2026-11-21T15:40")}, "", slot23, "2026-11-22T15:40"},
		{"on the second", "2026-11-22T15:40", "2026-11-20T00:00", nightly, Last{slot22, utc("2026-11-21T15:40")}, slot23, slot24, "2026-11-23T15:40"},
		{"done", "2026-11-22T15:41", "2026-11-20T00:00", nightly, Last{slot23, utc("2026-11-22T15:40")}, "", slot24, "2026-11-23T15:40"},
		{"never run", "2026-11-22T16:00", "2026-11-20T00:00", nightly, Last{}, slot23, slot24, "2026-11-23T15:40"},
		{"applied after the slot", "2026-11-22T16:00", "2026-11-22T15:10:01", nightly, Last{}, "", slot24, "2026-11-23T15:40"},
		{"applied with the slot", "2026-11-22T16:00", "2026-11-22T15:10", nightly, Last{}, slot23, slot24, "2026-11-23T15:40"},
		{"applied between slot and delay", "2026-11-22T15:20", "2026-11-22T15:15", nightly, Last{}, "", slot24, "2026-11-23T15:40"},
		{"applied tomorrow", "2026-11-22T16:00", "2026-11-24T00:00", nightly, Last{}, "", "2026-11-25T00:10@Asia/Tokyo", "2026-11-24T15:40"},
		{"a run by hand before the delay", "2026-11-22T15:40", "2026-11-20T00:00", nightly, Last{"", utc("2026-11-22T15:39:59")}, slot23, slot24, "2026-11-23T15:40"},
		{"a run by hand after the delay", "2026-11-22T18:00", "2026-11-20T00:00", nightly, Last{"", utc("2026-11-22T15:40")}, "", slot24, "2026-11-23T15:40"},
		{"run early by its slot", "2026-11-22T15:40", "2026-11-20T00:00", nightly, Last{slot23, utc("2026-11-22T15:00")}, "", slot24, "2026-11-23T15:40"},
		{"a week asleep", "2026-11-22T16:00", "2026-11-01T00:00", nightly, Last{"2026-11-15T00:10@Asia/Tokyo", utc("2026-11-14T15:40")}, slot23, slot24, "2026-11-23T15:40"},
		{"none, within the hour", "2026-11-22T16:39:59", "2026-11-01T00:00", none, Last{slot22, utc("2026-11-21T15:40")}, slot23, slot24, "2026-11-23T15:40"},
		{"none, lapsed", "2026-11-22T16:40", "2026-11-01T00:00", none, Last{slot22, utc("2026-11-21T15:40")}, "", slot24, "2026-11-23T15:40"},
		{"none, half a period", "2026-11-22T15:29:59", "2026-11-01T00:00", hourly, Last{}, "2026-11-22T15:00:00Z", "2026-11-22T16:00:00Z", "2026-11-22T16:00"},
		{"none, half a period over", "2026-11-22T15:30", "2026-11-01T00:00", hourly, Last{}, "", "2026-11-22T16:00:00Z", "2026-11-22T16:00"},
		{"slot of another schedule", "2026-11-22T16:00", "2026-11-20T00:00", nightly, Last{"2026-11-22T15:30:00Z", utc("2026-11-22T15:30")}, "", slot24, "2026-11-23T15:40"},
		{"a slot that says nothing", "2026-11-22T16:00", "2026-11-20T00:00", nightly, Last{"?", time.Time{}}, slot23, slot24, "2026-11-23T15:40"},
		{"the clock went back an hour", "2026-11-22T15:10", "2026-11-20T00:00", nightly, Last{slot23, utc("2026-11-22T15:40")}, "", slot24, "2026-11-23T15:40"},
		{"a record from years ahead", "2026-11-22T16:00", "2026-11-20T00:00", nightly, Last{"2036-11-23T00:10@Asia/Tokyo", utc("2036-11-22T15:40")}, slot23, slot24, "2026-11-23T15:40"},
	}
	for _, test := range tests {
		s := mustParse(t, test.spec)
		due, next, at, ok := s.Due(utc(test.now), utc(test.since), test.last, "target.parquet.users")
		got := ""
		if due != nil {
			got = due.Name
		}
		if got != test.due || next.Name != test.next || !at.Equal(utc(test.at)) || !ok {
			t.Errorf("%s: due %q, next %q at %s, %v; want %q, %q at %s", test.name, got, next.Name, at, ok, test.due, test.next, test.at)
		}
	}
	paused := mustParse(t, Spec{Cron: "* * * * *", Paused: true})
	if due, _, _, ok := paused.Due(utc("2026-11-22T16:00"), time.Time{}, Last{}, "x"); due != nil || ok {
		t.Errorf("paused, and %v is due", due)
	}
}

func TestJitter(t *testing.T) {
	s := mustParse(t, Spec{Cron: "0 * * * *", Delay: time.Minute, Jitter: 10 * time.Minute})
	slot, _ := s.Next(utc("2026-11-22T15:40"))
	seen := map[time.Duration]bool{}
	for i := range 500 {
		address := fmt.Sprintf("target.parquet.all[\"t%d\"]", i)
		wait := s.DueAt(slot, address).Sub(slot.Time)
		if wait < time.Minute || wait >= 11*time.Minute || wait != s.DueAt(slot, address).Sub(slot.Time) {
			t.Fatalf("%s waits %s", address, wait)
		}
		seen[wait] = true
		at := s.DueAt(slot, address)
		last := Last{"", utc("2026-11-22T15:01")}
		if due, _, _, _ := s.Due(at.Add(-time.Second), time.Time{}, last, address); due != nil {
			t.Fatalf("%s is due a second early", address)
		}
		if due, _, _, _ := s.Due(at, time.Time{}, last, address); due == nil || *due != slot {
			t.Fatalf("%s is not due: %v", address, due)
		}
	}
	if len(seen) < 300 {
		t.Errorf("500 addresses share %d moments of 600", len(seen))
	}
	if one := s.DueAt(slot, "target.parquet.users").Sub(slot.Time); one != 10*time.Minute+time.Second {
		t.Errorf("the jitter of an address changed with the program: %s", one)
	}
}

// TestSimulatedYear drives Due as a daemon does, with crashes in the middle of runs,
// suspended machines and clocks that jump, and compares the slots that ran with the
// oracle's: all of them in order, less those that were missed and caught up by a later one.
func TestSimulatedYear(t *testing.T) {
	specs := []struct {
		spec Spec
		e    int // of expressions(), the same cron
	}{
		{Spec{Cron: "10 0 * * *", Timezone: "America/New_York", Delay: 30 * time.Minute}, 0},
		{Spec{Cron: "30 2 * * *", Timezone: "Australia/Lord_Howe"}, 1},
		{Spec{Cron: "0 2,14 * * *", Timezone: "America/Nuuk", Jitter: 5 * time.Minute}, 4},
		{Spec{Cron: "0 * * * *", Timezone: "Europe/London", Delay: 5 * time.Minute}, 8},
		{Spec{Cron: "30 */6 * * *", Timezone: "Africa/Cairo"}, 10},
	}
	seeds := 2
	if long() {
		seeds = 50
	}
	for i, test := range specs {
		s := mustParse(t, test.spec)
		start := utc("2026-01-01T12:00")
		want := scan(s.Zone(), test.spec.Timezone, expressions()[test.e], start, start.AddDate(1, 0, 0))
		for seed := range seeds {
			random := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
			ran, calm := simulate(t, s, start, start.AddDate(1, 0, 0), random)
			checkRan(t, test.spec, want, ran, calm, s)
		}
	}
}

// simulate returns the slots that ran, and for each slot whether it could not have been missed.
func simulate(t *testing.T, s *Schedule, start, end time.Time, random *rand.Rand) (ran []Slot, calm func(Slot) bool) {
	const address = "target.parquet.users"
	type span struct{ from, to time.Time }
	var away []span
	var last Last
	for now := start; now.Before(end); {
		due, next, nextAt, ok := s.Due(now, start, last, address)
		if !ok || !nextAt.After(now) || due != nil && s.DueAt(*due, address).After(now) || due != nil && !next.Time.After(due.Time) {
			t.Fatalf("at %s: due %v, next %v at %s", now, due, next, nextAt)
		}
		switch roll := random.IntN(100); {
		case roll < 2: // suspended, or down
			to := now.Add(time.Duration(random.IntN(4*24*60)) * time.Minute)
			away = append(away, span{now, to})
			now = to
			continue
		case roll < 4: // the clock is set back; what has run is remembered
			now = now.Add(-time.Duration(random.IntN(90)) * time.Minute)
			continue
		case due == nil:
			now = now.Add(min(nextAt.Sub(now), time.Duration(1+random.IntN(600))*time.Second))
			continue
		case roll < 20: // killed before its commit; tried again a moment later
			now = now.Add(time.Duration(1+random.IntN(120)) * time.Second)
			continue
		}
		ran = append(ran, *due)
		last = Last{Slot: due.Name, Started: now}
		now = now.Add(time.Duration(random.IntN(120)) * time.Second)
	}
	return ran, func(slot Slot) bool {
		for _, a := range away {
			if slot.Time.After(a.from.Add(-3*time.Hour)) && slot.Time.Before(a.to.Add(3*time.Hour)) {
				return false
			}
		}
		return slot.Time.Before(end.Add(-3 * time.Hour))
	}
}

func checkRan(t *testing.T, spec Spec, want, ran []Slot, calm func(Slot) bool, s *Schedule) {
	t.Helper()
	for i, slot := range ran {
		if i > 0 && !slot.Time.After(ran[i-1].Time) {
			t.Errorf("%s: %s ran after %s", spec.Cron, slot.Name, ran[i-1].Name)
		}
		if !slices.Contains(want, slot) {
			t.Errorf("%s: %s ran and is no slot", spec.Cron, slot.Name)
		}
	}
	missed := 0
	for _, slot := range want {
		if !slices.Contains(ran, slot) {
			missed++
			if calm(slot) {
				t.Errorf("%s: %s was missed in calm times", spec.Cron, slot.Name)
			}
		}
	}
	if len(ran) == 0 || missed == len(want) {
		t.Errorf("%s: nothing ran", spec.Cron)
	}
}

func TestFromSettings(t *testing.T) {
	v := setting.Values{}
	for _, s := range Settings() {
		if s.Default != nil {
			v[s.Name] = s.Default
		}
	}
	v["cron"], v["timezone"], v["delay"] = "10 0 * * *", "Asia/Tokyo", "30m"
	s, err := FromSettings(v)
	if err != nil {
		t.Fatal(err)
	}
	want := Spec{Cron: "10 0 * * *", Timezone: "Asia/Tokyo", Delay: 30 * time.Minute, Catchup: Latest}
	if s.Spec() != want {
		t.Errorf("%+v", s.Spec())
	}
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "30m": 30 * time.Minute, "1h30m": 90 * time.Minute, "2d": 48 * time.Hour, "1w1d": 192 * time.Hour,
		"1.5d": 36 * time.Hour, "90s": 90 * time.Second,
	} {
		v["delay"] = text
		if s, err := FromSettings(v); err != nil || s.Spec().Delay != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, text := range []string{"30", "m", "1 h", "d", "1x", "-1h", "1e9d", "9999999999h", "NaNd", "31d1s", "1h-2d"} {
		v["delay"] = text
		_, err := FromSettings(v)
		if e := (*Error)(nil); !errors.As(err, &e) || e.Field != "delay" || e.Suggestion == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func BenchmarkDue(b *testing.B) {
	s := mustParse(b, Spec{Cron: "10 0 * * *", Timezone: "America/New_York", Delay: 30 * time.Minute})
	now, since := utc("2026-11-22T16:00"), utc("2026-11-01T00:00")
	for b.Loop() {
		s.Due(now, since, Last{"2026-11-22T00:10@America/New_York", utc("2026-11-22T05:40")}, "target.parquet.users")
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := Parse(Spec{Cron: "10 0 * * *", Timezone: "America/New_York"}); err != nil {
			b.Fatal(err)
		}
	}
}
