package durable_test

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/inlay-sync/inlay/internal/durable"
)

// noRoom is a disk on which one kind of operation finds no room.
type noRoom struct {
	kind durable.Kind
	err  error
	met  bool
}

func (n *noRoom) Before(op durable.Op) error {
	if op.Kind != n.kind {
		return nil
	}
	n.met = true
	return n.err
}

// A new name needs room too, in the folder or in the table of inodes: every operation that
// writes says that the disk is full, and not what the system calls it.
func TestAFullDiskIsNamedByEveryOperation(t *testing.T) {
	for kind, do := range map[durable.Kind]func(d *durable.Dir) error{
		durable.OpCreate:  func(d *durable.Dir) error { return d.Replace("f", nil, 0o600) },
		durable.OpWrite:   func(d *durable.Dir) error { return d.Append("f", []byte("x"), 0o600) },
		durable.OpSync:    func(d *durable.Dir) error { return d.CreateNew("f", []byte("x"), 0o600) },
		durable.OpSyncDir: func(d *durable.Dir) error { return d.SyncDir(".") },
		durable.OpMkdir:   func(d *durable.Dir) error { return d.MkdirAll("a/b", 0o755) },
		durable.OpLink:    func(d *durable.Dir) error { return d.CreateNew("f", []byte("x"), 0o600) },
		durable.OpRename:  func(d *durable.Dir) error { return d.Replace("f", []byte("x"), 0o600) },
		durable.OpSymlink: func(d *durable.Dir) error { return d.Swap("a", "link") },
		durable.OpLock: func(d *durable.Dir) error {
			_, err := d.Lock(context.Background(), "lock", "me", 0)
			return err
		},
	} {
		for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT} {
			faults := &noRoom{kind: kind, err: cause}
			d := open(t, t.TempDir(), faults)
			err := do(d)
			var full *durable.FullError
			if !faults.met || !errors.As(err, &full) || !errors.Is(err, cause) {
				t.Errorf("%s: %v", kind, err)
				continue
			}
			if summary, detail := full.Explain(); summary != "The disk is full" || !strings.Contains(detail, "inlay table prune") {
				t.Errorf("%s: %s: %s", kind, summary, detail)
			}
			if left := names(t, d); len(left) > 0 && kind != durable.OpWrite {
				t.Errorf("%s: %v is left", kind, left)
			}
		}
	}
	faults := &noRoom{kind: durable.OpMkdir, err: syscall.EIO}
	var full *durable.FullError
	if err := open(t, t.TempDir(), faults).Mkdir("a", 0o755); err == nil || errors.As(err, &full) {
		t.Errorf("an I/O error is told as a full disk: %v", err)
	}
}
