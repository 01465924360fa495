package intercom

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/stream"
)

func TestIndependentReadsRunSideBySide(t *testing.T) {
	// Nobody's first request is answered until that of every stream has come.
	names := []string{"tags", "segments", "admins", "teams"}
	r := newRig(t, sandbox.Options{Seed: 66, Contacts: 5, Growth: -1}, nil)
	var all sync.WaitGroup
	all.Add(len(names))
	r.held(func(path string) {
		if slices.Contains(names, path[1:]) {
			all.Done()
			all.Wait()
		}
	})
	var reads []providers.Read
	for _, name := range names {
		reads = append(reads, full(name))
	}
	for i, g := range r.read(reads...) {
		if g.err != nil || g.final == nil || g.final.Calls.Requests != 1 {
			t.Errorf("%s: %v, %+v; each counts its own requests", names[i], g.err, g.final)
			continue
		}
		sameIDs(t, names[i], g.ids, r.oracle(names[i]))
	}
}

// Whatever readers there are and wherever the receiver stops: batches of one reader come in
// order, one at a time, none after the stop, and every reader has ended at the end.
func TestTogetherHandsOverInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 5), 0, 12).Draw(t, "batches of each reader")
		stop := rapid.IntRange(1, 40).Draw(t, "stop after")
		var mu sync.Mutex
		running, next, got := 0, make([]int, len(sizes)), 0
		yield := func(b stream.Batch, _ error) bool {
			if got++; got > stop {
				t.Fatalf("batch %d after the receiver stopped at %d", got, stop)
			}
			if b.Pages != next[b.Read] {
				t.Fatalf("reader %d hands over %d, want %d", b.Read, b.Pages, next[b.Read])
			}
			next[b.Read]++
			return got < stop
		}
		together(context.Background(), yield, len(sizes), func(_ context.Context, i int, yield func(stream.Batch, error) bool) bool {
			mu.Lock()
			running++
			mu.Unlock()
			defer func() { mu.Lock(); running--; mu.Unlock() }()
			for n := range sizes[i] {
				if !yield(stream.Batch{Read: i, Pages: n}, nil) {
					return false
				}
			}
			return true
		})
		total := 0
		for _, n := range sizes {
			total += n
		}
		if running != 0 || got != min(total, stop) {
			t.Fatalf("%d readers still run; %d of %d batches came, %d wanted", running, got, total, stop)
		}
	})
}

// A receiver that panics leaves no reader behind.
func TestTogetherEndsWithItsReceiver(t *testing.T) {
	ended := make(chan struct{}, 3)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic of the receiver is lost")
			}
		}()
		together(t.Context(), func(stream.Batch, error) bool { panic("receiver") }, 3, func(ctx context.Context, _ int, yield func(stream.Batch, error) bool) bool {
			defer func() { ended <- struct{}{} }()
			return yield(stream.Batch{}, nil)
		})
	}()
	if len(ended) != 3 {
		t.Errorf("%d of 3 readers ended", len(ended))
	}
}

func TestAnInterruptionIsToldOfEveryRead(t *testing.T) {
	r := newRig(t, sandbox.Options{Seed: 67, Contacts: 900, Conversations: 900, Growth: -1}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	for i, g := range r.readUntil(ctx, func(stream.Batch) bool { cancel(); return false }, full("users"), full("conversations"), full("tags")) {
		if g.final == nil && (g.err == nil || !errors.Is(g.err, context.Canceled)) {
			t.Errorf("read %d: %v, want interrupted", i, g.err)
		}
	}
}
