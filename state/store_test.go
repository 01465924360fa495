package state

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable/durabletest"
)

func open(t testing.TB) *Store {
	t.Helper()
	return Open(filepath.Join(t.TempDir(), "deep", ".inlay", "state.json"), nil)
}

func lock(t testing.TB, s *Store) *Held {
	t.Helper()
	h, err := s.Lock(context.Background(), Holder{PID: os.Getpid(), Host: "here", Command: "inlay test", Since: time.Unix(0, 0)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Release() }) // a test may have released it
	return h
}

func TestSaveAndLoad(t *testing.T) {
	s := open(t)
	if st, err := s.Load(); st != nil || err != nil {
		t.Fatalf("before anything was written: %v, %v", st, err)
	}
	if _, err := os.Stat(filepath.Dir(s.Path())); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("reading made a folder")
	}
	h := lock(t, s)
	first, err := h.Save(&State{Version: "0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	if first.Serial != 1 || len(first.Lineage) != 32 || first.Format != Format {
		t.Errorf("the first state is %+v", first)
	}
	if _, err := os.Stat(s.Path() + ".backup"); !errors.Is(err, os.ErrNotExist) {
		t.Error("a copy of nothing was kept")
	}
	next := example(t)
	next.Lineage, next.Serial = first.Lineage, first.Serial
	second, err := h.Save(next)
	if err != nil || second.Serial != 2 || next.Serial != 1 {
		t.Fatalf("%+v, %v; the input has serial %d", second, err, next.Serial)
	}
	loaded, err := s.Load()
	if err != nil || string(mustEncode(t, loaded)) != string(mustEncode(t, second)) {
		t.Errorf("loaded %+v, %v", loaded, err)
	}
	kept, err := Open(s.Path()+".backup", nil).Load()
	if err != nil || kept.Serial != 1 {
		t.Errorf("the copy is %+v, %v", kept, err)
	}
	for _, name := range []string{s.Path(), s.Path() + ".backup"} {
		if st, err := os.Stat(name); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, st.Mode(), err)
		}
	}
}

func TestSaveRefuses(t *testing.T) {
	s := open(t)
	h := lock(t, s)
	first, err := h.Save(example(t).at(0))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Save(first); err != nil {
		t.Fatal(err)
	}
	for name, st := range map[string]*State{
		"an old one":      first,
		"one from ahead":  first.at(9),
		"another lineage": {Lineage: "other", Serial: 2},
		"a new one":       {},
	} {
		if _, err := h.Save(st); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.WriteFile(s.Path(), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = h.Save(first.at(2))
	if !errors.Is(err, ErrForeign) || !strings.Contains(err.Error(), s.Path()) {
		t.Errorf("over a foreign file: %v", err)
	}
	if data, _ := os.ReadFile(s.Path()); string(data) != "hello" {
		t.Error("the foreign file was written over")
	}
	if err := os.Remove(s.Path()); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Save(first.at(2)); !errors.Is(err, ErrChanged) {
		t.Errorf("over a file that vanished: %v", err)
	}
}

// at returns a copy with another serial.
func (s *State) at(serial int64) *State {
	out := s.Clone()
	out.Serial = serial
	return out
}

// TestEveryFault fails each disk operation of a save in each way: afterwards the file holds
// the state before or the one after, whole, and the next save works.
func TestEveryFault(t *testing.T) {
	for _, way := range durabletest.Ways() {
		for n := 1; ; n++ {
			path := filepath.Join(t.TempDir(), "state.json")
			clean := Open(path, nil)
			h := lock(t, clean)
			first, err := h.Save(example(t).at(0))
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Release(); err != nil {
				t.Fatal(err)
			}
			fault := &durabletest.Nth{N: n, Way: way}
			failed := trySave(Open(path, fault), first)
			got, err := clean.Load()
			if err != nil {
				t.Fatalf("%s at operation %d: %v", way, n, err)
			}
			if got.Serial != 1 && got.Serial != 2 || failed == nil && got.Serial != 2 {
				t.Fatalf("%s at operation %d: serial %d after %v", way, n, got.Serial, failed)
			}
			again := lock(t, clean)
			if _, err := again.Save(got); err != nil {
				t.Fatalf("%s at operation %d, then a clean save: %v", way, n, err)
			}
			if !fault.Reached() {
				if failed != nil {
					t.Fatalf("without a fault: %v", failed)
				}
				break
			}
		}
	}
}

// trySave saves once; a kill, which a fault makes of a panic, counts as a failure.
func trySave(s *Store, st *State) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("killed")
		}
	}()
	h, err := s.Lock(context.Background(), Holder{PID: 1}, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.Release()) }()
	_, err = h.Save(st)
	return err
}

