package trigger

import (
	"fmt"
	"strings"
	"testing"
	"time"

	schedulepb "go.temporal.io/api/schedule/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/server/common/dynamicconfig"
	"go.temporal.io/server/service/worker/scheduler"
	"google.golang.org/protobuf/types/known/durationpb"
	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/schedule"
)

// compiled is a schedule as Temporal's own server reads what we tell it.
func compiled(t interface{ Fatal(...any) }, told client.ScheduleSpec) *scheduler.CompiledSpec {
	spec := &schedulepb.ScheduleSpec{TimezoneName: told.TimeZoneName}
	for _, i := range told.Intervals {
		spec.Interval = append(spec.Interval, &schedulepb.IntervalSpec{Interval: durationpb.New(i.Every), Phase: durationpb.New(i.Offset)})
	}
	for _, c := range told.Calendars {
		spec.StructuredCalendar = append(spec.StructuredCalendar, &schedulepb.StructuredCalendarSpec{
			Second: protoRanges(c.Second), Minute: protoRanges(c.Minute), Hour: protoRanges(c.Hour), DayOfMonth: protoRanges(c.DayOfMonth),
			Month: protoRanges(c.Month), Year: protoRanges(c.Year), DayOfWeek: protoRanges(c.DayOfWeek),
		})
	}
	out, err := scheduler.NewSpecBuilder(dynamicconfig.GetIntPropertyFn(0), dynamicconfig.GetIntPropertyFn(0)).NewCompiledSpec(spec)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func protoRanges(in []client.ScheduleRange) []*schedulepb.Range {
	var out []*schedulepb.Range
	for _, r := range in {
		out = append(out, &schedulepb.Range{Start: int32(r.Start), End: int32(r.End), Step: int32(r.Step)})
	}
	return out
}

// wakes reports whether Temporal's server fires at an instant.
func wakes(t interface{ Fatal(...any) }, c *scheduler.CompiledSpec, at time.Time) bool {
	next, err := c.GetNextTime("", at.Add(-time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return next.Nominal.Equal(at)
}

func parse(t interface{ Fatal(...any) }, cron, zone string) *schedule.Schedule {
	s, err := schedule.Parse(schedule.Spec{Cron: cron, Timezone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// zones have clocks that change in every way there is: in either half of the year, at
// midnight, by half an hour, backwards in winter, around a fast, and not at all.
var zones = []string{
	"UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Europe/Dublin", "Australia/Sydney",
	"America/Santiago", "Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "America/Havana", "Asia/Kathmandu", "Pacific/Chatham", "Australia/Lord_Howe",
}

// TestEverySlotWakes holds the calendars against Temporal's own server: whatever the
// expression, it fires at each slot around each change of the clock.
func TestEverySlotWakes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(r, "zone")
		cron := expressions().Draw(r, "cron")
		s, err := schedule.Parse(schedule.Spec{Cron: cron, Timezone: zone})
		if err != nil {
			r.Skip(err) // a date that no month has
		}
		const year = 2026
		c := compiled(r, Times(s, year))
		from := []time.Time{time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, years*365*24).Draw(r, "hour")) * time.Hour)}
		if all := changes(s.Zone(), year); len(all) > 0 {
			from = append(from, rapid.SampledFrom(all).Draw(r, "change").at.Add(-26*time.Hour))
		}
		for _, at := range from {
			until := at.Add(52 * time.Hour)
			for slot, ok := s.Next(at); ok && !slot.Time.After(until); slot, ok = s.Next(slot.Time) {
				if !wakes(r, c, slot.Time) {
					r.Fatalf("%q in %s: Temporal does not fire at %s (%s)", cron, zone, slot.Name, slot.Time)
				}
			}
		}
	})
}

