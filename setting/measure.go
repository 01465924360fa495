package setting

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a Go duration in which d (24 hours) and w (7 days) are allowed too:
// "30m", "90d", "1w2d12h". It must be 0 or more. The error is a sentence without its full stop.
func ParseDuration(text string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a duration; one is written like \"30m\", \"12h\", \"90d\" or \"1h30m\"", text)
	if text == "" || strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		return 0, bad
	}
	var total float64
	for rest := text; rest != ""; {
		n := strings.IndexFunc(rest, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
		if n < 0 && total == 0 && strings.Trim(text, "0") == "" {
			return 0, nil
		}
		if n <= 0 {
			return 0, bad
		}
		amount, err := strconv.ParseFloat(rest[:n], 64)
		rest = rest[n:]
		unit, size := durationUnit(rest)
		if err != nil || size == 0 {
			return 0, bad
		}
		total += amount * float64(unit)
		rest = rest[size:]
	}
	if total >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is longer than any duration inlay can reckon with, about 290 years", text)
	}
	return time.Duration(total), nil
}

// ShortDuration writes a duration as ParseDuration reads it, without the units that are
// nothing: 30m, 1h30m, 24h.
func ShortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func durationUnit(text string) (unit time.Duration, size int) {
	for _, u := range []struct {
		name string
		unit time.Duration
	}{
		{"ms", time.Millisecond}, {"us", time.Microsecond}, {"ns", time.Nanosecond},
		{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second},
	} {
		if strings.HasPrefix(text, u.name) {
			return u.unit, len(u.name)
		}
	}
	return 0, 0
}

// ParseSize reads a size in bytes, at least 1: "128MiB", "1GB", "4096". The error is a sentence without
// its full stop.
func ParseSize(text string) (int64, error) {
	bad := fmt.Errorf("%q is not a size; one is written like \"128MiB\", \"1GB\" or \"4096\"", text)
	n := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if n < 0 {
		n = len(text)
	}
	amount, err := strconv.ParseFloat(text[:n], 64)
	unit, ok := map[string]float64{
		"": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
		"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	}[strings.TrimSpace(text[n:])]
	if err != nil || !ok || amount*unit < 1 || amount*unit >= math.MaxInt64 {
		return 0, bad
	}
	return int64(amount * unit), nil
}
