package schedule

import (
	"fmt"
	"math/bits"
	"time"
)

// Spec is a schedule as it is declared.
type Spec struct {
	Cron     string
	Timezone string        // an IANA name; "" is UTC
	Delay    time.Duration // a run starts this long after its slot
	Jitter   time.Duration // and up to this much later, the same for each address every time
	Catchup  string        // Latest or None; "" is Latest
	Paused   bool          // nothing is due
}

// What becomes of a slot that was missed.
const (
	Latest = "latest" // the latest missed one runs as soon as possible, once
	None   = "none"   // a slot lapses after an hour, or half the time to the next slot if that is less
)

const (
	maxDelay  = 31 * 24 * time.Hour
	maxJitter = 24 * time.Hour
)

// Schedule is a parsed, valid, immutable schedule.
type Schedule struct {
	spec     Spec // with the defaults filled in
	cron     cron
	zone     *time.Location
	warnings []string
}

// Parse checks spec and returns its schedule. Its errors are *Error.
func Parse(spec Spec) (*Schedule, error) {
	if spec.Timezone == "" {
		spec.Timezone = "UTC"
	}
	if spec.Catchup == "" {
		spec.Catchup = Latest
	}
	c, err := parseCron(spec.Cron)
	if err != nil {
		return nil, err
	}
	zone, err := ParseZone(spec.Timezone)
	if err != nil {
		return nil, err
	}
	if err := checkWaits(spec); err != nil {
		return nil, err
	}
	if spec.Catchup != Latest && spec.Catchup != None {
		return nil, &Error{
			Field:      "catchup",
			Problem:    fmt.Sprintf("%q does not say what becomes of a missed slot.", spec.Catchup),
			Suggestion: `Write "latest" to run the latest missed slot as soon as possible, or "none" to let missed slots lapse.`,
		}
	}
	return &Schedule{spec: spec, cron: c, zone: zone, warnings: warnings(c)}, nil
}

func checkWaits(spec Spec) error {
	for _, w := range []struct {
		field      string
		value, max time.Duration
		limit      string
	}{
		{"delay", spec.Delay, maxDelay, "31 days"},
		{"jitter", spec.Jitter, maxJitter, "24 hours"},
	} {
		switch {
		case w.value < 0:
			return &Error{
				Field:      w.field,
				Problem:    fmt.Sprintf("The %s is %s, but a run cannot start before its slot.", w.field, w.value),
				Suggestion: `Write a duration of zero or more, such as "30m".`,
			}
		case w.value > w.max:
			return &Error{
				Field:      w.field,
				Problem:    fmt.Sprintf("The %s is %s, which is more than the %s allowed.", w.field, w.value, w.limit),
				Suggestion: "Write a shorter one, or move the slot by changing cron.",
			}
		}
	}
	return nil
}

// Spec returns what the schedule was parsed from, with the defaults filled in.
func (s *Schedule) Spec() Spec { return s.spec }

// Zone returns the zone its fields are read in.
func (s *Schedule) Zone() *time.Location { return s.zone }

// Repeats reports whether the hour field repeats, so that slots follow elapsed time and
// are named in UTC. The package comment draws the line.
func (s *Schedule) Repeats() bool { return s.cron.repeats }

// Warnings are full sentences about what is allowed and probably not meant.
func (s *Schedule) Warnings() []string { return append([]string(nil), s.warnings...) }

func warnings(c cron) []string {
	var out []string
	switch {
	case c.domGiven && c.dowGiven && c.both:
		out = append(out, "Both day of month and day of week are given, and one of them begins with `*`: "+
			"cron then takes only the days that satisfy both.")
	case c.domGiven && c.dowGiven:
		out = append(out, "Both day of month and day of week are given: cron takes a day that satisfies either of them, not both.")
	}
	if first := bits.TrailingZeros64(c.dom); first > 28 && !c.dowGiven {
		out = append(out, fmt.Sprintf("Months without a day %d have no slot.", first))
	}
	return append(out, c.uneven...)
}

// unevenStep warns of a step that does not divide its field: the last stretch is shorter.
func unevenStep(f field, text string, step int) string {
	size := f.max - f.min + 1
	if f.name != "minute" && f.name != "hour" || size%step == 0 {
		return ""
	}
	if step > size {
		return fmt.Sprintf("The step of `%s` is longer than the %d values of the %s field, so it means `%d` alone.", text, size, f.name, f.min)
	}
	whole := map[string]string{"minute": "hour", "hour": "day"}[f.name]
	return fmt.Sprintf("`%s` in the %s field starts again every %s, so the last stretch is shorter than %d %ss.",
		text, f.name, whole, step, f.name)
}