// expressions are cron expressions of every form.
func expressions() *rapid.Generator[string] {
	field := func(least, most int) *rapid.Generator[string] {
		return rapid.Custom(func(r *rapid.T) string {
			a, b := rapid.IntRange(least, most).Draw(r, "a"), rapid.IntRange(least, most).Draw(r, "b")
			switch rapid.IntRange(0, 4).Draw(r, "form") {
			case 0:
				return "*"
			case 1:
				return fmt.Sprintf("%d-%d", min(a, b), max(a, b))
			case 2:
				return fmt.Sprintf("*/%d", 1+a)
			case 3:
				return fmt.Sprintf("%d,%d", a, b)
			}
			return fmt.Sprint(a)
		})
	}
	early := rapid.OneOf(field(0, 3), field(0, 23)) // where clocks change
	return rapid.Custom(func(r *rapid.T) string {
		days := rapid.SampledFrom([]string{"* *", "* *", "* *", "*", "1"}).Draw(r, "days")
		weekday := rapid.OneOf(rapid.Just("*"), field(0, 6)).Draw(r, "weekday")
		if days == "* *" {
			weekday = "*"
		} else if days == "*" {
			days = "* *"
		} else {
			days = field(1, 31).Draw(r, "day") + " " + field(1, 12).Draw(r, "month")
		}
		return strings.Join([]string{field(0, 59).Draw(r, "minute"), early.Draw(r, "hour"), days, weekday}, " ")
	})
}

// TestChanges: a daily time has an instant of its own for each change of the clock that it is
// near, and in no other case.
func TestChanges(t *testing.T) {
	for _, c := range []struct {
		cron, zone string
		instants   string
	}{
		{"30 2 * * *", "America/New_York", "5 instants from 2026-03-08T07:00:00Z to 2030-03-10T07:00:00Z"},
		{"30 2 * * 1", "America/New_York", ""}, // clocks change on Sundays
		{"30 12 * * *", "America/New_York", ""},
		{"0 0 6 9 *", "America/Santiago", "2026-09-06T04:00:00Z"},
		{"10 0 * * *", "Asia/Tokyo", ""},
		{"15 2,14 * * *", "Europe/Berlin", "10 instants from 2026-03-29T01:00:00Z to 2030-10-27T00:15:00Z"},
	} {
		got := specFields(ptr(Times(parse(t, c.cron, c.zone), 2026)))[1].Value
		if text, _, _ := strings.Cut(got, " ("); text != c.instants {
			t.Errorf("%s in %s: %q, not %q", c.cron, c.zone, text, c.instants)
		}
	}
}

func ptr[T any](v T) *T { return &v }

// TestWithoutThem: Temporal's own reading of a calendar has no time that the clock skips, and
// the later one of two; this is why it is told more.
func TestWithoutThem(t *testing.T) {
	for _, c := range []struct{ cron, zone, night string }{
		{"30 2 * * *", "America/New_York", "2027-03-14T05:00:00Z"}, // put forward
		{"30 2 * * *", "Europe/Berlin", "2026-10-24T22:00:00Z"},    // set back
		{"*/5 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z"},
	} {
		from, err := time.Parse(time.RFC3339, c.night)
		if err != nil {
			t.Fatal(err)
		}
		s := parse(t, c.cron, c.zone)
		slot, _ := s.Next(from)
		told := Times(s, 2026)
		if !wakes(t, compiled(t, told), slot.Time) {
			t.Errorf("%s in %s: Temporal does not fire at %s", c.cron, c.zone, slot.Time)
		}
		told.Intervals = nil
		if wakes(t, compiled(t, told), slot.Time) {
			t.Errorf("%s in %s: Temporal fires at %s by the calendar alone", c.cron, c.zone, slot.Time)
		}
	}
}

// TestEitherDay: where cron takes a day that satisfies either field, so does Temporal.
func TestEitherDay(t *testing.T) {
	for cron, want := range map[string]string{
		"0 6 13 * 5":   "0 6 13 * *; 0 6 * * 5",
		"0 6 */2 * 5":  "0 6 1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31 * 5",
		"0 6 * 1-3 5":  "0 6 * 1-3 5",
		"0 6 1 * *":    "0 6 1 * *",
		"*/30 * * * 7": "0,30 * * * 0",
	} {
		var got []string
		for _, c := range Times(parse(t, cron, "UTC"), 2026).Calendars {
			got = append(got, calendarText(c))
		}
		if text := strings.Join(got, "; "); text != want {
			t.Errorf("%s is %s, not %s", cron, text, want)
		}
	}
}
