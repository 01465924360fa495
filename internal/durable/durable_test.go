package durable_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/durable"
	"github.com/inlay-sync/inlay/internal/durable/durabletest"
)

func open(t *testing.T, path string, f durable.Faults) *durable.Dir {
	t.Helper()
	d, err := durable.Open(path, f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// names lists what a folder holds, temporary files left out.
func names(t *testing.T, d *durable.Dir) []string {
	t.Helper()
	entries, err := d.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".tmp-") {
			out = append(out, e.Name())
		}
	}
	return out
}

func TestReplaceIsOldOrNewUnderEveryFault(t *testing.T) {
	before, after := bytes.Repeat([]byte("old "), 100), bytes.Repeat([]byte("new! "), 300)
	for _, way := range durabletest.Ways() {
		for n := 1; ; n++ {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "f"), before, 0o644); err != nil {
				t.Fatal(err)
			}
			faults := &durabletest.Nth{N: n, Way: way}
			err := open(t, dir, faults).Replace("f", after, 0o600)
			got, rerr := os.ReadFile(filepath.Join(dir, "f"))
			if rerr != nil {
				t.Fatalf("%s at %d: %v", way, n, rerr)
			}
			if !bytes.Equal(got, before) && !bytes.Equal(got, after) {
				t.Fatalf("%s at %d: the file is torn: %q", way, n, got)
			}
			if err == nil && !bytes.Equal(got, after) {
				t.Fatalf("%s at %d: success was reported and the file is old", way, n)
			}
			if !faults.Reached() {
				if err != nil {
					t.Fatal(err)
				}
				break
			}
			if err == nil {
				t.Fatalf("%s at %d: the fault was swallowed", way, n)
			}
		}
	}
}

func TestPowerLossKeepsWhatWasAcknowledged(t *testing.T) {
	dir := t.TempDir()
	tape := &durabletest.Tape{Root: dir}
	d := open(t, dir, tape)
	acked := make([]int, 0, 20) // operations on the tape when the i-th write had returned
	for i := range 20 {
		if err := d.Replace("f", fmt.Appendf(nil, "version %d", i), 0o644); err != nil {
			t.Fatal(err)
		}
		acked = append(acked, tape.Len())
	}
	for n := 0; n <= tape.Len(); n++ {
		for seed := range uint64(25) {
			into := t.TempDir()
			if err := tape.PowerLoss(n, seed, into); err != nil {
				t.Fatal(err)
			}
			low := -1
			for i, at := range acked {
				if at <= n {
					low = i
				}
			}
			data, err := os.ReadFile(filepath.Join(into, "f"))
			if errors.Is(err, fs.ErrNotExist) && low < 0 {
				continue
			}
			if err != nil {
				t.Fatalf("after %d operations, seed %d: %v", n, seed, err)
			}
			var v int
			if _, err := fmt.Sscanf(string(data), "version %d", &v); err != nil || v < low || v > low+1 {
				t.Fatalf("after %d operations, seed %d: %q, and version %d was acknowledged", n, seed, data, low)
			}
		}
	}
}

// A write that skips the folder's sync must be seen to fail, or the test above proves nothing.
func TestPowerLossFindsTheMissingFolderSync(t *testing.T) {
	dir := t.TempDir()
	tape := &durabletest.Tape{Root: dir}
	d := open(t, dir, tape)
	f, err := d.Create("f.new", 0o644)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("content")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Sync(), f.Close(), d.Rename("f.new", "f")); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for seed := range uint64(25) {
		into := t.TempDir()
		if err := tape.PowerLoss(tape.Len(), seed, into); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(into, "f")); err != nil {
			lost++
		}
	}
	if lost == 0 {
		t.Fatal("no seed lost the write")
	}
}

