package export

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/schedule"
)

func parse(t *testing.T, s schedule.Spec) *schedule.Schedule {
	t.Helper()
	out, err := schedule.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func job(t *testing.T, s schedule.Spec) Job {
	return Job{Name: "nightly", Schedule: parse(t, s), Targets: []string{"target.parquet.users"}, Enabled: true}
}

var options = Options{Command: "/usr/bin/inlay", Folder: "/srv/crm", Year: 2026}

func specs() []schedule.Spec {
	var out []schedule.Spec
	for _, cron := range []string{"10 0 * * *", "30 2 * * *", "0 2,14 * * *", "45 23 * * MON-FRI", "0 6 * * 0", "15 1 1 * *", "0 9 1,15 * SUN", "*/20 3 */2 * MON", "@hourly", "30 */6 * * *", "*/15 9-17 * * 1-5", "*/2 9-17 * * 1-5", "1,58 2,3 * * *"} {
		for _, zone := range []string{"UTC", "Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Antarctica/Troll"} {
			for _, delay := range []time.Duration{0, 30 * time.Minute, 3*time.Hour + 10*time.Second} {
				out = append(out, schedule.Spec{Cron: cron, Timezone: zone, Delay: delay})
			}
		}
	}
	return append(out, schedule.Spec{Cron: "0 1 * * *", Timezone: "Europe/Paris", Jitter: 20 * time.Minute})
}

// matcher reads a cron line as any cron does, without the code that wrote it.
func matcher(t *testing.T, line string) func(time.Time) bool {
	t.Helper()
	parts := strings.Fields(line)[:5]
	field := func(i, v int) bool {
		p := parts[i]
		if p == "*" {
			return true
		}
		if n, ok := strings.CutPrefix(p, "*/"); ok {
			step, err := strconv.Atoi(n)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			return v%step == map[bool]int{true: 1 % step, false: 0}[i == 2 || i == 3]
		}
		for _, one := range strings.Split(p, ",") {
			n, err := strconv.Atoi(one)
			if err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if n == v {
				return true
			}
		}
		return false
	}
	return func(at time.Time) bool {
		day, week := field(2, at.Day()), field(4, int(at.Weekday()))
		either := day && week
		if parts[2] != "*" && parts[4] != "*" {
			either = day || week
		}
		return field(0, at.Minute()) && field(1, at.Hour()) && field(3, int(at.Month())) && either
	}
}

// engine lists when an engine looks, minute by minute. One that is strict skips what a clock
// change skips and takes a repeated time once, at its second coming when late says so.
func engine(lines []func(time.Time) bool, zone *time.Location, from, to time.Time, late bool) []time.Time {
	var out []time.Time
	for at := from; at.Before(to); at = at.Add(time.Minute) {
		local := at.In(zone)
		if late && local.Add(time.Hour).Hour() == local.Hour() || !late && local.Add(-time.Hour).Hour() == local.Hour() {
			continue // the first coming of a repeated hour, or the second
		}
		if slices.ContainsFunc(lines, func(m func(time.Time) bool) bool { return m(local) }) {
			out = append(out, at)
		}
	}
	return out
}

func linesOf(t *testing.T, text, pattern string) []func(time.Time) bool {
	t.Helper()
	var out []func(time.Time) bool
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		out = append(out, matcher(t, m[1]))
	}
	if len(out) == 0 {
		t.Fatalf("no line in\n%s", text)
	}
	return out
}

