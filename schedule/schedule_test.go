package schedule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func mustParse(t testing.TB, spec Spec) *Schedule {
	t.Helper()
	s, err := Parse(spec)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func utc(text string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", text)
	if err != nil {
		t, _ = time.Parse("2006-01-02T15:04", text)
	}
	return t
}

func TestParseErrors(t *testing.T) {
	tests := []struct {
		cron                string
		problem, suggestion string
	}{
		{"", "empty", "five fields"},
		{"* * * *", "4 fields", "spaces"},
		{"0 10 0 * * *", "seconds", `"10 0 * * *"`},
		{"1 10 0 * * *", "6 fields", "spaces"},
		{"CRON_TZ=Asia/Tokyo 10 0 * * *", "setting", "timezone"},
		{"@every 1h", "@every", "*/15"},
		{"@reboot", "@reboot", "@hourly"},
		{"@daily 5", "@daily 5", "@hourly"},
		{"60 0 * * *", "minute field, 60 is out of range", "0 to 59"},
		{"0 24 * * *", "hour field, 24", "0 to 23"},
		{"0 0 0 * *", "day of month field, 0", "1 to 31"},
		{"0 0 * 13 *", "month field, 13", "1 to 12"},
		{"0 0 * * 8", "day of week field, 8", "0 to 7"},
		{"0 0 * * Monday", `"Monday"`, "MON"},
		{"0 0 * FOO *", `"FOO"`, "FEB"},
		{"0 0 L * *", `"L"`, "not part of cron"},
		{"0 0 * * 5#3", `"5#3"`, "not part of cron"},
		{"? 0 * * *", `"?"`, "`*`"},
		{"5/10 * * * *", "no range", `"5-59/10"`},
		{"*/0 * * * *", "above zero", "*/2"},
		{"*/-5 * * * *", "above zero", "*/2"},
		{"*/5/5 * * * *", "above zero", "*/2"},
		{"-5 0 * * *", "missing", "number"},
		{"1,,2 0 * * *", "missing", "number"},
		{"1-2-3 0 * * *", `"2-3"`, "0 to 59"},
		{"+5 0 * * *", `"+5"`, "0 to 59"},
		{"0 22-2 * * *", `"22-2" ends`, `"22-23,0-2"`},
		{"0 0 * * FRI-MON", `"FRI-MON" ends`, `"5-6,0-1"`},
		{"0 0 30 2 *", "never fires", "28"},
		{"0 0 31 4,6,9,11 ?", "never fires", "month"},
		{"0 0 30-31 FEB *", "never fires", "month"},
		{"99999999999999999999 0 * * *", "not a value", "0 to 59"},
		{"٣ 0 * * *", "not a value", "0 to 59"},
	}
	for _, test := range tests {
		_, err := Parse(Spec{Cron: test.cron})
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", test.cron, err)
			continue
		}
		if e.Field != "cron" || !strings.Contains(e.Problem, test.problem) || !strings.Contains(e.Suggestion, test.suggestion) {
			t.Errorf("%q: %+v", test.cron, *e)
		}
	}
	for _, test := range []struct {
		spec  Spec
		field string
	}{
		{Spec{Cron: "@daily", Timezone: "PST"}, "timezone"},
		{Spec{Cron: "@daily", Delay: -time.Minute}, "delay"},
		{Spec{Cron: "@daily", Delay: 32 * 24 * time.Hour}, "delay"},
		{Spec{Cron: "@daily", Jitter: -1}, "jitter"},
		{Spec{Cron: "@daily", Jitter: 25 * time.Hour}, "jitter"},
		{Spec{Cron: "@daily", Catchup: "all"}, "catchup"},
	} {
		_, err := Parse(test.spec)
		if e := (*Error)(nil); !errors.As(err, &e) || e.Field != test.field || e.Suggestion == "" {
			t.Errorf("%+v: %v", test.spec, err)
		}
	}
}

