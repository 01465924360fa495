package serve

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/table"
)

// TestRetries: the waits grow to half an hour, a new slot starts afresh, and what only a
// person can mend waits for the next slot.
func TestRetries(t *testing.T) {
	a, err := addr.Parse("target.parquet.users")
	if err != nil {
		t.Fatal(err)
	}
	r, now := retries{}, time.Unix(0, 0)
	broken := errors.New("broken")
	var waits []time.Duration
	for range 12 {
		r.failed(a, "one", now, broken)
		until, held := r.held(a, "one", now)
		if !held {
			t.Fatal("tried again at once")
		}
		waits = append(waits, until.Sub(now))
		now = until
		if _, held := r.held(a, "one", now); held {
			t.Fatal("still held when its time has come")
		}
	}
	m := time.Minute
	if want := []time.Duration{m, 2 * m, 4 * m, 8 * m, 16 * m, 30 * m, 30 * m, 30 * m, 30 * m, 30 * m, 30 * m, 30 * m}; !slices.Equal(waits, want) {
		t.Errorf("waits %v", waits)
	}
	if _, held := r.held(a, "two", now); held {
		t.Error("a new slot is held")
	}
	r.failed(a, "two", now, &table.ErrExpect{})
	if until, held := r.held(a, "two", now.Add(100*time.Hour)); !held || !until.IsZero() {
		t.Errorf("a broken expectation is read again at %v", until)
	}
	if _, held := r.held(a, "three", now); held {
		t.Error("the next slot is held")
	}
	r.failed(a, "four", now, broken)
	if _, held := r.held(a, "four", now.Add(-48*time.Hour)); held {
		t.Error("a clock that went back holds a slot for days")
	}
}
