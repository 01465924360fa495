// Package export writes schedules for schedulers of others: systemd, cron, Kubernetes and
// GitHub Actions.
//
// What it writes says when to look, never what to do: every line calls `inlay run -due`,
// which imports the slots that have come and are not done, and nothing when there are none.
// So a look that comes late, twice or for no reason does no harm, and where an engine's
// rules for clock changes or missed times differ from inlay's, the text has a further look
// that makes up for it, and a comment that says so. The package guarantees that after the
// moment each slot is due a look follows, before the next slot and within the largest step
// of the zone's clock, wherever the engine keeps its own promise.
//
// It is pure: the same schedules give the same text.
package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
)

// Format names an engine.
type Format string

// The engines.
const (
	Systemd    Format = "systemd"
	Cron       Format = "cron"
	Kubernetes Format = "kubernetes"
	GitHub     Format = "github"
)

// Formats are all engines, as a person names them.
func Formats() []string {
	return []string{string(Systemd), string(Cron), string(Kubernetes), string(GitHub)}
}

// Job is one schedule to write.
type Job struct {
	Name     string // of the block: letters, digits, - and _; and [key] of for_each
	Schedule *schedule.Schedule
	Targets  []string // addresses, named in comments
	Enabled  bool
}

// Options say how inlay is called there.
type Options struct {
	Command string // path of the program; "" is inlay
	Folder  string // of the configuration, absolute
	Image   string // Kubernetes: the container's image; "" is inlay
	// Year is the first of the ten years whose clock changes are looked at.
	Year int
}

// File is one file of text.
type File struct{ Name, Text string }

// Files writes the jobs for an engine. Jobs that are paused, disabled or without a target
// are named in a comment and have no look. The error names a format that is none.
func Files(f Format, jobs []Job, o Options) ([]File, error) {
	write := map[Format]func([]Job, Options) []File{
		Systemd: systemd, Cron: crontab, Kubernetes: kubernetes, GitHub: github,
	}[f]
	if write == nil {
		return nil, fmt.Errorf("%q is no format of schedules; there are %s", f, strings.Join(Formats(), ", "))
	}
	if o.Command == "" {
		o.Command = "inlay"
	}
	if o.Image == "" {
		o.Image = "inlay"
	}
	return write(jobs, o), nil
}

// off says why a job has no looks; "" when it has.
func (j Job) off() string {
	switch {
	case j.Schedule.Spec().Paused:
		return "is paused"
	case !j.Enabled:
		return "is disabled"
	case len(j.Targets) == 0:
		return "has no target"
	}
	return ""
}

// fileName is a job's name as a file, a unit or an object of Kubernetes may be called.
func (j Job) fileName() string {
	var b strings.Builder
	for _, c := range strings.ToLower(j.Name) {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
			b.WriteByte('-')
		}
	}
	return "inlay-" + strings.Trim(b.String(), "-")
}

// about is the comment in front of a job: its declaration and what to know.
func (j Job) about(notes []string) []string {
	s := j.Schedule.Spec()
	first := fmt.Sprintf("schedule.%s: %s in %s", j.Name, s.Cron, s.Timezone)
	if s.Delay > 0 {
		first += ", delay " + setting.ShortDuration(s.Delay)
	}
	if s.Jitter > 0 {
		first += ", jitter " + setting.ShortDuration(s.Jitter)
	}
	out := []string{first, "for " + strings.Join(j.Targets, ", ")}
	return append(out, notes...)
}

// comment writes lines as comments of at most 100 characters.
func comment(lines []string) string {
	var b strings.Builder
	for _, l := range lines {
		at := 0
		b.WriteByte('#')
		for _, w := range strings.Fields(l) {
			if at > 0 && at+1+len(w) > 97 {
				b.WriteString("\n#  ")
				at = 0
			}
			b.WriteString(" " + w)
			at += 1 + len(w)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// steps are the sizes of a zone's clock in ten years: every offset it has, and the largest
// change between two.
func steps(zone *time.Location, year int) (offsets []int, largest time.Duration) {
	from, to := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(year+10, 1, 1, 0, 0, 0, 0, time.UTC)
	last := 0
	for at := from; at.Before(to); {
		_, offset := at.In(zone).Zone()
		if !slices.Contains(offsets, offset) {
			offsets = append(offsets, offset)
		}
		if at != from {
			largest = max(largest, time.Duration(max(offset-last, last-offset))*time.Second)
		}
		last = offset
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() {
			break
		}
		at = later(end, at)
	}
	slices.Sort(offsets)
	return offsets, largest
}

// later is end, or a day on where a zone's bound does not lie ahead.
func later(end, at time.Time) time.Time {
	if end.After(at) {
		return end.UTC()
	}
	return at.AddDate(0, 0, 1)
}
