package table

import (
	"github.com/inlay-sync/inlay/setting"
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
		n, err := setting.ParseSize(text)
		if err != nil {
			return sizes{}, err
		}
		out.bytes = n
	}
	return out, nil
}