func TestCreateNewHasOneWinner(t *testing.T) {
	dir := t.TempDir()
	for round := range 50 {
		var wins atomic.Int64
		var wg sync.WaitGroup
		name := fmt.Sprintf("m%03d", round)
		for i := range 16 {
			d := open(t, dir, nil)
			wg.Go(func() {
				err := d.CreateNew(name, fmt.Appendf(nil, "by %d", i), 0o444)
				if err == nil {
					wins.Add(1)
				} else if !errors.Is(err, fs.ErrExist) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("round %d has %d winners", round, wins.Load())
		}
	}
}

func TestCreateNewUnderEveryFaultLeavesTheWholeFileOrNone(t *testing.T) {
	want := bytes.Repeat([]byte("manifest "), 50)
	for _, way := range durabletest.Ways() {
		for n := 1; ; n++ {
			dir := t.TempDir()
			faults := &durabletest.Nth{N: n, Way: way}
			err := open(t, dir, faults).CreateNew("m", want, 0o444)
			got, rerr := os.ReadFile(filepath.Join(dir, "m"))
			if rerr == nil && !bytes.Equal(got, want) {
				t.Fatalf("%s at %d: torn", way, n)
			}
			if err == nil && rerr != nil {
				t.Fatalf("%s at %d: success was reported and there is no file", way, n)
			}
			if !faults.Reached() {
				break
			}
		}
	}
}

func TestNamesCannotLeaveTheFolder(t *testing.T) {
	top := t.TempDir()
	inside := filepath.Join(top, "in")
	if err := os.MkdirAll(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..", filepath.Join(inside, "up")); err != nil {
		t.Fatal(err)
	}
	d := open(t, inside, nil)
	for _, name := range []string{"../f", "up/f", "/etc/f", "a/../../f"} {
		if err := d.Replace(name, []byte("x"), 0o644); err == nil {
			t.Errorf("%s was written", name)
		}
		if _, err := d.Lock(context.Background(), name, "me", 0); err == nil {
			t.Errorf("%s was locked", name)
		}
	}
	if got := names(t, open(t, top, nil)); len(got) != 1 {
		t.Errorf("something was written outside: %v", got)
	}
}

func TestLockSaysWhoHoldsIt(t *testing.T) {
	d := open(t, t.TempDir(), nil)
	ctx := context.Background()
	if held, _ := d.Held("lock"); held {
		t.Fatal("held before anyone took it")
	}
	l, err := d.Lock(ctx, "lock", "run 7 of process 12", 0)
	if err != nil {
		t.Fatal(err)
	}
	if held, by := d.Held("lock"); !held || by != "run 7 of process 12" {
		t.Fatalf("held %v by %q", held, by)
	}
	_, err = d.Lock(ctx, "lock", "another", 0)
	var busy *durable.HeldError
	if !errors.As(err, &busy) || busy.Holder != "run 7 of process 12" {
		t.Fatalf("got %v", err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if l, err = d.Lock(ctx, "lock", "another", 0); err != nil {
		t.Fatal(err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
}

func TestMakeCreatesParents(t *testing.T) {
	top := t.TempDir()
	d, err := durable.Make(filepath.Join(top, "a/b/c"), 0o755, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Append("log", []byte("one\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := d.Append("log", []byte("two\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(top, "a/b/c/log"))
	if err != nil || string(got) != "one\ntwo\n" {
		t.Fatalf("%q %v", got, err)
	}
	if _, err := durable.Make(filepath.Join(top, "a/b/c/log/d"), 0o755, nil); err == nil {
		t.Fatal("a folder was made below a file")
	}
}

func TestSwapAndSweep(t *testing.T) {
	dir := t.TempDir()
	d := open(t, dir, nil)
	for _, target := range []string{"v1", "v2"} {
		if err := d.Swap(target, "link"); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Readlink("link"); err != nil || got != target {
			t.Fatalf("%q %v", got, err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".tmp-left"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if n, err := d.SweepTemps(".", time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Fatalf("a young temp was swept: %d %v", n, err)
	}
	if n, err := d.SweepTemps(".", time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	if err := d.RemoveAll("."); err == nil {
		t.Error("the folder removed itself")
	}
}

// The crash is real: the test runs itself again and is killed.
func TestCrashAtKillsTheProcess(t *testing.T) {
	if at := os.Getenv("DURABLE_CRASH_TEST"); at != "" {
		d, err := durable.Open(os.Getenv("DURABLE_CRASH_DIR"), durable.CrashAt(at))
		if err != nil {
			t.Fatal(err)
		}
		_ = d.Step("written", func() error { return d.Replace("f", []byte("x"), 0o644) })
		return
	}
	for at, want := range map[string]struct{ killed, file bool }{
		"before:written": {true, false}, "after:written": {true, true}, "op:4": {true, false}, "after:other": {false, true}, "op:x": {false, true},
	} {
		dir := t.TempDir()
		cmd := exec.Command(os.Args[0], "-test.run=^TestCrashAtKillsTheProcess$")
		cmd.Env = append(os.Environ(), "DURABLE_CRASH_TEST="+at, "DURABLE_CRASH_DIR="+dir)
		err := cmd.Run()
		if killed := err != nil; killed != want.killed {
			t.Errorf("%s: %v", at, err)
		}
		_, serr := os.Stat(filepath.Join(dir, "f"))
		if (serr == nil) != want.file {
			t.Errorf("%s: the file: %v", at, serr)
		}
	}
}
