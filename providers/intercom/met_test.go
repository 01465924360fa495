package intercom

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestMetCountsWhatItForgot meets rows in order, of which some come again: late by less
// than it remembers, and changed, they are known. It holds only so many.
func TestMetCountsWhatItForgot(t *testing.T) {
	m, most := newMet(), 0
	for i := range 20 * rowsRemembered {
		at := int64(i / 3)
		if got := m.row(fmt.Sprint(i), at, at); got != unknown {
			t.Fatalf("row %d is %d to what never met it", i, got)
		}
		back := i - i%rowsRemembered
		if got := m.row(fmt.Sprint(back), int64(back/3), int64(back/3)); got != known {
			t.Fatalf("row %d is %d when it comes again after row %d", back, got, i)
		}
		m.forget(at)
		most = max(most, len(m.recent.updated)+len(m.older.updated))
	}
	if m.count != 20*rowsRemembered || most > 2*rowsRemembered {
		t.Errorf("%d rows counted, %d at once", m.count, most)
	}
	if got := m.row("7", 2, 2); got != doubtful {
		t.Errorf("a row that was forgotten is %d", got)
	}
	if got := m.row(fmt.Sprint(20*rowsRemembered-1), 20*rowsRemembered, never); got != changed {
		t.Errorf("a row that changed is %d", got)
	}
}

// TestMetKeepsASecondWhole meets more rows of one second than it remembers, and rows
// without a time: they are not forgotten while others like them may come.
func TestMetKeepsASecondWhole(t *testing.T) {
	for _, at := range []int64{5, always} {
		m := newMet()
		for i := range 5 * rowsRemembered {
			m.row(fmt.Sprint(i), at, 0)
			m.forget(max(at, 5))
		}
		for i := range 5 * rowsRemembered {
			if got := m.row(fmt.Sprint(i), at, 0); got != known {
				t.Fatalf("row %d at %d is %d", i, at, got)
			}
		}
	}
}

// TestMetNeverCountsTooMany meets rows in any order: it never counts one twice, and never
// takes a new one for one that it knows.
func TestMetNeverCountsTooMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, all, last := newMet(), map[int]bool{}, int64(0)
		for range rapid.IntRange(1, 12).Draw(t, "stretches") {
			first, step := rapid.IntRange(0, 30_000).Draw(t, "first"), rapid.IntRange(1, 9).Draw(t, "step")
			for i := range rapid.IntRange(1, 4000).Draw(t, "rows") {
				row := first + i*step
				got := m.row(fmt.Sprint(row), int64(row), 0)
				if all[row] && got == unknown || !all[row] && got == known {
					t.Fatalf("row %d is %d; came before: %t", row, got, all[row])
				}
				all[row] = true
				if last = max(last, int64(row)); int64(row) == last {
					m.forget(last)
				}
			}
		}
		if m.count > int64(len(all)) {
			t.Fatalf("%d rows are counted as %d", len(all), m.count)
		}
	})
}
