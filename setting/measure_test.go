package setting

import (
	"testing"
	"time"
)

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "30m": 30 * time.Minute, "1h30m": 90 * time.Minute, "90d": 90 * 24 * time.Hour, "1w2d12h": (9*24 + 12) * time.Hour,
		"1.5h": 90 * time.Minute, "250ms": 250 * time.Millisecond, "2us": 2 * time.Microsecond, "3ns": 3,
	} {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("%s = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "30", "m", "-1h", "+1h", "1x", "1 h", "1h ", "1..5h", "999999w", "tomorrow", "∞"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int64{"4096": 4096, "128MiB": 128 << 20, "1GB": 1e9, "1.5 KiB": 1536} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("%s = %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "MiB", "1XB", "-1", "0", "NaN", "0.5", "1e99TiB", "99999999999TiB"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

// No text makes a parser panic, and what is read is never negative.
func FuzzMeasures(f *testing.F) {
	for _, s := range []string{"1w2d12h", "128MiB", "9e99GB", "1..5h", "∞", "0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDuration(text); err == nil && d < 0 {
			t.Errorf("%q lasts %v", text, d)
		}
		if n, err := ParseSize(text); err == nil && n < 1 {
			t.Errorf("%q is %d bytes", text, n)
		}
	})
}