// TestMeaning walks a few slots of each expression from one instant, in UTC.
func TestMeaning(t *testing.T) {
	from := utc("2026-11-23T14:47:00") // a Monday
	for cron, want := range map[string]string{
		"@hourly":                 "23T15:00 23T16:00",
		"@daily":                  "24T00:00 25T00:00",
		"@midnight":               "24T00:00 25T00:00",
		"@weekly":                 "29T00:00 06T00:00",
		"@monthly":                "01T00:00 01T00:00",
		" @Yearly ":               "01T00:00 01T00:00",
		"@annually":               "01T00:00",
		"47 14 * * *":             "24T14:47",
		"48 14 * * *":             "23T14:48 24T14:48",
		"0 0 * * 0":               "29T00:00",
		"0 0 * * 7":               "29T00:00",
		"0 0 * * sat-sun":         "28T00:00 29T00:00 05T00:00",
		"0 0 * * 5-7":             "27T00:00 28T00:00 29T00:00 04T00:00",
		"0 0 ? dec,JAN mon":       "07T00:00 14T00:00",
		"10-12/2,50 3 * * *":      "24T03:10 24T03:12 24T03:50 25T03:10",
		"0 0 13 * FRI":            "27T00:00 04T00:00 11T00:00 13T00:00",
		"0 0 */13 * FRI":          "27T00:00 01T00:00", // both: 27 November, then 1 January 2027
		"0 12 29 2 *":             "29T12:00 29T12:00",
		"0 9-17/4 * * 1-5":        "23T17:00 24T09:00",
		"\t0  0\n1 * ?":           "01T00:00",
		"0 0 1-7 * *":             "01T00:00 02T00:00",
		"0 0 29 2 MON":            "01T00:00 08T00:00",
		"00 008 * * *":            "24T08:00",
		"0 0 * * 0-7":             "24T00:00 25T00:00",
		"*/45 * * * *":            "23T15:00 23T15:45 23T16:00",
		"59 23 31 12 ?":           "31T23:59",
		"0,0,0 1,1 * * *":         "24T01:00 25T01:00",
		"0-59 0-23 1-31 1-12 0-6": "23T14:48 23T14:49",
	} {
		s := mustParse(t, Spec{Cron: cron})
		at := from
		for w := range strings.FieldsSeq(want) {
			slot, ok := s.Next(at)
			if !ok || slot.Time.Format("02T15:04") != w {
				t.Errorf("%q: got %v, want %s", cron, slot, w)
			}
			at = slot.Time
		}
	}
	leap := mustParse(t, Spec{Cron: "0 12 29 2 *"})
	if slot, _ := leap.Next(utc("2096-03-01T00:00:00")); slot.Time != utc("2104-02-29T12:00:00") {
		t.Errorf("2100 is no leap year: %v", slot)
	}
	for _, cron := range []string{"0 0 1 1 *", "0 * * * *"} {
		s := mustParse(t, Spec{Cron: cron})
		if slot, ok := s.Next(utc("9999-12-31T23:59:59")); ok {
			t.Errorf("a slot after the last year: %v", slot)
		}
		if slot, ok := s.Prev(time.Time{}.AddDate(-5, 0, 0)); ok {
			t.Errorf("a slot before the first year: %v", slot)
		}
		if _, ok := s.Next(time.Time{}); !ok {
			t.Error("no slot after the zero time")
		}
	}
}