func TestPowerLoss(t *testing.T) {
	dir := t.TempDir()
	tape := &durabletest.Tape{Root: dir}
	s := Open(filepath.Join(dir, "state.json"), tape)
	st, acknowledged := example(t).at(0), map[int]int64{} // operations so far -> serial
	h := lock(t, s)
	for range 4 {
		var err error
		if st, err = h.Save(st); err != nil {
			t.Fatal(err)
		}
		acknowledged[tape.Len()] = st.Serial
	}
	for n := range tape.Len() + 1 {
		for seed := range uint64(25) {
			into := t.TempDir()
			if err := tape.PowerLoss(n, seed, into); err != nil {
				t.Fatal(err)
			}
			var want int64
			for at, serial := range acknowledged {
				if at <= n {
					want = max(want, serial)
				}
			}
			var found int64
			after, err := Open(filepath.Join(into, "state.json"), nil).Load()
			if err != nil {
				t.Fatalf("power lost after %d operations, seed %d: %v", n, seed, err)
			}
			if after != nil {
				found = after.Serial
			}
			if found < want || found > want+1 {
				t.Fatalf("power lost after %d operations, seed %d: serial %d, acknowledged %d", n, seed, found, want)
			}
		}
	}
}

func TestLock(t *testing.T) {
	s := open(t)
	if _, held, err := s.Holder(); held || err != nil {
		t.Fatalf("held before anything was written: %v", err)
	}
	h := lock(t, s)
	who, held, err := s.Holder()
	if err != nil || !held || who.PID != os.Getpid() || who.Command != "inlay test" {
		t.Errorf("held by %v, %v, %v", who, held, err)
	}
	_, err = s.Lock(context.Background(), Holder{PID: 2, Command: "inlay apply"}, 0)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder.Command != "inlay test" || !strings.Contains(err.Error(), "inlay test") {
		t.Errorf("a second holder: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err = s.Lock(ctx, Holder{}, time.Hour); !errors.As(err, &locked) || !errors.Is(err, context.Canceled) {
		t.Errorf("a wait that was given up: %v", err)
	}
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
	if _, held, _ := s.Holder(); held {
		t.Error("still held")
	}
	again := lock(t, s)
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
}

// TestLockWaits: of many at once each gets the lock in turn, and no serial is lost.
func TestLockWaits(t *testing.T) {
	s := open(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			h, err := s.Lock(context.Background(), Holder{PID: 1}, time.Minute)
			if err != nil {
				t.Error(err)
				return
			}
			defer h.Release() // the test is over anyway
			st, err := s.Load()
			if err == nil && st == nil {
				st = &State{}
			}
			if err == nil {
				_, err = h.Save(st)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if st, err := s.Load(); err != nil || st.Serial != 8 {
		t.Errorf("after eight saves: %+v, %v", st, err)
	}
}

// TestDeadHolder: the lock of a process that was killed is free at once, and while it lived
// it named itself.
func TestDeadHolder(t *testing.T) {
	if path := os.Getenv("INLAY_TEST_HOLD"); path != "" {
		h := lock(t, Open(path, nil))
		_ = json.NewEncoder(os.Stdout).Encode(h.store.Path())
		_, _ = os.Stdin.Read(make([]byte, 1)) // until killed
		return
	}
	s := open(t)
	child := exec.Command(os.Args[0], "-test.run=^TestDeadHolder$")
	child.Env = append(os.Environ(), "INLAY_TEST_HOLD="+s.Path())
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	var locked *LockedError
	if _, err := s.Lock(context.Background(), Holder{}, 0); !errors.As(err, &locked) || locked.Holder.PID != child.Process.Pid {
		t.Errorf("while it lives: %v", err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	lock(t, s)
}
