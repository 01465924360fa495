package schedule

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestOncePerDate: a daily time has exactly one slot on every civil date of a zone.
func TestOncePerDate(t *testing.T) {
	zones, first, last := sixtyZones(), 2021, 2026
	if long() {
		zones, first, last = strings.Fields(zoneNames), 1990, 2040
	}
	for _, name := range zones {
		zone, err := ParseZone(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, cron := range []string{"0 0 * * *", "30 0 * * *", "10 2 * * *", "59 23 * * *"} {
			s, err := Parse(Spec{Cron: cron, Timezone: name})
			if err != nil {
				t.Fatal(err)
			}
			var got, want []string
			end := time.Date(last, 12, 31, 12, 0, 0, 0, zone)
			for slot, ok := s.Next(time.Date(first, 1, 1, 23, 59, 30, 0, zone)); ok && slot.Time.Before(end); slot, ok = s.Next(slot.Time) {
				got = append(got, slot.Name[:len("2006-01-02")])
			}
			for d := time.Date(first, 1, 2, 12, 0, 0, 0, time.UTC); len(want) < len(got); d = d.AddDate(0, 0, 1) {
				// A date that the zone skipped whole is none of its dates.
				if l := time.Date(d.Year(), d.Month(), d.Day(), 12, 0, 0, 0, zone); l.Day() == d.Day() {
					want = append(want, d.Format("2006-01-02"))
				}
			}
			if !slices.Equal(got, want) || len(got) < 364*(last-first+1) {
				at := 0
				for at < len(got) && got[at] == want[at] {
					at++
				}
				t.Errorf("%s %s: %d slots, differs at %v", name, cron, len(got), got[at:min(at+3, len(got))])
			}
		}
	}
}

func TestSkippedDate(t *testing.T) {
	s, err := Parse(Spec{Cron: "0 10 * * *", Timezone: "Pacific/Apia"})
	if err != nil {
		t.Fatal(err)
	}
	slot, _ := s.Next(time.Date(2011, 12, 29, 21, 0, 0, 0, time.UTC))
	if slot.Name != "2011-12-31T10:00@Pacific/Apia" {
		t.Errorf("after 29 December comes %s", slot.Name)
	}
	if _, err := s.ParseSlot("2011-12-30T10:00@Pacific/Apia"); err == nil {
		t.Error("a date that never was has a slot")
	}
}
