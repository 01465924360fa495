package table

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/inlay-sync/inlay/spec"
)

// Bounds of what is written. A row group is what a writer holds in memory, compressed;
// parts of an upsert are small because each commit rewrites whole parts.
const (
	rowGroupRows   = 64 << 10
	upsertPartRows = 100_000
	appendPartRows = 1 << 20
)

// sizes bounds the parts of one table.
type sizes struct{ rows, bytes int64 }

func newSizes(s spec.Spec) (sizes, error) {
	out := sizes{rows: appendPartRows, bytes: 128 << 20}
	if s.Mode() == spec.Upsert {
		out.rows = upsertPartRows
	}
	if text := s.Target.String("max_file_size"); text != "" {
		n, err := ParseSize(text)
		if err != nil {
			return sizes{}, err
		}
		out.bytes = n
	}
	return out, nil
}

// ParseSize reads a size such as "128MiB", "1GB" or "4096". It must be at least 1.
func ParseSize(text string) (int64, error) {
	t := strings.TrimSpace(text)
	num := strings.TrimRight(t, "BKMGTibkmgt ")
	unit := strings.ToLower(strings.TrimSpace(t[len(num):]))
	factor, ok := map[string]float64{
		"": 1, "b": 1, "k": 1 << 10, "kb": 1e3, "kib": 1 << 10, "m": 1 << 20, "mb": 1e6, "mib": 1 << 20,
		"g": 1 << 30, "gb": 1e9, "gib": 1 << 30, "t": 1 << 40, "tb": 1e12, "tib": 1 << 40,
	}[unit]
	n, err := strconv.ParseFloat(num, 64)
	if !ok || err != nil || !(n*factor >= 1) || n*factor >= math.MaxInt64 {
		return 0, fmt.Errorf("%q is not a size; write a number with a unit, such as \"128MiB\"", text)
	}
	return int64(n * factor), nil
}
