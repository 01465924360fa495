package export

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/schedule"
)

// look is a set of times of day, on certain days, at which an engine calls inlay. Every
// minute goes with every hour.
type look struct {
	minutes, hours         []int
	days, months, weekdays []int
	anyDay, anyWeekday     bool
	both                   bool // a day must satisfy both fields of days
}

// every is how often inlay looks where times cannot be written as an engine's own.
const every = 5

func polling() look {
	var minutes []int
	for m := 0; m < 60; m += every {
		minutes = append(minutes, m)
	}
	return look{minutes: minutes, hours: span(0, 23), days: span(1, 31), months: span(1, 12), weekdays: span(0, 6), anyDay: true, anyWeekday: true}
}

// tooOften reports whether a look comes again before one of an engine that polls would.
func (l look) tooOften() bool {
	for i, m := range l.minutes {
		if i > 0 && m-l.minutes[i-1] < every {
			return true
		}
	}
	last := l.minutes[len(l.minutes)-1]
	return len(l.minutes) > 1 && l.minutes[0]+60-last < every
}

func span(from, to int) []int {
	var out []int
	for i := from; i <= to; i++ {
		out = append(out, i)
	}
	return out
}

// wait is how long after a slot the last of its targets is due, in whole minutes.
func wait(s *schedule.Schedule) int {
	d := s.Spec().Delay + s.Spec().Jitter
	return int((d + time.Minute - 1) / time.Minute)
}

// looks moves the times of an expression by each of these minutes and puts them together;
// false when days that are chosen by date would move to another date, which no expression
// says. Then polling stands in.
func looks(f schedule.Fields, minutes []int) ([]look, bool) {
	byDay := map[int]map[int]bool{} // days to move by: minutes of the day
	for _, by := range minutes {
		for _, h := range f.Hours {
			for _, m := range f.Minutes {
				t := h*60 + m + by
				d := floor(t, 1440)
				if byDay[d] == nil {
					byDay[d] = map[int]bool{}
				}
				byDay[d][t-1440*d] = true
			}
		}
	}
	everyMonth := len(f.Months) == 12
	if f.AnyDay && f.AnyWeekday && everyMonth { // every day is like every other
		all := map[int]bool{}
		for _, times := range byDay {
			maps.Copy(all, times)
		}
		byDay = map[int]map[int]bool{0: all}
	}
	var out []look
	for _, d := range slices.Sorted(maps.Keys(byDay)) {
		if d != 0 && !(f.AnyDay && everyMonth) {
			return []look{polling()}, false
		}
		for _, l := range products(byDay[d]) {
			l.days, l.months, l.anyDay, l.anyWeekday, l.both = f.Days, f.Months, f.AnyDay, f.AnyWeekday, f.Both
			for _, w := range f.Weekdays {
				l.weekdays = append(l.weekdays, ((w+d)%7+7)%7)
			}
			slices.Sort(l.weekdays)
			out = append(out, l)
		}
	}
	return out, true
}

func floor(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// products writes times of day as few sets of minutes and hours: the hours that share
// their minutes go together.
func products(times map[int]bool) []look {
	minutesOf := map[int][]int{}
	for _, t := range slices.Sorted(maps.Keys(times)) {
		minutesOf[t/60] = append(minutesOf[t/60], t%60)
	}
	at := map[string]int{}
	var out []look
	for _, h := range slices.Sorted(maps.Keys(minutesOf)) {
		key := list(minutesOf[h], ",", "")
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key] = i
			out = append(out, look{minutes: minutesOf[h]})
		}
		out[i].hours = append(out[i].hours, h)
	}
	return out
}

// cron writes a look as five fields of numbers, which every cron reads alike. Where a day
// must satisfy both fields of days, cron looks on a day that satisfies either.
func (l look) cron() string {
	day, weekday := list(l.days, ",", ""), list(l.weekdays, ",", "")
	if l.anyDay {
		day = "*"
	}
	if l.anyWeekday {
		weekday = "*"
	}
	return strings.Join([]string{some(l.minutes, 0, 59), some(l.hours, 0, 23), day, some(l.months, 1, 12), weekday}, " ")
}

// some writes a field: `*` for all of it, a step where the values are one, else a list.
func some(values []int, from, to int) string {
	if len(values) == to-from+1 {
		return "*"
	}
	if n := len(values); n > 2 && values[0] == from {
		step := values[1] - values[0]
		regular := (to-from+1)%step == 0 && n == (to-from+1)/step
		for i := range values {
			regular = regular && values[i] == from+i*step
		}
		if regular {
			return "*/" + strconv.Itoa(step)
		}
	}
	return list(values, ",", "")
}

// list writes numbers with something between them, each with a zero in front when pad
// says so.
func list(values []int, between, pad string) string {
	var parts []string
	for _, v := range values {
		text := strconv.Itoa(v)
		if pad != "" && len(text) < 2 {
			text = pad + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, between)
}

// inZone are the looks of a job for an engine that reads times in the schedule's zone, with
// what to know about them.
func (j Job) inZone(year int) ([]look, []string) {
	s := j.Schedule
	by := []int{wait(s)}
	_, step := steps(s.Zone(), year)
	var notes []string
	if step > 0 {
		by = append(by, wait(s)+int(step/time.Minute))
		notes = append(notes, "The clock of "+s.Spec().Timezone+" changes, and engines skip or repeat times then. The look "+words(step)+
			" after each slot makes up for it: inlay itself knows which slots have come, each once.")
	}
	out, ok := looks(s.Fields(), by)
	return out, append(notes, j.notes(ok)...)
}

// inUTC are the looks of a job for an engine that knows UTC alone: one for every offset
// that the zone has.
func (j Job) inUTC(year int) ([]look, []string) {
	s := j.Schedule
	offsets, step := steps(s.Zone(), year)
	var by []int
	for _, o := range offsets {
		by = append(by, wait(s)-floor(o, 60))
	}
	var notes []string
	if step > 0 {
		notes = append(notes, "The engine knows UTC alone and the clock of "+s.Spec().Timezone+
			" changes, so it looks at each of the zone's offsets from UTC. Looks that find nothing due do nothing.")
	}
	out, ok := looks(s.Fields(), by)
	return out, append(notes, j.notes(ok)...)
}

func (j Job) notes(exact bool) []string {
	var out []string
	s := j.Schedule
	if !exact {
		out = append(out, "The delay or the zone moves chosen dates to other dates, which no expression says, so inlay looks every "+
			strconv.Itoa(every)+" minutes.")
	}
	if s.Spec().Jitter > 0 {
		out = append(out, "The targets begin together at the end of the jitter, not each at its own moment.")
	}
	if s.Fields().Both {
		out = append(out, "Both fields of days must hold; an engine that takes either looks more often than needed, and finds nothing due.")
	}
	if s.Spec().Catchup == schedule.None {
		out = append(out, "catchup = \"none\": a look that comes more than an hour late, or half the time to the next slot, finds the slot lapsed.")
	}
	return out
}

func words(d time.Duration) string {
	if d%time.Hour == 0 {
		if d == time.Hour {
			return "an hour"
		}
		return strconv.Itoa(int(d/time.Hour)) + " hours"
	}
	return strconv.Itoa(int(d/time.Minute)) + " minutes"
}
