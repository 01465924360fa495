package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/inlay-sync/inlay/setting"
)

// Count writes a number with a comma after every three digits.
func Count(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Bytes writes a size in binary units: "17 B", "1.2 MiB".
func Bytes(n int64) string {
	if n < 1024 && n > -1024 {
		return fmt.Sprintf("%d B", n)
	}
	f, unit := float64(n)/1024, 0
	for f >= 1023.95 || f <= -1023.95 {
		f /= 1024
		unit++
	}
	return fmt.Sprintf("%.1f %ciB", f, "KMGTPE"[unit])
}

// Duration writes a length of time in the two largest units that matter: "0.8s", "4m 05s".
func Duration(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + Duration(-d)
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm %02ds", int(d.Minutes()), int(d.Seconds())%60)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh %02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd %dh", int(d.Hours())/24, int(d.Hours())%24)
}

// Rate is n per second, or "" when no time has passed.
func Rate(n int64, d time.Duration) string {
	if d < 100*time.Millisecond || n == 0 {
		return ""
	}
	return Count(int64(float64(n)/d.Seconds())) + " rows/s"
}

// Plural writes a count with its noun: "1 row", "2 rows".
func Plural(n int64, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y"):
		return Count(n) + " " + strings.TrimSuffix(noun, "y") + "ies"
	case strings.HasSuffix(noun, "s"):
		return Count(n) + " " + noun + "es"
	}
	return Count(n) + " " + noun + "s"
}

// Value writes a setting's value as the configuration would; what is not set says so.
func Value(v any) string {
	switch v := v.(type) {
	case nil:
		return "(not set)"
	case string:
		return strconv.Quote(v)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number:
		return v.String()
	case setting.Values:
		return object(v)
	case map[string]any:
		return object(v)
	case []any:
		return list(v)
	case []string:
		var l []any
		for _, s := range v {
			l = append(l, s)
		}
		return list(l)
	}
	return Clean(fmt.Sprint(v))
}

func list(v []any) string {
	parts := make([]string, len(v))
	for i, e := range v {
		parts[i] = Value(e)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

func object(v map[string]any) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(v)) {
		if v[k] != nil {
			parts = append(parts, k+" = "+Value(v[k]))
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
