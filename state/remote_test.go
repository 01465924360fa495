package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
)

// clock is a time that tests move.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// machines are stores of one state on an object store, each as another machine has it.
func machines(t testing.TB, s objects.Store, n int) ([]*Store, *clock) {
	t.Helper()
	c := &clock{time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	var out []*Store
	for range n {
		out = append(out, OpenRemote(s, "state.json", t.TempDir(), c.Now, nil))
	}
	return out, c
}

func TestRemoteSaveAndLoad(t *testing.T) {
	objs := objectstest.New(t)
	m, _ := machines(t, objs, 2)
	if st, err := m[0].Load(); st != nil || err != nil {
		t.Fatalf("before anything was written: %v, %v", st, err)
	}
	if keys := objectstest.Keys(t, objs, ""); len(keys) > 0 {
		t.Fatalf("reading wrote %q", keys)
	}
	h := lock(t, m[0])
	first, err := h.Save(&State{Version: "0.1.0"})
	if err != nil {
		t.Fatal(err)
	}
	stale := first
	for range serialsKept + 5 {
		if first, err = h.Save(first); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Release(); err != nil {
		t.Fatal(err)
	}
	loaded, err := m[1].Load()
	if err != nil || loaded.Serial != serialsKept+6 || loaded.Lineage != first.Lineage {
		t.Errorf("another machine loads %+v, %v", loaded, err)
	}
	if keys := objectstest.Keys(t, objs, "state.json.d/"); len(keys) != serialsKept {
		t.Errorf("%d serials are kept", len(keys))
	}
	other := lock(t, m[1])
	if _, err := other.Save(stale); !errors.Is(err, ErrChanged) {
		t.Errorf("from an old serial: %v", err)
	}
	if text, err := objects.Read(objs, "state.json"); err != nil || string(text) != string(mustEncode(t, first)) {
		t.Errorf("the copy for people holds %s, %v", text, err)
	}
}

// TestRemoteBroughtAlong: a state of a disk, put where it shall be from now on, is gone on from.
func TestRemoteBroughtAlong(t *testing.T) {
	objs := objectstest.New(t)
	st := example(t).at(7)
	if err := (remote{store: objs}).replace("state.json", mustEncode(t, st)); err != nil {
		t.Fatal(err)
	}
	m, _ := machines(t, objs, 1)
	loaded, err := m[0].Load()
	if err != nil || loaded.Serial != 7 {
		t.Fatalf("%+v, %v", loaded, err)
	}
	if next, err := lock(t, m[0]).Save(loaded); err != nil || next.Serial != 8 {
		t.Errorf("%+v, %v", next, err)
	}
}

// TestRemoteRace: two that hold the lock at once, since a lease proves nothing, cannot both
// write the same serial.
func TestRemoteRace(t *testing.T) {
	objs := objectstest.New(t)
	m, c := machines(t, objs, 2)
	one := lock(t, m[0])
	st, err := one.Save(&State{})
	if err != nil {
		t.Fatal(err)
	}
	c.now = c.now.Add(objects.LeaseTime + time.Second)
	two := lock(t, m[1])
	theirs := st.Clone()
	theirs.Version = "theirs"
	if _, err := two.Save(theirs); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Save(st); !errors.Is(err, ErrChanged) {
		t.Errorf("the one whose lease ran out wrote: %v", err)
	}
	if err := one.hold.(remoteHold).lease.Release(); err != nil {
		t.Error(err)
	}
	if got, err := m[0].Load(); err != nil || got.Version != "theirs" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestRemoteLease(t *testing.T) {
	objs := objectstest.New(t)
	m, c := machines(t, objs, 2)
	h := lock(t, m[0])
	who, held, err := m[1].Holder()
	if err != nil || !held || who.Command != "inlay test" {
		t.Errorf("held by %v, %v, %v", who, held, err)
	}
	_, err = m[1].Lock(context.Background(), Holder{PID: 2}, 0)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Holder.Command != "inlay test" || !strings.Contains(err.Error(), "00:02:00 UTC") {
		t.Errorf("a second machine: %v", err)
	}
	if _, err = m[0].Lock(context.Background(), Holder{PID: 2}, 0); !errors.As(err, &locked) || !locked.Holder.Until.IsZero() {
		t.Errorf("a second command of the same machine: %v", err)
	}
	// Its process is killed: the lock of the desk is free, the lease stays.
	if err := h.hold.(remoteHold).diskHold.release(); err != nil {
		t.Fatal(err)
	}
	if _, err = m[1].Lock(context.Background(), Holder{PID: 2}, 0); !errors.As(err, &locked) {
		t.Errorf("another machine cannot know: %v", err)
	}
	again := lock(t, m[0])
	if err := again.Release(); err != nil {
		t.Fatal(err)
	}
	lock(t, m[1])
	c.now = c.now.Add(objects.LeaseTime + time.Second)
	lock(t, m[0])
}

func TestRemoteDiary(t *testing.T) {
	m, _ := machines(t, objectstest.New(t), 2)
	for i := range 40 {
		r := run(t, fmt.Sprint("r", i), i, Unfinished)
		note(t, m[i%2], r)
		if i != 7 {
			r.Status, r.Ended, r.Rows = Done, r.Started.Add(time.Hour), int64(i)
			note(t, m[i%2], r)
		}
	}
	got := collect(t, m[0])
	if len(got) != 40 || got[0].ID != "r39" || got[39].ID != "r0" || got[32].Status != Unfinished || got[31].Rows != 8 {
		t.Errorf("%s", brief(got))
	}
	if !slices.IsSortedFunc(got, func(a, b Run) int { return b.Started.Compare(a.Started) }) {
		t.Errorf("not the latest first: %s", brief(got))
	}
}

func TestRemoteBeside(t *testing.T) {
	for name, s := range map[string]*Store{
		"disk":  open(t),
		"store": OpenRemote(objectstest.New(t), "state.json", t.TempDir(), time.Now, nil),
	} {
		if _, err := s.Read("plans/a.json"); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: before anything was written: %v", name, err)
		}
		stamps := map[string]bool{s.Stamp("pauses.json"): true}
		for i := range 3 {
			err := s.Edit(t.Context(), "pauses.json", Holder{}, 0, func(old []byte) ([]byte, error) { return append(old, 'x'), nil })
			if err != nil {
				t.Fatal(name, err)
			}
			if stamp := s.Stamp("pauses.json"); stamps[stamp] {
				t.Errorf("%s: edit %d left the stamp as it was", name, i)
			} else {
				stamps[stamp] = true
			}
		}
		if data, err := s.Read("pauses.json"); err != nil || string(data) != "xxx" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
		if err := s.Replace("plans/a.json", []byte("a")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if data, err := s.Read("plans/a.json"); err != nil || string(data) != "a" {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
}

// TestRemoteEveryFault fails each request of a save before and after it was done, once or
// from then on: afterwards the state before or the one after is there, and the next save works.
func TestRemoteEveryFault(t *testing.T) {
	for _, f := range []struct{ done, all bool }{{}, {done: true}, {all: true}, {done: true, all: true}} {
		t.Run(fmt.Sprintf("done=%t,all=%t", f.done, f.all), func(t *testing.T) {
			access := objectstest.Server(t)
			for n := int64(1); ; n++ {
				objs := objectstest.Open(t, access, fmt.Sprintf("%d", n))
				desk := filepath.Join(t.TempDir(), "desk")
				clean := OpenRemote(objs, "state.json", desk, time.Now, nil)
				first := lock(t, clean)
				st, err := first.Save(example(t).at(0))
				if err != nil {
					t.Fatal(err)
				}
				if err := first.Release(); err != nil {
					t.Fatal(err)
				}
				faults := &objectstest.Faults{Store: objs, Nth: n, Done: f.done, All: f.all}
				failed := trySave(OpenRemote(faults, "state.json", desk, time.Now, nil), st)
				got, err := clean.Load()
				if err != nil {
					t.Fatalf("operation %d: %v", n, err)
				}
				if got.Serial != 1 && got.Serial != 2 || failed == nil && got.Serial != 2 {
					t.Fatalf("operation %d: serial %d after %v", n, got.Serial, failed)
				}
				if _, err := lock(t, clean).Save(got); err != nil {
					t.Fatalf("operation %d, then a clean save: %v", n, err)
				}
				if faults.Ops() < n {
					if failed != nil {
						t.Fatalf("without a fault: %v", failed)
					}
					return
				}
			}
		})
	}
}
