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
	match   func(t face) bool
}

func expressions() []expression {
	at := func(t face, h, m int) bool { return t.Hour() == h && t.Minute() == m }
	return []expression{
		{"10 0 * * *", false, func(t face) bool { return at(t, 0, 10) }},
		{"30 2 * * *", false, func(t face) bool { return at(t, 2, 30) }},
		{"30 1 * * MON-FRI", false, func(t face) bool {
			return at(t, 1, 30) && t.Weekday() != time.Sunday && t.Weekday() != time.Saturday
		}},
		{"0 23 * * 7", false, func(t face) bool { return at(t, 23, 0) && t.Weekday() == time.Sunday }},
		{"0 2,14 * * *", false, func(t face) bool { return at(t, 2, 0) || at(t, 14, 0) }},
		{"*/15 1 * * *", false, func(t face) bool { return t.Hour() == 1 && t.Minute()%15 == 0 }},
		{"0 0 1,15 * SUN", false, func(t face) bool {
			return at(t, 0, 0) && (t.Day() == 1 || t.Day() == 15 || t.Weekday() == time.Sunday)
		}},
		{"59 23 28-31 3,10 ?", false, func(t face) bool {
			return at(t, 23, 59) && t.Day() >= 28 && (t.Month() == 3 || t.Month() == 10)
		}},
		{"0 * * * *", true, func(t face) bool { return t.Minute() == 0 }},
		{"*/20 * * * *", true, func(t face) bool { return t.Minute()%20 == 0 }},
		{"30 */6 * * *", true, func(t face) bool { return t.Hour()%6 == 0 && t.Minute() == 30 }},
		{"5-10/5 0-3 */2 * MON", true, func(t face) bool {
			return (t.Minute() == 5 || t.Minute() == 10) && t.Hour() <= 3 && t.Day()%2 == 1 && t.Weekday() == time.Monday
		}},
	}
}

// face is what a zone's clock shows, taken apart.
type face struct {
	civil             time.Time // as if UTC
	minute, hour, day int
	month             time.Month
	weekday           time.Weekday
}

func faceOf(c time.Time) face {
	return face{c, c.Minute(), c.Hour(), c.Day(), c.Month(), c.Weekday()}
}

func (f face) Minute() int           { return f.minute }
func (f face) Hour() int             { return f.hour }
func (f face) Day() int              { return f.day }
func (f face) Month() time.Month     { return f.month }
func (f face) Weekday() time.Weekday { return f.weekday }

// glance is one look at a clock.
type glance struct {
	at      time.Time
	shows   face
	fresh   bool   // it was never shown before
	skipped []face // what it jumped over to get there, the latest first
}

// watch looks at a zone's clock each minute of a span.
func watch(zone *time.Location, from, to time.Time) []glance {
	out := make([]glance, 0, to.Sub(from)/time.Minute+1)
	var latest time.Time // what the clock has shown so far
	for t := from.Add(-27 * time.Hour); t.Before(to); t = t.Add(time.Minute) {
		l := t.In(zone)
		shown := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
		if latest.IsZero() {
			latest = shown.Add(-time.Minute)
		}
		g := glance{at: t, shows: faceOf(shown), fresh: shown.After(latest)}
		for c := shown.Add(-time.Minute); c.After(latest); c = c.Add(-time.Minute) {
			g.skipped = append(g.skipped, faceOf(c))
		}
		if g.fresh {
			latest = shown
		}
		if !t.Before(from) {
			out = append(out, g)
		}
	}
	return out
}

// fires is the oracle: every slot of an expression, by looking at each glance. A repeating
// one fires whenever the clock shows a match; a fixed one when the clock first shows a match
// or a later time.
func fires(e expression, zoneName string, glances []glance) []Slot {
	var out []Slot
	for i := range glances {
		g := &glances[i]
		if e.repeats {
			if e.match(g.shows) {
				out = append(out, Slot{g.at, g.at.Format("2006-01-02T15:04:05Z")})
			}
			continue
		}
		if c, ok := e.reached(g); ok {
			out = append(out, Slot{g.at, c.civil.Format("2006-01-02T15:04") + "@" + zoneName})
		}
	}
	return out
}

// reached is the latest match that a clock shows or jumps over for the first time.
func (e expression) reached(g *glance) (face, bool) {
	if g.fresh && e.match(g.shows) {
		return g.shows, true
	}
	i := slices.IndexFunc(g.skipped, e.match)
	if i < 0 {
		return face{}, false
	}
	return g.skipped[i], true
}

// scan is every slot of an expression in a span.
func scan(zone *time.Location, zoneName string, e expression, from, to time.Time) []Slot {
	return fires(e, zoneName, watch(zone, from, to))
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

// TestOracle compares three days around every change of each zone's clock from 2015 to 2040
// with a look at every minute. The long form takes all zones.
func TestOracle(t *testing.T) {
	zones := sixtyZones()
	if len(zones) < 60 || len(expressions()) < 12 {
		t.Fatalf("only %d zones, %d expressions", len(zones), len(expressions()))
	}
	if long() {
		zones = strings.Fields(zoneNames)
	}
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := ParseZone(name)
			if err != nil {
				t.Fatal(err)
			}
			changes := transitions(zone, 2015, 2040)
			for _, at := range changes {
				against(t, zone, name, at.Add(-36*time.Hour), at.Add(36*time.Hour))
			}
			if len(changes) == 0 {
				from := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
				against(t, zone, name, from, from.Add(72*time.Hour))
			}
		})
	}
}

// against walks a span forwards with Next and backwards with Prev, by each expression, and
// expects the oracle's slots.
func against(t *testing.T, zone *time.Location, name string, from, to time.Time) {
	t.Helper()
	from = from.Truncate(time.Minute)
	glances := watch(zone, from, to)
	for _, e := range expressions() {
		compare(t, name, e, from, to, fires(e, name, glances))
	}
}

func compare(t *testing.T, name string, e expression, from, to time.Time, want []Slot) {
	t.Helper()
	s, err := Parse(Spec{Cron: e.cron, Timezone: name})
	if err != nil {
		t.Fatalf("%s: %v", e.cron, err)
	}
	if s.Repeats() != e.repeats {
		t.Fatalf("%s: Repeats() = %v", e.cron, s.Repeats())
	}
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

// onesIn lists the values in a set, for generated expressions.
func onesIn(set uint64) (out []int) {
	for ; set != 0; set &= set - 1 {
		out = append(out, bits.TrailingZeros64(set))
	}
	return out
}
