package intercom

import (
	"strconv"
	"strings"
	"time"
)

// length reads a duration setting: what Go reads, and days and weeks ("90d", "1w12h").
func length(s string) (time.Duration, bool) {
	total := time.Duration(0)
	for unit, one := range map[string]time.Duration{"w": 7 * 24 * time.Hour, "d": 24 * time.Hour} {
		before, after, ok := strings.Cut(s, unit)
		if !ok {
			continue
		}
		if i := strings.LastIndexAny(before, "wd"); i >= 0 { // the weeks before the days
			before, after = before[i+1:], before[:i+1]+after
		}
		n, err := strconv.ParseUint(before, 10, 16)
		if err != nil {
			return 0, false
		}
		total += time.Duration(n) * one
		s = after
	}
	if s == "" {
		return total, true
	}
	rest, err := time.ParseDuration(s)
	return total + rest, err == nil && rest >= 0
}
