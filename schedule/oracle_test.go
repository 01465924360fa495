package schedule

import (
	"math/bits"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func long() bool { return os.Getenv("INLAY_LONG") != "" }

// expression is a cron expression with its meaning written by hand, so that the oracle
// shares no code with the parser.
type expression struct {
	cron    string
	repeats bool
	match   func(t time.Time) bool // t's fields are what the zone's clock shows
}

func expressions() []expression {
	at := func(t time.Time, h, m int) bool { return t.Hour() == h && t.Minute() == m }
	return []expression{
		{"10 0 * * *", false, func(t time.Time) bool { return at(t, 0, 10) }},
		{"30 2 * * *", false, func(t time.Time) bool { return at(t, 2, 30) }},
		{"30 1 * * MON-FRI", false, func(t time.Time) bool {
			return at(t, 1, 30) && t.Weekday() != time.Sunday && t.Weekday() != time.Saturday
		}},
		{"0 23 * * 7", false, func(t time.Time) bool { return at(t, 23, 0) && t.Weekday() == time.Sunday }},
		{"0 2,14 * * *", false, func(t time.Time) bool { return at(t, 2, 0) || at(t, 14, 0) }},
		{"*/15 1 * * *", false, func(t time.Time) bool { return t.Hour() == 1 && t.Minute()%15 == 0 }},
		{"0 0 1,15 * SUN", false, func(t time.Time) bool {
			return at(t, 0, 0) && (t.Day() == 1 || t.Day() == 15 || t.Weekday() == time.Sunday)
		}},
		{"59 23 28-31 3,10 ?", false, func(t time.Time) bool {
			return at(t, 23, 59) && t.Day() >= 28 && (t.Month() == 3 || t.Month() == 10)
		}},
		{"0 * * * *", true, func(t time.Time) bool { return t.Minute() == 0 }},
		{"*/20 * * * *", true, func(t time.Time) bool { return t.Minute()%20 == 0 }},
		{"30 */6 * * *", true, func(t time.Time) bool { return t.Hour()%6 == 0 && t.Minute() == 30 }},
		{"5-10/5 0-3 */2 * MON", true, func(t time.Time) bool {
			return (t.Minute() == 5 || t.Minute() == 10) && t.Hour() <= 3 && t.Day()%2 == 1 && t.Weekday() == time.Monday
		}},
	}
}

// scan is the oracle: every slot in a span of time, by looking at the clock each minute. A
// repeating expression fires whenever the clock shows a match; a fixed one when the clock
// first shows a match or a later time.
func scan(zone *time.Location, zoneName string, e expression, from, to time.Time) []Slot {
	var out []Slot
	var latest time.Time // what the clock has shown so far, as if UTC
	for t := from.Add(-27 * time.Hour); t.Before(to); t = t.Add(time.Minute) {
		l := t.In(zone)
		shown := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
		wanted := !t.Before(from)
		if e.repeats {
			if wanted && e.match(shown) {
				out = append(out, Slot{t, t.Format("2006-01-02T15:04:05Z")})
			}
			continue
		}
		if latest.IsZero() {
			latest = shown.Add(-time.Minute)
		}
		for c := shown; c.After(latest); c = c.Add(-time.Minute) {
			if e.match(c) {
				if wanted {
					out = append(out, Slot{t, c.Format("2006-01-02T15:04") + "@" + zoneName})
				}
				break
			}
		}
		if shown.After(latest) {
			latest = shown
		}
	}
	return out
}

// transitions are the instants within the years at which a zone's offset changes.
func transitions(zone *time.Location, from, to int) []time.Time {
	var out []time.Time
	t := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	for t.Year() <= to {
		_, end := t.In(zone).ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(t) { // package time ends a leap year a day early
			t = t.AddDate(0, 0, 1)
			continue
		}
		_, before := end.Add(-time.Second).In(zone).Zone()
		if _, after := end.In(zone).Zone(); before != after && end.UTC().Year() <= to {
			out = append(out, end.UTC())
		}
		t = end.UTC()
	}
	return out
}

// sixtyZones change their clocks in every way known since 2015: at midnight, across
// midnight, by half an hour, by two hours, against the season, and for good.
func sixtyZones() []string {
	return strings.Fields(`
		Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Juba Africa/Khartoum Africa/Sao_Tome Africa/Windhoek
		America/Adak America/Anchorage America/Asuncion America/Caracas America/Chicago America/Cuiaba America/Denver
		America/Grand_Turk America/Halifax America/Havana America/Los_Angeles America/Mexico_City America/Miquelon
		America/New_York America/Nuuk America/Port-au-Prince America/Santiago America/Sao_Paulo America/Scoresbysund
		America/St_Johns America/Thule America/Tijuana America/Whitehorse Antarctica/Casey Antarctica/Troll
		Antarctica/Vostok Asia/Almaty Asia/Amman Asia/Beirut Asia/Damascus Asia/Famagusta Asia/Gaza Asia/Hovd Asia/Jerusalem
		Asia/Pyongyang Asia/Qyzylorda Asia/Tehran Asia/Tokyo Atlantic/Azores Australia/Adelaide Australia/Lord_Howe
		Australia/Sydney Europe/Athens Europe/Chisinau Europe/Dublin Europe/Istanbul Europe/London Europe/Paris
		Europe/Volgograd Pacific/Apia Pacific/Auckland Pacific/Bougainville Pacific/Chatham Pacific/Easter Pacific/Fiji
		Pacific/Norfolk Pacific/Tongatapu`)
}

// TestOracle compares three days around the changes of each zone's clock with a scan of
// every minute. The long form takes all zones and all changes from 2015 to 2040.
func TestOracle(t *testing.T) {
	zones, most := sixtyZones(), 3
	if len(zones) < 60 {
		t.Fatalf("only %d zones", len(zones))
	}
	if long() {
		zones, most = strings.Fields(zoneNames), 1000
	}
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := ParseZone(name)
			if err != nil {
				t.Fatal(err)
			}
			changes := transitions(zone, 2015, 2040)
			stride := max(1, (len(changes)+most-1)/most)
			// Begin the sample elsewhere in each zone, so that both kinds of change are met.
			for i := len(name) % stride; i < len(changes); i += stride {
				for _, e := range expressions() {
					compare(t, zone, name, e, changes[i].Add(-36*time.Hour), changes[i].Add(36*time.Hour))
				}
			}
			if len(changes) == 0 {
				from := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
				for _, e := range expressions() {
					compare(t, zone, name, e, from, from.Add(72*time.Hour))
				}
			}
		})
	}
}

