package checks

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/checks/program"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// token is the one of every run here; afterwards nothing written or printed may hold it.
const token = canary.Token

func TestMain(m *testing.M) { program.Main(m) }

// project is a folder of configuration beside a served workspace.
type project struct {
	t   *testing.T
	dir string
	ws  *sandbox.Workspace
	url string
	env []string
	now time.Time

	shop *shop // nil: all is in the folder
}

// newProject serves a workspace and writes main.hcl. The sandbox's clock stands still
// unless the test moves p.now. At the end of the test nothing in the folder may hold the
// token.
func newProject(t *testing.T, hcl string, o sandbox.Options) *project {
	t.Helper()
	p := &project{t: t, dir: t.TempDir(), now: time.Now().Truncate(time.Second)}
	t.Cleanup(func() { noCanary(t, p.dir) })
	o.Token = token
	var mu sync.Mutex
	o.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return p.now }
	server, err := sandbox.Start(t.Context(), o, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	p.ws, p.url = server.Workspace, server.URL
	p.write("main.hcl", hcl)
	return p
}

func (p *project) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// result is what a command left behind.
type result struct {
	out    string // standard output and standard error, as they came
	code   int
	killed bool
}

// run runs the binary in the project's folder. After each run the canary is looked for.
func (p *project) run(args ...string) result { p.t.Helper(); return p.runEnv(nil, args...) }

func (p *project) runEnv(env []string, args ...string) result {
	p.t.Helper()
	binary := program.Path(p.t)
	cmd := exec.Command(binary, args...)
	cmd.Dir = p.dir
	cmd.Env = append(append(append(os.Environ(), "INTERCOM_ACCESS_TOKEN="+token, "INLAY_TEST_URL="+p.url, "NO_COLOR=1"), p.env...), env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	r := result{out: out.String()}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		r.code = exit.ExitCode()
		r.killed = r.code == -1
	} else if err != nil {
		p.t.Fatal(err)
	}
	if form := canary.Find(out.Bytes()); form != "" {
		p.t.Errorf("%v printed the token, %s:\n%s", args, form, r.out)
	}
	return r
}

// must runs a command that has to exit with code.
func (p *project) must(code int, args ...string) string {
	p.t.Helper()
	r := p.run(args...)
	if r.code != code {
		p.t.Fatalf("inlay %s: exit %d, not %d\n%s", strings.Join(args, " "), r.code, code, r.out)
	}
	return r.out
}

// noCanary looks through everything that the project's commands wrote.
func noCanary(t *testing.T, dir string) {
	t.Helper()
	found, err := canary.Scan(dir)
	if err != nil {
		t.Error(err)
	}
	for _, f := range found {
		t.Error(f)
	}
}

// ask gets a list from the workspace by plain HTTP.
func (p *project) ask(path, list string) []map[string]any {
	p.t.Helper()
	req, err := http.NewRequest(http.MethodGet, p.url+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	var body map[string]any
	d := json.NewDecoder(res.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		p.t.Fatal(err)
	}
	var out []map[string]any
	for _, o := range body[list].([]any) {
		out = append(out, o.(map[string]any))
	}
	return out
}

// glob is what DuckDB reads as the rows of a table.
func (p *project) glob(table string) string {
	if p.shop != nil {
		return p.viewedParts(table)
	}
	return "'" + p.dir + "/warehouse/" + table + "/**/*.parquet'"
}