// TestEverySlotIsLookedFor: after each slot is due an engine looks, soon enough, across the
// clock changes of a year, whatever it does with skipped and repeated times.
func TestEverySlotIsLookedFor(t *testing.T) {
	spans := [][2]string{{"2026-03-07", "2026-03-09"}, {"2026-03-28", "2026-04-06"}, {"2026-10-03", "2026-10-05"}, {"2026-10-24", "2026-10-26"}, {"2026-10-31", "2026-11-02"}}
	if os.Getenv("INLAY_LONG") != "" {
		spans = [][2]string{{"2026-01-01", "2029-01-01"}}
	}
	for i, spec := range specs() {
		if i%2 == 1 && os.Getenv("INLAY_LONG") == "" {
			continue
		}
		j := job(t, spec)
		_, step := steps(j.Schedule.Zone(), 2026)
		files := func(f Format) string {
			out, err := Files(f, []Job{j}, options)
			if err != nil {
				t.Fatal(err)
			}
			return out[0].Text
		}
		cron := linesOf(t, files(Cron), `(?m)^([-*/0-9,]+(?: [-*/0-9,]+){4}) cd`)
		kube := linesOf(t, files(Kubernetes), `schedule: "([^"]*)"`)
		hub := linesOf(t, files(GitHub), `cron: "([^"]*)"`)
		for _, s := range spans {
			from, _ := time.Parse(time.DateOnly, s[0])
			to, _ := time.Parse(time.DateOnly, s[1])
			after := to.Add(50 * time.Hour)
			for _, e := range []struct {
				name  string
				looks []time.Time
				slack time.Duration
			}{
				{"cron", engine(cron, j.Schedule.Zone(), from, after, false), step},
				{"kubernetes", engine(kube, j.Schedule.Zone(), from, after, true), step},
				{"github", engine(hub, time.UTC, from, after, false), step},
			} {
				if j.Schedule.Repeats() && step > 0 && e.name != "github" {
					e.slack += 2 * time.Hour // an hour that an engine left out
				}
				checkLooks(t, e.name, j, e.looks, from, to, e.slack+every*time.Minute)
			}
		}
	}
}

func checkLooks(t *testing.T, name string, j Job, looks []time.Time, from, to time.Time, slack time.Duration) {
	t.Helper()
	spec := j.Schedule.Spec()
	for slot, ok := j.Schedule.Next(from); ok && slot.Time.Before(to); slot, ok = j.Schedule.Next(slot.Time) {
		due := slot.Time.Add(spec.Delay + spec.Jitter)
		i, _ := slices.BinarySearchFunc(looks, due, time.Time.Compare)
		if i == len(looks) || looks[i].Sub(due) > slack {
			t.Errorf("%s: %q in %s, delay %s: no look within %s after %s", name, spec.Cron, spec.Timezone, spec.Delay, slack, due)
			return
		}
	}
}

// TestExports shows what is written for one schedule.
func TestExports(t *testing.T) {
	jobs := []Job{
		job(t, schedule.Spec{Cron: "10 0 * * *", Timezone: "Asia/Tokyo", Delay: 30 * time.Minute}),
		{Name: `per["a b"]`, Schedule: parse(t, schedule.Spec{Cron: "0 9 1,15 * SUN", Timezone: "America/New_York"}), Targets: []string{"target.parquet.tags"}, Enabled: true},
		{Name: "later", Schedule: parse(t, schedule.Spec{Cron: "@daily", Paused: true}), Targets: []string{"target.parquet.x"}, Enabled: true},
		{Name: "lonely", Schedule: parse(t, schedule.Spec{Cron: "@daily"}), Enabled: true},
	}
	for format, want := range map[Format][]string{
		Systemd: {"OnCalendar=*-*-* 00:40:00 Asia/Tokyo", "OnCalendar=*-*-01,15 09,10:00:00 America/New_York", "OnCalendar=Sun *-*-* 09,10:00:00 America/New_York",
			"ExecStart=/usr/bin/inlay run -due", "schedule.later is paused", "schedule.lonely has no target"},
		Cron:       {"CRON_TZ=Asia/Tokyo\n40 0 * * * cd /srv/crm && /usr/bin/inlay run -due", "CRON_TZ=America/New_York\n0 9,10 1,15 * 0 cd", "@reboot", "schedule.later is paused"},
		Kubernetes: {"name: inlay-nightly\n", `schedule: "40 0 * * *"`, `timeZone: "Asia/Tokyo"`, "name: inlay-per-a-b\n", "schedule.lonely has no target"},
		GitHub:     {`- cron: "40 15 * * *"`, `- cron: "0 13,14 1,15 * 0"`, "runs-on: self-hosted", "schedule.later is paused"},
	} {
		files, err := Files(format, jobs, options)
		if err != nil {
			t.Fatal(err)
		}
		text := ""
		for _, f := range files {
			text += f.Text
		}
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %q:\n%s", format, w, text)
			}
		}
	}
	if _, err := Files("hourglass", jobs, options); err == nil || !strings.Contains(err.Error(), "systemd, cron, kubernetes, github") {
		t.Errorf("an unknown format: %v", err)
	}
}
