//go:build unix

package table

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/stream"
)

// memoryJob names the environment variable by which a child process learns what to do:
// "import DIR ROWS" or "upsert DIR ROWS".
const memoryJob = "INLAY_TEST_MEMORY_JOB"

// TestMemoryChild is no test of its own: it is the child process whose memory is measured.
func TestMemoryChild(t *testing.T) {
	job := strings.Fields(os.Getenv(memoryJob))
	if len(job) != 3 {
		t.Skip("this is the child process of the measurements of memory")
	}
	rows, err := strconv.Atoi(job[2])
	if err != nil {
		t.Fatal(err)
	}
	w, err := Open(job[1], Options{Now: time.Now, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s := testSpec(spec.Upsert, true)
	s.Target["timezone"] = "Asia/Tokyo"
	h := &house{t: t, dir: job[1], w: w, clock: &clock{now: time.Now()}, runs: rows}
	var tbl *Table
	if job[0] == "import" {
		tbl = h.create(s)
	} else if tbl, err = w.TableAt("crm/users"); err != nil {
		t.Fatal(err)
	}
	x, err := tbl.Begin(context.Background(), h.run(s))
	if err != nil {
		t.Fatal(err)
	}
	if job[0] == "import" {
		writePages(t, x, rows, func(i int) int { return i }, 0)
	} else {
		writePages(t, x, 10_000, func(i int) int { return i * 10 }, 1)
	}
	if _, err := x.Commit(Close{}); err != nil {
		t.Fatal(err)
	}
}

// writePages stages n rows in batches of 150, with a checkpoint now and then, as an import does.
func writePages(t testing.TB, x *Txn, n int, key func(int) int, later int64) {
	const page = 150
	list := make([]testRow, 0, page)
	for i := range n {
		k := key(i)
		list = append(list, testRow{
			ID: fmt.Sprintf("%024x", uint64(k)*0x9E3779B97F4A7C15), Created: 1_750_000_000 + int64(k)*20, Updated: 1_790_000_000 + int64(k) + later,
			Name: fmt.Sprintf("Name %d", k), Tags: []string{"a", "b"}, Plan: "pro", Rest: `{"more":"something that nobody declared"}`,
		})
		if len(list) < page && i < n-1 {
			continue
		}
		if err := x.Write(stream.Batch{Rows: rowsOf(list)}); err != nil {
			t.Fatal(err)
		}
		if list = list[:0]; i/page%200 == 199 {
			if err := x.Checkpoint(stream.Bookmark(strconv.Itoa(i))); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// peak runs a job in a child process and returns the most memory it had, in MiB.
func peak(t testing.TB, kind, dir string, rows int) float64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMemoryChild$", "-test.count=1")
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %s %d", memoryJob, kind, dir, rows))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s of %d rows: %v\n%s", kind, rows, err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		t.Skip("this system does not tell how much memory a process had")
	}
	if runtime.GOOS == "darwin" {
		return float64(usage.Maxrss) / (1 << 20)
	}
	return float64(usage.Maxrss) / (1 << 10)
}

// BenchmarkMemory prints how much memory an import and an upsert of 10,000 rows need, by the
// size of the table.
func BenchmarkMemory(b *testing.B) {
	for _, rows := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			for b.Loop() {
				dir := scratch(b)
				b.ReportMetric(peak(b, "import", dir, rows), "import-MiB")
				b.ReportMetric(peak(b, "upsert", dir, rows), "upsert-MiB")
			}
		})
	}
}

// TestMemoryDoesNotGrow holds the memory of an import, and of an upsert of the same batch,
// against the size of the table: 100,000 rows beside a million, with -long beside five.
func TestMemoryDoesNotGrow(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a million rows, and counts memory, of which the race detector takes its own")
	}
	many := 1_000_000
	if *long {
		many = 5_000_000
	}
	small, large := scratch(t), scratch(t)
	for _, kind := range []string{"import", "upsert"} {
		one, other := peak(t, kind, small, 100_000), peak(t, kind, large, many)
		t.Logf("%s: %.0f MiB for 100,000 rows, %.0f for %d", kind, one, other, many)
		if other > 1.3*one+16 { // what a garbage collector may have left over
			t.Errorf("the memory of an %s grew from %.0f MiB to %.0f", kind, one, other)
		}
	}
}
