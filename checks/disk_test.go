//go:build linux

package checks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// smallDisk is how large the disk of a test is.
const smallDisk = 24 << 20

// onSmallDisk mounts a small disk of memory over the project's folder. Where this machine
// does not let us, the test is skipped aloud.
func (p *project) onSmallDisk(hcl string) {
	p.t.Helper()
	if err := syscall.Mount("tmpfs", p.dir, "tmpfs", 0, fmt.Sprintf("size=%d", smallDisk)); err != nil {
		if os.Getenv("INLAY_NO_SKIP") != "" {
			p.t.Fatalf("a small disk must be mounted and cannot be: %v", err)
		}
		p.t.Skipf("SKIPPED: no small disk can be mounted here (%v), so a full one was not tried", err)
	}
	p.t.Cleanup(func() {
		noCanary(p.t, p.dir)
		if err := syscall.Unmount(p.dir, syscall.MNT_DETACH); err != nil {
			p.t.Error(err)
		}
	})
	p.write("main.hcl", hcl)
}

// fill writes a file that leaves only so many bytes free.
func (p *project) fill(left int64) {
	p.t.Helper()
	var st syscall.Statfs_t
	if err := syscall.Statfs(p.dir, &st); err != nil {
		p.t.Fatal(err)
	}
	n := int64(st.Bavail)*st.Bsize - left
	if n <= 0 {
		return
	}
	if err := os.WriteFile(filepath.Join(p.dir, "filler"), make([]byte, n), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// files lists what is on the disk, the filler and what a run leaves on purpose left out.
func (p *project) files() map[string]bool {
	p.t.Helper()
	out := map[string]bool{}
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != "filler" {
			out[strings.TrimPrefix(path, p.dir)] = true
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// TestFullDisk imports on a real disk that is all but full, with ever more room left: each
// import ends well or says that the disk is full, leaves the table as it was and no torn
// file, and the same command goes on when there is room.
func TestFullDisk(t *testing.T) {
	e := duckdb.Open(t)
	for _, mode := range []string{"append", "replace", "upsert"} {
		t.Run(mode, func(t *testing.T) {
			hcl := fmt.Sprintf(oneTable, mode != "replace", mode)
			p := newProject(t, hcl, sandbox.Options{Seed: 21, Contacts: 150, Conversations: 1, Growth: -1})
			p.onSmallDisk(hcl)
			p.must(0, "apply", "-auto-approve")
			full := 0
			for _, left := range []int64{0, 4 << 10, 12 << 10, 24 << 10, 48 << 10, 96 << 10, 192 << 10, 1 << 20} {
				before := e.Query("select id from read_parquet(" + p.glob("crm/users") + ") order by id").Rows
				for range 40 {
					if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix(), "updated_at": p.now.Unix()}); err != nil {
						t.Fatal(err)
					}
				}
				p.fill(left)
				r := p.run("run", "-all")
				after := e.Query("select id from read_parquet(" + p.glob("crm/users") + ") order by id").Rows
				if r.code != 0 {
					full++
					if !strings.Contains(r.out, "disk is full") {
						t.Errorf("%d bytes left: exit %d, and the disk is not blamed:\n%s", left, r.code, r.out)
					}
					if fmt.Sprint(before) != fmt.Sprint(after) {
						t.Errorf("%d bytes left: exit %d, and the table changed from %d rows to %d", left, r.code, len(before), len(after))
					}
				}
				for name := range p.files() {
					if base := filepath.Base(name); strings.HasPrefix(base, ".tmp-") {
						t.Errorf("%d bytes left: %s was left behind", left, name)
					}
				}
				if err := os.Remove(filepath.Join(p.dir, "filler")); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
				p.must(0, "run", "-all")
				sameRows(t, e, p)
				p.must(0, "table", "check", "target.parquet.users")
			}
			if full == 0 {
				t.Error("the disk was never full, so nothing was tried")
			}
		})
	}
}