// compare walks a span forwards with Next and backwards with Prev and expects the oracle's slots.
func compare(t *testing.T, zone *time.Location, name string, e expression, from, to time.Time) {
	t.Helper()
	s, err := Parse(Spec{Cron: e.cron, Timezone: name})
	if err != nil {
		t.Fatalf("%s: %v", e.cron, err)
	}
	if s.Repeats() != e.repeats {
		t.Fatalf("%s: Repeats() = %v", e.cron, s.Repeats())
	}
	from = from.Truncate(time.Minute)
	want := scan(zone, name, e, from, to)
	var got, back []Slot
	for slot, ok := s.Next(from.Add(-time.Second)); ok && slot.Time.Before(to); slot, ok = s.Next(slot.Time) {
		got = append(got, slot)
	}
	for slot, ok := s.Prev(to.Add(-time.Second)); ok && !slot.Time.Before(from); slot, ok = s.Prev(slot.Time.Add(-time.Nanosecond)) {
		back = append(back, slot)
	}
	slices.Reverse(back)
	if !slices.Equal(got, want) {
		t.Errorf("%q in %s from %s: Next\n got %v\nwant %v", e.cron, name, from, names(got), names(want))
	}
	if !slices.Equal(back, want) {
		t.Errorf("%q in %s from %s: Prev\n got %v\nwant %v", e.cron, name, from, names(back), names(want))
	}
}

func names(slots []Slot) (out []string) {
	for _, s := range slots {
		out = append(out, s.Name+" at "+s.Time.Format("02T15:04:05"))
	}
	return out
}

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

// onesIn lists the values in a set, for generated expressions.
func onesIn(set uint64) (out []int) {
	for ; set != 0; set &= set - 1 {
		out = append(out, bits.TrailingZeros64(set))
	}
	return out
}
