package table

import (
	"iter"
	"strings"

	"github.com/inlay-sync/inlay/stream"
)

// tally gathers what a manifest says of a part while its rows are written.
type tally struct {
	rows                       int64
	key, cursor, time          Range
	anyKey, anyCursor, anyTime bool
}

func (t *tally) addKey(v string)    { t.key.add(v, !t.anyKey); t.anyKey = true }
func (t *tally) addCursor(v string) { t.cursor.add(v, !t.anyCursor); t.anyCursor = true }
func (t *tally) addTime(v string)   { t.time.add(v, !t.anyTime); t.anyTime = true }

// take makes the tally that of a part.
func (t *tally) take(p Part) {
	*t = tally{rows: p.Rows, key: p.Key, cursor: p.Cursor, time: p.Time, anyKey: true, anyCursor: true, anyTime: true}
}

// note widens the ranges by rows of a batch: the chosen ones, or the first n.
func (t *tally) note(l *layout, leaves []*stream.Vector, n int, chosen []int32) {
	if len(l.key) == 1 {
		extremes(leaves[l.key[0]], n, chosen, t.addKey)
	} else if len(l.key) > 1 {
		t.noteKeys(l, leaves, n, chosen)
	}
	if l.cursor >= 0 {
		extremes(leaves[l.cursor], n, chosen, t.addCursor)
	}
	if l.time >= 0 {
		extremes(leaves[l.time], n, chosen, t.addTime)
	}
}

// noteKeys widens the range of keys of several columns, whose order is that of their text.
func (t *tally) noteKeys(l *layout, leaves []*stream.Vector, n int, chosen []int32) {
	parts := make([]string, len(l.key))
	for row := range rowsOfBatch(n, chosen) {
		for i, k := range l.key {
			parts[i] = encodeEntry(leaves[k], row)
		}
		t.addKey(joinKey(parts))
	}
}

// extremes adds the least and the greatest value of a vector with one entry a row, encoded.
func extremes(v *stream.Vector, n int, chosen []int32, add func(string)) {
	least, most := -1, -1
	for row := range rowsOfBatch(n, chosen) {
		if v.Null(row) {
			continue
		}
		if least < 0 || before(v, row, least) {
			least = row
		}
		if most < 0 || before(v, most, row) {
			most = row
		}
	}
	if least >= 0 {
		add(strings.Clone(encodeEntry(v, least)))
		add(strings.Clone(encodeEntry(v, most)))
	}
}

// before reports whether one value's encoded text stands before another's.
func before(v *stream.Vector, a, b int) bool {
	switch v.Kind {
	case stream.Int, stream.Timestamp:
		return v.Ints[a] < v.Ints[b]
	case stream.String, stream.JSON:
		return v.Strs[a] < v.Strs[b]
	}
	return encodeEntry(v, a) < encodeEntry(v, b)
}

// rowsOfBatch yields the chosen rows, or the first n where none are chosen.
func rowsOfBatch(n int, chosen []int32) iter.Seq[int] {
	return func(yield func(int) bool) {
		if chosen == nil {
			for row := range n {
				if !yield(row) {
					return
				}
			}
			return
		}
		for _, row := range chosen {
			if !yield(int(row)) {
				return
			}
		}
	}
}
