//go:build linux

package checks

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// TestManyImportsLeaveNothing imports again and again in one process, some of the imports
// failing, and counts what is left: file descriptors, goroutines and temporary files. 250
// imports, or 1,000 with INLAY_LONG=1.
func TestManyImportsLeaveNothing(t *testing.T) {
	imports := 250
	if os.Getenv("INLAY_LONG") != "" {
		imports = 1000
	}
	h := newTrial(t, endpoints()[0], "replace", "1h")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var descriptors, goroutines int
	for i := range imports {
		b, want := sandbox.Behaviour{}, 0
		if i%4 == 3 {
			b, want = sandbox.Behaviour{Faults: []sandbox.Fault{{Path: "/tags", Kind: sandbox.FaultResetBody}}}, 8
		}
		h.server.Workspace.Behave(b)
		if out, code := h.run("run", "-all"); code != want {
			t.Fatalf("import %d: exit %d, not %d\n%s", i, code, want, out)
		}
		_ = h.Sleep(t.Context(), time.Minute)
		if i == 7 { // everything that is made once is made
			descriptors, goroutines = openFiles(t), settled(0)
		}
	}
	if n := settled(goroutines + 4); n > goroutines+4 {
		t.Errorf("%d goroutines after %d imports, %d after 8", n, imports, goroutines)
	}
	if n := openFiles(t); n > descriptors+4 {
		t.Errorf("%d open files after %d imports, %d after 8", n, imports, descriptors)
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// settled counts goroutines once those that are about to end have ended, or as many as
// enough are left.
func settled(enough int) int {
	least := runtime.NumGoroutine()
	for range 200 {
		if least <= enough {
			break
		}
		time.Sleep(5 * time.Millisecond)
		least = min(least, runtime.NumGoroutine())
	}
	return least
}

// TestALargeField imports rows of which one holds a string of 100 MB (8 MB unless
// INLAY_LONG=1), and expects it back whole.
func TestALargeField(t *testing.T) {
	size := 8 << 20
	if os.Getenv("INLAY_LONG") != "" {
		size = 100 << 20
	}
	h := newTrial(t, endpoints()[0], "replace", "1h")
	h.server.Workspace.Behave(sandbox.Behaviour{HugeField: size})
	if out, code := h.run("run", "-all"); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	longest := 0
	for _, row := range h.rows("crm/rows", "name", "_rest") {
		longest = max(longest, len(row))
	}
	if longest < size {
		t.Errorf("the longest row has %d bytes, not %d", longest, size)
	}
	h.holds(t, "a large field")
}
