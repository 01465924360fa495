package durable_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/internal/durable"
)

func folder(t *testing.T, path string) durable.Folder {
	t.Helper()
	f, err := open(t, filepath.Dir(path), nil).Folder(filepath.Base(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestFolderReadsWhatStandsInIt(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range 700 { // more names than one call of the system returns
		name := strings.Repeat("n", 50) + string(rune('a'+i%26)) + strings.Repeat("x", i/26)
		want = append(want, name)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Repeat("0123456789", i)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(want)
	f := folder(t, dir)
	for range 2 {
		if got, err := f.Names(); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%d names of %d, %v", len(got), len(want), err)
		}
	}
	var into []byte
	for _, name := range want {
		st, err := os.Lstat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		e, err := f.Lstat(name)
		if err != nil || e.Dir || e.Size != st.Size() || !e.Modified.Equal(st.ModTime()) {
			t.Fatalf("%+v, %v", e, err)
		}
		if into, err = f.ReadFile(name, into); err != nil || int64(len(into)) != st.Size() {
			t.Fatalf("%d bytes of %d, %v", len(into), st.Size(), err)
		}
	}
}

func TestFolderFollowsNoLinkAndLeavesByNoName(t *testing.T) {
	top := t.TempDir()
	inside := filepath.Join(top, "in")
	long := strings.Repeat("../out", 60)
	for _, err := range []error{
		os.Mkdir(inside, 0o755), os.Mkdir(filepath.Join(top, "out"), 0o755), os.WriteFile(filepath.Join(top, "file"), []byte("x"), 0o644),
		os.Symlink("../out", filepath.Join(inside, "folder")), os.Symlink("../file", filepath.Join(inside, "file")), os.Symlink(long, filepath.Join(inside, "long")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	f := folder(t, inside)
	for _, name := range []string{"folder", "../out", "..", ".", "", "a\x00b"} {
		if sub, err := f.Sub(name); err == nil {
			t.Errorf("%q was opened: %v", name, sub.Close())
		}
	}
	for _, name := range []string{"file", "../file", "folder/../../file"} {
		if _, err := f.ReadFile(name, nil); err == nil {
			t.Errorf("%q was read", name)
		}
	}
	if text, err := f.Readlink("long"); err != nil || text != long {
		t.Errorf("%q, %v", text, err)
	}
	if e, err := f.Lstat("folder"); err != nil || e.Dir {
		t.Errorf("a link counts as a folder: %+v, %v", e, err)
	}
	if _, err := f.Lstat("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what is not there: %v", err)
	}
}
