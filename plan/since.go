package plan

import (
	"strconv"
	"strings"
	"time"
)

// resolveSince turns a date, a time or an age ("90d") into RFC 3339 in UTC; "" for the
// beginning. What is none of these was refused when the configuration was read, and counts
// as the beginning.
func resolveSince(text string, now time.Time) string {
	if text == "" {
		return ""
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Format(time.RFC3339)
		}
	}
	if age, ok := span(text); ok {
		return now.Add(-age).UTC().Truncate(time.Second).Format(time.RFC3339)
	}
	return ""
}

// span reads a duration in which days and weeks are allowed: "30m", "90d", "1w12h".
func span(text string) (time.Duration, bool) {
	var total time.Duration
	for text != "" {
		n := strings.IndexFunc(text, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
		if n <= 0 {
			return 0, false
		}
		unit := strings.IndexFunc(text[n:], func(r rune) bool { return r >= '0' && r <= '9' || r == '.' })
		if unit < 0 {
			unit = len(text) - n
		}
		part, ok := spanPart(text[:n], text[n:n+unit])
		if !ok || total > total+part {
			return 0, false
		}
		total += part
		text = text[n+unit:]
	}
	return total, total > 0
}

func spanPart(count, unit string) (time.Duration, bool) {
	day := map[string]time.Duration{"d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[unit]
	if day == 0 {
		d, err := time.ParseDuration(count + unit)
		return d, err == nil
	}
	n, err := strconv.ParseFloat(count, 64)
	if err != nil || n > 36500 {
		return 0, false
	}
	return time.Duration(n * float64(day)), true
}

// earlier reports whether bound a (RFC 3339, "" is the beginning) lies before bound b.
func earlier(a, b string) bool {
	if a == "" || b == "" {
		return a == "" && b != ""
	}
	return sinceTime(a).Before(sinceTime(b))
}

// sinceTime reads a resolved bound; the beginning is the zero time.
func sinceTime(bound string) time.Time {
	t, err := time.Parse(time.RFC3339, bound)
	if err != nil {
		return time.Time{}
	}
	return t
}
