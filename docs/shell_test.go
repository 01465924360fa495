package docs

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/program"
)

func TestMain(m *testing.M) { program.Main(m) }

// shell is a terminal in a folder, as a reader of a page has it: bash, an empty home, nothing
// set that is about inlay, and of AWS the settings that the folder holds. testdata/bin stands first on its path.
type shell struct {
	t     *testing.T
	dir   string
	env   []string
	ports *strings.Replacer
}

func newShell(t *testing.T, dir string) shell {
	t.Helper()
	binary := program.Path(t)
	bin, err := filepath.Abs("testdata/bin")
	if err != nil {
		t.Fatal(err)
	}
	goes, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	own, port, other := t.TempDir(), freePort(t), freePort(t)
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "INLAY_") || strings.HasPrefix(v, "INTERCOM_") || strings.HasPrefix(v, "XDG_") || strings.HasPrefix(v, "AWS_")
	})
	env = append(env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+own, "NO_COLOR=1",
		"PROGRAM="+binary, "SHELL_DIR="+own, "DAEMON_PORT="+port, "AWS_CONFIG_FILE="+filepath.Join(dir, ".aws", "config"), "REAL_GO="+goes, "REPOSITORY="+filepath.Dir(filepath.Dir(filepath.Dir(bin))))
	env = append(env, goFolders(t)...)
	t.Cleanup(func() { _ = exec.Command("bash", "-c", `[ ! -e "$0" ] || kill $(cat "$0")`, own+"/daemons").Run() })
	return shell{t, dir, env, strings.NewReplacer(":8484", ":"+port, ":8485", ":"+other)}
}

// goFolders keeps what go has downloaded and built, which an empty home would hide.
func goFolders(t *testing.T) []string {
	out, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(out))
	return []string{"GOCACHE=" + f[0], "GOMODCACHE=" + f[1]}
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// run runs lines as one script, which has to succeed, and returns all that it said.
func (s shell) run(lines string) string {
	s.t.Helper()
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", s.ports.Replace(lines))
	cmd.Dir, cmd.Env = s.dir, s.env
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		s.t.Fatalf("%v in\n%s\n%s", err, lines, said.String())
	}
	return said.String()
}

// need skips a test aloud where a program that its commands call is not installed, unless
// INLAY_NO_SKIP says that everything must run.
func need(t *testing.T, script string) {
	t.Helper()
	for _, name := range []string{"rsync", "duckdb", "openssl", "curl"} {
		if !strings.Contains(script, name+" ") {
			continue
		}
		_, err := exec.LookPath(name)
		if name == "duckdb" {
			_, err = os.Stat("../checks/duckdb/node_modules/@duckdb/node-api")
		}
		if err != nil && os.Getenv("INLAY_NO_SKIP") != "" {
			t.Fatalf("%s must be there and is not: `.ci/run` installs it", name)
		}
		if err != nil {
			t.Skipf("%s is not installed, so the commands that call it were not run: `.ci/run` installs it", name)
		}
	}
}
