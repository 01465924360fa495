package schedule

import (
	"testing"
	"time"
)

func FuzzParse(f *testing.F) {
	for _, e := range expressions() {
		f.Add(e.cron, "Asia/Tokyo")
	}
	for _, cron := range []string{"@daily", "", "*/0 * * * *", "0 0 30 2 *", "5/10 * * * *", "99999999999999999999 * * * *", "0 0 */29 2 1", "-", ",,,"} {
		f.Add(cron, "PST")
	}
	f.Fuzz(func(t *testing.T, cron, zone string) {
		s, err := Parse(Spec{Cron: cron, Timezone: zone})
		if err != nil {
			return
		}
		at := time.Unix(1795445220, 0)
		slot, ok := s.Next(at)
		if !ok || !slot.Time.After(at) {
			t.Fatalf("%q is accepted and has no next slot", cron)
		}
		if again, err := s.ParseSlot(slot.Name); err != nil || again != slot {
			t.Fatalf("%q: %v, %v", slot.Name, again, err)
		}
	})
}

func FuzzParseZone(f *testing.F) {
	for _, name := range []string{"UTC", "Asia/Tokyo", "PST", "+09:00", "UTC+", "-", "../x", "Asia/Tokyo\n", "\x00", "GMT+99"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		zone, err := ParseZone(name)
		if (err == nil) != (CheckZone(name) == nil) {
			t.Fatalf("ParseZone and CheckZone differ on %q: %v", name, err)
		}
		if err == nil && zone.String() != name {
			t.Fatalf("%q became %s", name, zone)
		}
	})
}

func FuzzParseSlot(f *testing.F) {
	for _, name := range []string{"2026-11-23T00:10@Asia/Tokyo", "2026-11-23T00:10:00Z", "@", "0000-01-01T00:00@UTC", "9999-12-31T23:59@Asia/Tokyo", "2026-03-08T02:30@America/New_York"} {
		f.Add(name, "*/10 2 * * *", "America/New_York")
		f.Add(name, "10 * * * *", "UTC")
	}
	f.Fuzz(func(t *testing.T, name, cron, zone string) {
		s, err := Parse(Spec{Cron: cron, Timezone: zone})
		if err != nil {
			return
		}
		slot, err := s.ParseSlot(name)
		if err == nil && slot.Name != name {
			t.Fatalf("%q became %q", name, slot.Name)
		}
	})
}
