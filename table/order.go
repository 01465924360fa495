package table

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/stream"
	"github.com/inlay-sync/inlay/table/chunk"
)

// order is the order in which rows are written, those that follow each other in one range:
// by the target's sort columns, or by key. Vectors stand at their leaves' places.
func (l *layout) order(known []*stream.Vector, rows int) []chunk.Range {
	columns := l.sortColumns()
	compare := func(a, c int32) int {
		for _, leaf := range columns {
			if r := compareEntries(known[leaf], int(a), known[leaf], int(c)); r != 0 {
				return r
			}
		}
		return 0
	}
	order := make([]int32, rows)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, compare)
	var out []chunk.Range
	for _, row := range order {
		if n := len(out); n > 0 && out[n-1].To == int64(row) {
			out[n-1].To++
			continue
		}
		out = append(out, chunk.Range{From: int64(row), To: int64(row) + 1})
	}
	return out
}

// sortColumns are the leaves that rows of rebuilt parts are sorted by.
func (l *layout) sortColumns() []int {
	names := l.spec.Target.Strings("sort_by")
	if len(names) == 0 {
		return l.key
	}
	var out []int
	for _, n := range names {
		if i := l.flat(n); i >= 0 {
			out = append(out, i)
		}
	}
	return out
}

// compareEntries orders entries of two vectors of one kind, nulls last.
func compareEntries(a *stream.Vector, i int, b *stream.Vector, j int) int {
	switch {
	case a.Null(i) && b.Null(j):
		return 0
	case a.Null(i):
		return 1
	case b.Null(j):
		return -1
	}
	switch a.Kind {
	case stream.Int, stream.Timestamp:
		return cmp.Compare(a.Ints[i], b.Ints[j])
	case stream.String, stream.JSON:
		return strings.Compare(a.Strs[i], b.Strs[j])
	}
	return strings.Compare(encodeEntry(a, i), encodeEntry(b, j))
}
