// Package objectstest holds what object stores are tested with: what every one must do, a
// small server in memory, and a store whose operations fail at a chosen place.
package objectstest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"testing"

	"github.com/inlay-sync/inlay/internal/objects"
)

// Conform holds a store, empty at first, against what objects.Store promises.
func Conform(t *testing.T, s objects.Store) {
	t.Run("missing", func(t *testing.T) { missing(t, s) })
	t.Run("put and read", func(t *testing.T) { putAndRead(t, s) })
	t.Run("put new", func(t *testing.T) { putNew(t, s) })
	t.Run("one of many", func(t *testing.T) { oneOfMany(t, s) })
	t.Run("list", func(t *testing.T) { list(t, s) })
	t.Run("delete", func(t *testing.T) { remove(t, s) })
	t.Run("condition", func(t *testing.T) {
		for range 2 { // tried, then remembered
			if err := objects.CheckCondition(s); err != nil {
				t.Error(err)
			}
		}
	})
}

func missing(t *testing.T, s objects.Store) {
	if _, _, err := s.Get("no/such"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Get of what is not there: %v", err)
	}
	if _, err := s.Stat("no/such"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Stat of what is not there: %v", err)
	}
	if err := s.Delete("no/such"); err != nil {
		t.Errorf("Delete of what is not there: %v", err)
	}
	if keys := Keys(t, s, "no/"); len(keys) > 0 {
		t.Errorf("List of an empty place: %v", keys)
	}
}

func putAndRead(t *testing.T, s objects.Store) {
	large := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for _, data := range [][]byte{{}, []byte("a"), large, []byte("shorter")} {
		if err := s.Put("files/über #1+2.parquet", bytes.NewReader(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
		got, err := objects.Read(s, "files/über #1+2.parquet")
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("put %d bytes and read %d: %v", len(data), len(got), err)
		}
		if o, err := s.Stat("files/über #1+2.parquet"); err != nil || o.Size != int64(len(data)) || o.Modified.IsZero() {
			t.Errorf("Stat after putting %d bytes: %+v, %v", len(data), o, err)
		}
	}
	if keys := Keys(t, s, "files/"); !slices.Equal(keys, []string{"files/über #1+2.parquet"}) {
		t.Errorf("listed: %q", keys)
	}
}

func putNew(t *testing.T, s objects.Store) {
	if err := s.PutNew("log/1", []byte("mine")); err != nil {
		t.Fatal(err)
	}
	if err := s.PutNew("log/1", []byte("other")); !errors.Is(err, fs.ErrExist) {
		t.Errorf("PutNew over another's: %v", err)
	}
	if err := s.PutNew("log/1", []byte("mine")); err != nil {
		t.Errorf("PutNew again after a lost answer: %v", err)
	}
	if got, err := objects.Read(s, "log/1"); err != nil || string(got) != "mine" {
		t.Errorf("read %q, %v", got, err)
	}
	if err := s.Delete("log/1"); err != nil {
		t.Fatal(err)
	}
	if err := s.PutNew("log/1", []byte("next")); err != nil {
		t.Errorf("PutNew where one was deleted: %v", err)
	}
}

func oneOfMany(t *testing.T, s objects.Store) {
	var all sync.WaitGroup
	var won [8]bool
	for i := range won {
		all.Go(func() {
			err := s.PutNew("log/2", fmt.Appendf(nil, "worker %d", i))
			won[i] = err == nil
			if err != nil && !errors.Is(err, fs.ErrExist) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := objects.Read(s, "log/2")
	if err != nil {
		t.Fatal(err)
	}
	for i, ok := range won {
		if ok != (string(got) == fmt.Sprintf("worker %d", i)) {
			t.Errorf("worker %d won: %v, and the object holds %q", i, ok, got)
		}
	}
}

func list(t *testing.T, s objects.Store) {
	const many = 1100 // more than one request brings
	var want []string
	var group sync.WaitGroup
	turns := make(chan struct{}, 16)
	for i := range many {
		key := fmt.Sprintf("many/%04d", i)
		want = append(want, key)
		group.Go(func() {
			turns <- struct{}{}
			if err := s.Put(key, bytes.NewReader([]byte(key)), int64(len(key))); err != nil {
				t.Error(err)
			}
			<-turns
		})
	}
	group.Wait()
	if got := Keys(t, s, "many/"); !slices.Equal(got, want) {
		t.Errorf("listed %d of %d keys, or in another order", len(got), len(want))
	}
	var after []string
	for o, err := range s.List("many/", "many/1089") {
		if err != nil {
			t.Fatal(err)
		}
		if o.Size != int64(len(o.Key)) {
			t.Errorf("%s is listed with %d bytes", o.Key, o.Size)
		}
		after = append(after, o.Key)
	}
	if !slices.Equal(after, want[1090:]) {
		t.Errorf("listed after many/1089: %q", after)
	}
}

func remove(t *testing.T, s objects.Store) {
	keys := Keys(t, s, "many/")
	if err := s.Delete(keys...); err != nil {
		t.Fatal(err)
	}
	if left := Keys(t, s, "many/"); len(left) > 0 {
		t.Errorf("%d objects are left", len(left))
	}
}

// Keys lists the keys that begin with prefix.
func Keys(t testing.TB, s objects.Store, prefix string) []string {
	t.Helper()
	var out []string
	for o, err := range s.List(prefix, "") {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, o.Key)
	}
	return out
}
