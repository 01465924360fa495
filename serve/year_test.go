package serve

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

// expected is a target of the simulation: its schedule, and the meaning of that written by
// hand, so that the oracle shares no code with package schedule.
type expected struct {
	target, cron, zone string
	delay              time.Duration
	hours              []int // at this minute of these hours
	minute             int
	repeats            bool
}

func expectations() []expected {
	return []expected{
		{"new_york", "30 2 * * *", "America/New_York", 0, []int{2}, 30, false},
		{"lord_howe", "10 2 * * *", "Australia/Lord_Howe", 30 * time.Minute, []int{2}, 10, false},
		{"santiago", "0 0,12 * * *", "America/Santiago", 0, []int{0, 12}, 0, false},
		{"cairo", "30 */6 * * *", "Africa/Cairo", 5 * time.Minute, []int{0, 6, 12, 18}, 30, true},
	}
}

// blocks are the schedule and the target of e.
func (e expected) blocks() string {
	return fmt.Sprintf(`
schedule %[1]q {
  cron     = %[2]q
  timezone = %[3]q
  delay    = "%[4]dm"
}
target "parquet" %[1]q {
  source   = source.intercom.tags
  mode     = "replace"
  schedule = schedule.%[1]s
}
`, e.target, e.cron, e.zone, int(e.delay.Minutes()))
}

// slot is when something is due, and its name.
type slot struct {
	due  time.Time
	name string
}

// slots looks at the zone's clock each minute of a span: a repeating expression fires whenever
// it shows a match, a fixed one when it first shows a match or a later time.
func (e expected) slots(t *testing.T, from, to time.Time) []slot {
	t.Helper()
	zone, err := time.LoadLocation(e.zone)
	if err != nil {
		t.Fatal(err)
	}
	var out []slot
	matches := func(at time.Time) bool { return at.Minute() == e.minute && slices.Contains(e.hours, at.Hour()) }
	var latest time.Time
	for at := from.Add(-30 * time.Hour); at.Before(to); at = at.Add(time.Minute) {
		l := at.In(zone)
		shown := time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
		if latest.IsZero() {
			latest = shown
		}
		if e.repeats {
			if matches(shown) {
				out = append(out, slot{at.Add(e.delay), at.UTC().Format(time.RFC3339)})
			}
			continue
		}
		for c := latest.Add(time.Minute); !c.After(shown); c = c.Add(time.Minute) {
			if matches(c) {
				out = append(out, slot{at.Add(e.delay), c.Format("2006-01-02T15:04") + "@" + e.zone})
			}
			latest = c
		}
	}
	return slices.DeleteFunc(out, func(s slot) bool { return s.due.Add(-e.delay).Before(from) })
}

// want are the slots that are imported: all, in order, but of those that came while the clock
// jumped only the latest; and none again that a clock put back shows a second time.
func want(all []slot, shifts []shift, end time.Time) []string {
	var out []string
	done := 0 // how many of all are behind
	come := func(until time.Time) int {
		return max(done, sort.Search(len(all), func(i int) bool { return all[i].due.After(until) }))
	}
	for _, h := range append(shifts, shift{end, end}) {
		for n := come(h.From); done < n; done++ {
			out = append(out, all[done].name)
		}
		if n := come(h.To); n > done {
			out, done = append(out, all[n-1].name), n
		}
	}
	return out
}

// upsets are suspends of up to four days, and a clock that is put forward and back, by chance.
func upsets(from, to time.Time, random *rand.Rand) []upset {
	var out []upset
	for at := from; at.Before(to); at = at.Add(time.Duration(1+random.IntN(60)) * time.Hour) {
		by := time.Duration(random.IntN(90)) * time.Minute
		switch random.IntN(5) {
		case 0:
			by = time.Duration(random.IntN(4*24*60)) * time.Minute
		case 1, 2:
			by = -by
		}
		out = append(out, upset{at, by})
	}
	return out
}

// TestSimulatedYear: the real loop through a year of its clock, with clock changes, suspends, a
// clock put forward and back, and kill -9 at any moment: the slots in the manifests are the
// oracle's, all of them, in order, each once. The short form is two weeks of spring and of
// autumn, the long one a year.
func TestSimulatedYear(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates weeks of imports")
	}
	spans, kills := [][2]string{{"2026-03-31T01:00:00Z", "2026-04-14T00:00:00Z"}, {"2026-10-24T01:00:00Z", "2026-11-07T00:00:00Z"}}, 4
	if long() {
		spans, kills = [][2]string{{"2026-01-01T01:00:00Z", "2027-01-01T00:00:00Z"}}, 150
	}
	for i, span := range spans {
		simulateSpan(t, span[0], span[1], kills, rand.New(rand.NewPCG(uint64(i), 2026)))
	}
}

func simulateSpan(t *testing.T, from, to string, kills int, random *rand.Rand) {
	hcl := daily[:strings.Index(daily, "schedule ")] + daily[strings.Index(daily, "source "):strings.Index(daily, "target ")]
	for _, e := range expectations() {
		hcl += e.blocks()
	}
	r := newRig(t, hcl, from)
	start := r.clock.Now()
	end, err := time.Parse(time.RFC3339, to)
	if err != nil {
		t.Fatal(err)
	}
	r.apply()
	planned := upsets(start.Add(time.Hour), end, random)
	for name, v := range map[string]any{"upsets.json": planned, "clock.json": savedClock{r.clock.Now(), 0, end}} {
		if err := writeJSON(filepath.Join(r.dir, name), v); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Now()
	killed := serveAndKill(t, r.dir, kills, random)
	var saved savedClock
	if err := readJSON(filepath.Join(r.dir, "clock.json"), &saved); err != nil {
		t.Fatal(err)
	}
	shifts := make([]shift, saved.Next)
	for i := range shifts {
		if err := readJSON(filepath.Join(r.dir, fmt.Sprintf("shift-%d.json", i)), &shifts[i]); err != nil {
			t.Fatal(err)
		}
	}
	imports := 0
	for _, e := range expectations() {
		got := r.slots("target.parquet." + e.target)
		want := want(e.slots(t, start, saved.Now.Add(time.Minute)), shifts, saved.Now)
		imports += len(got)
		if !slices.Equal(got, want) {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Errorf("%s: of %d slots imported and %d of the oracle, the first that differ: %v, %v", e.target, len(got), len(want), got[at:min(at+3, len(got))], want[at:min(at+3, len(want))])
		}
	}
	t.Logf("%s of the clock, %d imports, %d upsets of the clock, %d kills, in %s", saved.Now.Sub(start).Round(time.Hour), imports, len(shifts), killed, time.Since(began).Round(time.Second))
}

// serveAndKill lets one daemon after the other go on until one comes to the end, killing that
// many of them wherever they are.
func serveAndKill(t *testing.T, dir string, kills int, random *rand.Rand) (killed int) {
	t.Helper()
	for {
		var out syncBuffer
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "INLAY_TEST_YEAR="+dir)
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		var soon <-chan time.Time
		if killed < kills {
			soon = time.After(time.Duration(100+random.IntN(1500)) * time.Millisecond)
		}
		select {
		case err := <-ended:
			if err != nil || strings.Contains(out.String(), "level=ERROR") {
				t.Fatalf("the daemon ended with %v\n%s", err, out.String())
			}
			return killed
		case <-soon:
			killed++
			_ = cmd.Process.Kill() // it may be gone
			<-ended
		}
	}
}