func TestClockChanges(t *testing.T) {
	for _, test := range []struct{ cron, zone, after, want, at string }{
		// New York: 02:00-03:00 does not exist on 8 March 2026; 01:00-02:00 comes twice on 1 November.
		{"30 2 * * *", "America/New_York", "2026-03-07T12:00", "2026-03-08T02:30@America/New_York", "2026-03-08T07:00:00Z"},
		{"0 3 * * *", "America/New_York", "2026-03-07T12:00", "2026-03-08T03:00@America/New_York", "2026-03-08T07:00:00Z"},
		{"0 2,3 * * *", "America/New_York", "2026-03-08T06:59", "2026-03-08T03:00@America/New_York", "2026-03-08T07:00:00Z"},
		{"*/15 2 * * *", "America/New_York", "2026-03-07T12:00", "2026-03-08T02:45@America/New_York", "2026-03-08T07:00:00Z"},
		{"30 1 * * *", "America/New_York", "2026-10-31T12:00", "2026-11-01T01:30@America/New_York", "2026-11-01T05:30:00Z"},
		{"30 1 * * *", "America/New_York", "2026-11-01T05:30", "2026-11-02T01:30@America/New_York", "2026-11-02T06:30:00Z"},
		{"30 * * * *", "America/New_York", "2026-11-01T05:30", "2026-11-01T06:30:00Z", "2026-11-01T06:30:00Z"},
		// The hour that comes again is the last that matches for a week.
		{"0 0-1 * * SUN", "America/New_York", "2026-11-01T05:00", "2026-11-01T06:00:00Z", "2026-11-01T06:00:00Z"},
		{"0 0-1 * * SUN", "Africa/Windhoek", "2015-04-04T23:00", "2015-04-05T00:00:00Z", "2015-04-05T00:00:00Z"},
		// Nuuk goes from 23:00 on Saturday to 00:00 on Sunday, and back in autumn.
		{"30 23 * * *", "America/Nuuk", "2026-03-28T12:00", "2026-03-28T23:30@America/Nuuk", "2026-03-29T01:00:00Z"},
		{"30 23 * * *", "America/Nuuk", "2026-10-25T00:30", "2026-10-25T23:30@America/Nuuk", "2026-10-26T01:30:00Z"},
		// Lord Howe moves by half an hour, Cairo at midnight, Troll by two hours.
		{"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00", "2026-10-04T02:15@Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
		{"10 0 * * *", "Africa/Cairo", "2026-04-23T12:00", "2026-04-24T00:10@Africa/Cairo", "2026-04-23T22:00:00Z"},
		{"30 2 * * *", "Antarctica/Troll", "2026-03-28T12:00", "2026-03-29T02:30@Antarctica/Troll", "2026-03-29T01:00:00Z"},
		{"10 0 * * *", "Asia/Tokyo", "2026-11-22T15:09", "2026-11-23T00:10@Asia/Tokyo", "2026-11-22T15:10:00Z"},
	} {
		s := mustParse(t, Spec{Cron: test.cron, Timezone: test.zone})
		slot, ok := s.Next(utc(test.after))
		if !ok || slot.Name != test.want || slot.Time.Format(time.RFC3339) != test.at {
			t.Errorf("%q in %s after %s: got %s at %s, want %s at %s", test.cron, test.zone, test.after,
				slot.Name, slot.Time.Format(time.RFC3339), test.want, test.at)
		}
	}
}

func TestWarnings(t *testing.T) {
	for cron, want := range map[string][]string{
		"10 0 * * *":      nil,
		"0 0 1 * MON":     {"either"},
		"0 0 */2 * MON":   {"both"},
		"0 0 ? * MON":     nil,
		"0 0 31 * *":      {"without a day 31"},
		"0 0 30,31 * *":   {"without a day 30"},
		"*/45 * * * *":    {"last stretch"},
		"*/90 * * * *":    {"longer than the 60 values"},
		"*/5 */5 * * *":   {"starts again every day"},
		"*/15 */12 * * *": nil,
	} {
		got := mustParse(t, Spec{Cron: cron}).Warnings()
		if len(got) != len(want) || len(want) > 0 && !strings.Contains(got[0], want[0]) {
			t.Errorf("%q: %q", cron, got)
		}
	}
}

// generated draws an expression together with its meaning.
func generated(t *rapid.T) expression {
	set := func(name string, lo, hi, most int) (string, uint64) {
		if rapid.IntRange(0, 2).Draw(t, name+" star") == 0 {
			return "*", 1<<(hi+1) - 1
		}
		var text []string
		var bitset uint64
		for range rapid.IntRange(1, most).Draw(t, name+" items") {
			a := rapid.IntRange(lo, hi).Draw(t, name)
			switch rapid.IntRange(0, 3).Draw(t, name+" form") {
			case 0:
				b, step := rapid.IntRange(a, hi).Draw(t, name+" end"), rapid.IntRange(1, 9).Draw(t, name+" step")
				text = append(text, fmt.Sprintf("%d-%d/%d", a, b, step))
				for v := a; v <= b; v += step {
					bitset |= 1 << v
				}
			default:
				text = append(text, strconv.Itoa(a))
				bitset |= 1 << a
			}
		}
		return strings.Join(text, ","), bitset
	}
	minute, minutes := set("minute", 0, 59, 3)
	hour, hours := set("hour", 0, 23, 3)
	dom, doms := set("dom", 1, 28, 4)
	month, months := set("month", 1, 12, 6)
	dow, dows := set("dow", 0, 6, 3)
	if dow == "*" && dom == "*" && rapid.Bool().Draw(t, "question") {
		dow = "?"
	}
	if doms == 1<<29-1 {
		doms = 1<<32 - 1
	}
	star := dom == "*" || dow == "*" || dow == "?"
	return expression{
		cron:    strings.Join([]string{minute, hour, dom, month, dow}, " "),
		repeats: strings.ContainsAny(hour, "*-") && len(onesIn(hours)) > 1,
		match: func(at face) bool {
			inMonth, inWeek := doms>>at.Day()&1 == 1, dows>>int(at.Weekday())&1 == 1
			onDay := inMonth || inWeek
			if star {
				onDay = inMonth && inWeek
			}
			return onDay && months>>int(at.Month())&1 == 1 && hours>>at.Hour()&1 == 1 && minutes>>at.Minute()&1 == 1
		},
	}
}

func TestGeneratedExpressions(t *testing.T) {
	zones := strings.Fields(zoneNames)
	rapid.Check(t, func(rt *rapid.T) {
		e := generated(rt)
		name := rapid.SampledFrom(zones).Draw(rt, "zone")
		zone, err := ParseZone(name)
		if err != nil {
			rt.Fatal(err)
		}
		s, err := Parse(Spec{Cron: e.cron, Timezone: name})
		if err != nil {
			rt.Skip("never fires")
		}
		at := time.Unix(rapid.Int64Range(1420070400, 2240524800).Draw(rt, "at")/60*60, 0).UTC()
		if changes := transitions(zone, at.Year(), at.Year()); len(changes) > 0 {
			at = changes[0].Truncate(time.Minute)
		}
		if s.Repeats() != e.repeats {
			rt.Fatalf("%q: Repeats() = %v", e.cron, s.Repeats())
		}
		want := scan(zone, name, e, at.Add(-30*time.Hour), at.Add(30*time.Hour))
		var got []Slot
		for slot, ok := s.Next(at.Add(-30*time.Hour - 1)); ok && slot.Time.Before(at.Add(30*time.Hour)); slot, ok = s.Next(slot.Time) {
			got = append(got, slot)
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("%q in %s around %s\n got %v\nwant %v", e.cron, name, at, names(got), names(want))
		}
	})
}

// TestNextPrev: Next and Prev are each other's inverse, strictly monotone, and every slot
// is found again by its name.
func TestNextPrev(t *testing.T) {
	zones := append(strings.Fields(zoneNames), "UTC")
	rapid.Check(t, func(rt *rapid.T) {
		e := generated(rt)
		s, err := Parse(Spec{Cron: e.cron, Timezone: rapid.SampledFrom(zones).Draw(rt, "zone")})
		if err != nil {
			rt.Skip("never fires")
		}
		// The years 1600 to 2400: local mean time with odd seconds, and far rules.
		at := time.Unix(rapid.Int64Range(-11676096000, 13569465600).Draw(rt, "at"), rapid.Int64Range(0, 999999999).Draw(rt, "ns"))
		next, ok := s.Next(at)
		if !ok || !next.Time.After(at) {
			rt.Fatalf("%q: Next(%s) = %v, %v", e.cron, at, next, ok)
		}
		prev, ok := s.Prev(at)
		if !ok || prev.Time.After(at) {
			rt.Fatalf("%q: Prev(%s) = %v, %v", e.cron, at, prev, ok)
		}
		if again, _ := s.Prev(next.Time); again != next {
			rt.Fatalf("%q: Prev of %v is %v", e.cron, next, again)
		}
		if again, _ := s.Prev(next.Time.Add(-1)); again != prev {
			rt.Fatalf("%q: before %v is %v, want %v", e.cron, next, again, prev)
		}
		if again, _ := s.Next(prev.Time); again != next {
			rt.Fatalf("%q: after %v is %v, want %v", e.cron, prev, again, next)
		}
		for _, slot := range []Slot{prev, next} {
			if again, err := s.ParseSlot(slot.Name); err != nil || again != slot {
				rt.Fatalf("%q: %q reads as %v, %v", e.cron, slot.Name, again, err)
			}
		}
	})
}

func TestParseSlotErrors(t *testing.T) {
	daily := mustParse(t, Spec{Cron: "10 0 * * *", Timezone: "Asia/Tokyo"})
	hourly := mustParse(t, Spec{Cron: "0 * * * *", Timezone: "Asia/Tokyo"})
	for _, test := range []struct {
		s                *Schedule
		name, suggestion string
	}{
		{daily, "", "named like"},
		{daily, "2026-11-23T00:10", "named like"},
		{daily, "2026-11-23T00:11@Asia/Tokyo", "2026-11-24T00:10@Asia/Tokyo"},
		{daily, "2026-11-23T00:10@UTC", "2026-11-24T00:10@Asia/Tokyo"},
		{daily, "2026-11-23T00:10@JST", "Asia/Tokyo"},
		{daily, "2026-11-22T15:10:00Z", "2026-11-23T00:10@Asia/Tokyo"},
		{daily, "2026-02-30T00:10@Asia/Tokyo", "named like"},
		{daily, "2026-11-23T0:10@Asia/Tokyo", "named like"},
		{hourly, "2026-11-23T00:00@Asia/Tokyo", "2026-11-22T15:00:00Z"},
		{hourly, "2026-11-23T00:30:00Z", "2026-11-23T01:00:00Z"},
		{hourly, "2026-11-23T00:00:00+00:00", "named like"},
		{hourly, "2026-11-23T00:00:00.0Z", "named like"},
	} {
		_, err := test.s.ParseSlot(test.name)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Suggestion, test.suggestion) {
			t.Errorf("%q: %v", test.name, err)
		}
	}
}
