package schedule

import (
	"fmt"
	"math/bits"
	"strings"
)

// cron is a parsed expression: five sets of bits and how to combine them.
type cron struct {
	minute, hour, dom, month, dow uint64
	domGiven, dowGiven            bool // the field is more than `*` or `?`
	both                          bool // a day must satisfy both fields of days
	repeats                       bool // see the package comment
	uneven                        []string
}

func parseCron(text string) (cron, error) {
	parts, err := cronParts(text)
	if err != nil {
		return cron{}, err
	}
	var c cron
	fields := cronFields()
	for i, set := range []*uint64{&c.minute, &c.hour, &c.dom, &c.month, &c.dow} {
		bitset, warn, err := fields[i].parse(parts[i])
		if err != nil {
			return cron{}, err
		}
		*set = bitset
		c.uneven = append(c.uneven, warn...)
	}
	c.domGiven, c.dowGiven = !isStar(parts[2]), !isStar(parts[4])
	c.both = beginsWithStar(parts[2]) || beginsWithStar(parts[4])
	c.repeats = strings.ContainsAny(parts[1], "*-/") && bits.OnesCount64(c.hour) > 1
	if !c.fires() {
		return cron{}, &Error{
			Field:      "cron",
			Problem:    fmt.Sprintf("%q never fires: no date has that day and month.", text),
			Suggestion: "Name a day that the month has, such as 28 for February.",
		}
	}
	return c, nil
}

func isStar(part string) bool { return part == "*" || part == "?" }

func beginsWithStar(part string) bool { return part[0] == '*' || part[0] == '?' }

// cronParts splits an expression into its five fields, with what @-names stand for.
func cronParts(text string) ([]string, error) {
	parts := strings.Fields(text)
	switch {
	case len(parts) == 0:
		return nil, notCron("The expression is empty.", `Write five fields, such as "10 0 * * *" for ten past midnight every day.`)
	case parts[0][0] == '@':
		return atName(text)
	case strings.Contains(parts[0], "="):
		return nil, notCron(fmt.Sprintf("%q begins with a setting, which an expression cannot hold.", text),
			"Give the zone in the attribute timezone and leave it out of cron.")
	case len(parts) == 5:
		return parts, nil
	case len(parts) == 6 && strings.Trim(parts[0], "0") == "":
		return nil, notCron(fmt.Sprintf("%q has six fields; seconds are not part of cron.", text),
			fmt.Sprintf("Write %q.", strings.Join(parts[1:], " ")))
	}
	return nil, notCron(fmt.Sprintf("%q has %d fields, but cron has five: minute, hour, day of month, month, day of week.", text, len(parts)),
		`Write them with spaces between, such as "10 0 * * *".`)
}

func atName(text string) ([]string, error) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "@hourly":
		return strings.Fields("0 * * * *"), nil
	case "@daily", "@midnight":
		return strings.Fields("0 0 * * *"), nil
	case "@weekly":
		return strings.Fields("0 0 * * 0"), nil
	case "@monthly":
		return strings.Fields("0 0 1 * *"), nil
	case "@yearly", "@annually":
		return strings.Fields("0 0 1 1 *"), nil
	}
	suggestion := "Write @hourly, @daily, @weekly, @monthly or @yearly, or five fields."
	if strings.HasPrefix(strings.ToLower(text), "@every") {
		suggestion = "Write a step instead, such as \"*/15 * * * *\" for every quarter of an hour."
	}
	return nil, notCron(fmt.Sprintf("%q is not a name for an expression.", text), suggestion)
}

func notCron(problem, suggestion string) error {
	return &Error{Field: "cron", Problem: problem, Suggestion: suggestion}
}

// fires reports whether any date matches. 28 years around 2000 hold every combination of
// month, day and weekday, 29 February included.
func (c *cron) fires() bool {
	const from, to = 10957, 10957 + 28*366 // 2000-01-01 in days since 1970
	_, ok := c.nextDay(from, to)
	return ok
}

// onDay reports whether the date with this weekday matches.
func (c *cron) onDay(month, dom, weekday int) bool {
	if c.month>>month&1 == 0 {
		return false
	}
	inMonth, inWeek := c.dom>>dom&1 == 1, c.dow>>weekday&1 == 1
	if c.both {
		return inMonth && inWeek
	}
	return inMonth || inWeek
}
