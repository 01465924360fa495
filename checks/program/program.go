// Package program builds inlay once for a test that runs it as people do.
package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	_ "github.com/inlay-sync/inlay/cli" // go test keeps a result until what a test imports has changed
)

var (
	once sync.Once
	path string
	fail error
)

func build() {
	dir, err := os.MkdirTemp("", "inlay-program")
	if err != nil {
		fail = err
		return
	}
	path = filepath.Join(dir, "inlay")
	_, here, _, _ := runtime.Caller(0)
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Dir = filepath.Join(filepath.Dir(here), "..", "..")
	if out, err := cmd.CombinedOutput(); err != nil {
		fail = fmt.Errorf("%w\n%s", err, out)
	}
}

// Build returns the program of this checkout, built when a package's tests first ask. It
// stands in a folder of its own, which Main removes.
func Build() (string, error) {
	once.Do(build)
	return path, fail
}

// Path is Build for a test that cannot go on without it.
func Path(t testing.TB) string {
	t.Helper()
	path, err := Build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Main runs the tests of a package and removes what was built for them. It is the whole of
// a TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if path != "" {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}
