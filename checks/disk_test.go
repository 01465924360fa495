//go:build linux

package checks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// The disk of a test: so many bytes, and so many names.
const (
	smallDisk = 24 << 20
	fewNames  = 1500
)

// apart says whether a test runs in a place where it may mount. If not, the test is run
// once more in one, as a process of its own, and there is nothing left to do here. Where the
// machine gives nobody such a place, the test is skipped aloud.
func apart(t *testing.T) bool {
	t.Helper()
	const inside = "INLAY_TEST_APART"
	if os.Getenv(inside) != "" {
		return true
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), inside+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Geteuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		t.Errorf("%v\n%s", err, out)
	case os.Getenv("INLAY_NO_SKIP") != "" && os.Getenv("INLAY_NO_NAMESPACES") == "":
		t.Fatalf("a small disk must be mounted and cannot be: %v", err)
	default:
		t.Skipf("SKIPPED: no small disk can be mounted here (%v), so a full one was not tried", err)
	}
	return false
}

// onSmallDisk mounts a small disk of memory over the project's folder.
func (p *project) onSmallDisk(hcl string) {
	p.t.Helper()
	if err := syscall.Mount("tmpfs", p.dir, "tmpfs", 0, fmt.Sprintf("size=%d,nr_inodes=%d", smallDisk, fewNames)); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		noCanary(p.t, p.dir)
		if err := syscall.Unmount(p.dir, syscall.MNT_DETACH); err != nil {
			p.t.Error(err)
		}
	})
	p.write("main.hcl", hcl)
}

// room is what is left on a disk: bytes, or names.
type room struct {
	bytes int64
	names int
}

func (r room) String() string {
	if r.names > 0 {
		return fmt.Sprintf("room for %d names", r.names)
	}
	return fmt.Sprintf("%d bytes left", r.bytes)
}

// fill leaves only so much room on the disk, and returns how to make room again.
func (p *project) fill(left room) (empty func()) {
	p.t.Helper()
	filler := filepath.Join(p.dir, "filler")
	var st syscall.Statfs_t
	err := errors.Join(os.Mkdir(filler, 0o700), syscall.Statfs(p.dir, &st))
	if err == nil && left.names > 0 {
		for i := range int(st.Ffree) - left.names {
			err = errors.Join(err, os.WriteFile(filepath.Join(filler, strconv.Itoa(i)), nil, 0o600))
		}
	} else if n := int64(st.Bavail)*st.Bsize - left.bytes; err == nil && n > 0 {
		err = os.WriteFile(filepath.Join(filler, "bytes"), make([]byte, n), 0o600)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	return func() {
		if err := os.RemoveAll(filler); err != nil {
			p.t.Fatal(err)
		}
	}
}

// files lists what is on the disk, the filler and what a run leaves on purpose left out.
func (p *project) files() map[string]bool {
	p.t.Helper()
	out := map[string]bool{}
	err := filepath.WalkDir(p.dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() == "filler" {
			return fs.SkipDir
		}
		if err == nil && !d.IsDir() {
			out[strings.TrimPrefix(path, p.dir)] = true
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return out
}

// TestFullDisk imports on a real disk that is all but full, with ever more room left for
// bytes, or for names: each import ends well or says that the disk is full, leaves the table
// as it was and no torn file, and the same command goes on when there is room.
func TestFullDisk(t *testing.T) {
	if !apart(t) {
		return
	}
	e := duckdb.Open(t)
	for _, mode := range []string{"append", "replace", "upsert"} {
		t.Run(mode, func(t *testing.T) {
			hcl := fmt.Sprintf(oneTable, mode != "replace", mode)
			p := newProject(t, hcl, sandbox.Options{Seed: 21, Contacts: 150, Conversations: 1, Growth: -1})
			p.onSmallDisk(hcl)
			p.must(0, "apply", "-auto-approve")
			full := map[bool]int{} // by whether names were short
			for _, left := range []room{{bytes: 0}, {bytes: 4 << 10}, {bytes: 12 << 10}, {bytes: 24 << 10}, {bytes: 48 << 10}, {bytes: 96 << 10},
				{bytes: 192 << 10}, {bytes: 1 << 20}, {names: 1}, {names: 4}, {names: 9}, {names: 16}} {
				before := e.Query("select id from read_parquet(" + p.glob("crm/users") + ") order by id").Rows
				for range 40 {
					if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix(), "updated_at": p.now.Unix()}); err != nil {
						t.Fatal(err)
					}
				}
				empty := p.fill(left)
				r := p.run("run", "-all")
				after := e.Query("select id from read_parquet(" + p.glob("crm/users") + ") order by id").Rows
				if r.code != 0 {
					full[left.names > 0]++
					if !strings.Contains(r.out, "disk is full") {
						t.Errorf("%s: exit %d, and the disk is not blamed:\n%s", left, r.code, r.out)
					}
					if fmt.Sprint(before) != fmt.Sprint(after) {
						t.Errorf("%s: exit %d, and the table changed from %d rows to %d", left, r.code, len(before), len(after))
					}
				}
				for name := range p.files() {
					if base := filepath.Base(name); strings.HasPrefix(base, ".tmp-") {
						t.Errorf("%s: %s was left behind", left, name)
					}
				}
				empty()
				p.must(0, "run", "-all")
				sameIDs(e, p)
				p.must(0, "table", "check", "target.parquet.users")
			}
			sameRows(t, e, p)
			if full[false] == 0 || full[true] == 0 {
				t.Errorf("the disk was never full, so nothing was tried: %v", full)
			}
		})
	}
}
