package table

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go"

	"github.com/inlay-sync/inlay/stream"
)

// order is the permutation that sorts a stretch by the target's sort columns, or by key;
// nil when it is sorted already or there is nothing to sort by.
func (b *builder) order(stretch []span) ([]int32, error) {
	columns := b.l.sortColumns()
	if len(columns) == 0 {
		return nil, nil
	}
	values := make([][]parquet.Value, len(columns))
	for i, c := range columns {
		v, err := b.gather(c, stretch, nil)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	compare := func(a, c int32) int {
		for i, leaf := range columns {
			if r := compareValues(b.l.leaves[leaf].Kind, values[i][a], values[i][c]); r != 0 {
				return r
			}
		}
		return 0
	}
	order := make([]int32, len(values[0]))
	for i := range order {
		order[i] = int32(i)
	}
	if slices.IsSortedFunc(order, compare) {
		return nil, nil
	}
	slices.SortStableFunc(order, compare)
	return order, nil
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

// compareValues orders values of one kind, nulls last.
func compareValues(k stream.Kind, a, b parquet.Value) int {
	switch {
	case a.IsNull() && b.IsNull():
		return 0
	case a.IsNull():
		return 1
	case b.IsNull():
		return -1
	}
	switch k {
	case stream.Int, stream.Timestamp:
		return cmp.Compare(a.Int64(), b.Int64())
	case stream.String, stream.JSON:
		return bytes.Compare(a.ByteArray(), b.ByteArray())
	}
	return strings.Compare(encodeValue(k, a), encodeValue(k, b))
}

// note tells the writer the ranges of what was written.
func (b *builder) note(w *partWriter, stretch []span) error {
	columns := make([][]parquet.Value, len(b.l.key))
	for i, k := range b.l.key {
		v, err := b.gather(k, stretch, nil)
		if err != nil {
			return err
		}
		columns[i] = v
	}
	if len(columns) > 0 {
		var buf []byte
		for i := range columns[0] {
			buf = appendIdentity(buf[:0], b.l.leaves, b.l.key, columns, i)
			w.tally.addKey(string(buf))
		}
	}
	for _, r := range []struct {
		leaf int
		add  func(string)
	}{{b.l.cursor, w.tally.addCursor}, {b.l.time, w.tally.addTime}} {
		if r.leaf < 0 {
			continue
		}
		v, err := b.gather(r.leaf, stretch, nil)
		if err != nil {
			return err
		}
		for _, x := range v {
			if !x.IsNull() {
				r.add(encodeValue(b.l.leaves[r.leaf].Kind, x))
			}
		}
	}
	return nil
}
