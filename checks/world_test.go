package checks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/cli"
	inlay "github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/table"
)

// inProcess is a folder of configuration and a served workspace, for the whole program run
// inside the test: its clock moves when somebody sleeps, so that patience costs nothing.
type inProcess struct {
	t      *testing.T
	dir    string
	server *sandbox.Server

	mu  sync.Mutex
	now time.Time
}

func newInProcess(t *testing.T, hcl string, o sandbox.Options) *inProcess {
	t.Helper()
	p := &inProcess{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	t.Cleanup(func() { noCanary(t, p.dir) })
	o.Token, o.Now = token, p.Now
	server, err := sandbox.Start(context.WithoutCancel(t.Context()), o, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	p.server = server
	if err := os.WriteFile(filepath.Join(p.dir, "main.hcl"), []byte(hcl), 0o644); err != nil {
		t.Fatal(err)
	}
	return p
}

// Now is the clock of the program and of the workspace.
func (p *inProcess) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// Sleep lets the time pass at once.
func (p *inProcess) Sleep(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = p.now.Add(d)
	return ctx.Err()
}

// run runs one command line and returns what it said and its exit code.
func (p *inProcess) run(args ...string) (string, int) {
	p.t.Helper()
	var out bytes.Buffer
	env := map[string]string{"INTERCOM_ACCESS_TOKEN": token, "INLAY_TEST_URL": p.server.URL, "HOME": p.dir, "INLAY_LOG": "debug"}
	world := inlay.World{
		Now: p.Now, Sleep: p.Sleep,
		Env:   func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Providers: []providers.Provider{intercom.New()}, Version: "0.1.0",
	}
	code := cli.Main(context.Background(), append([]string{"inlay", "-chdir=" + p.dir}, args...), world)
	if form := canary.Find(out.Bytes()); form != "" {
		p.t.Errorf("%v printed the token, %s:\n%s", args, form, out.String())
	}
	return out.String(), code
}

// rows reads the table back: the values of a few columns of every row, joined and sorted.
func (p *inProcess) rows(path string, columns ...string) []string {
	p.t.Helper()
	w, err := table.Open(filepath.Join(p.dir, "warehouse"), table.Options{Now: p.Now})
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() {
		if err := w.Close(); err != nil {
			p.t.Error(err)
		}
	}()
	tbl, err := w.TableAt(path)
	if errors.Is(err, table.ErrNoTable) {
		return nil
	}
	if err != nil {
		p.t.Fatal(err)
	}
	var out []string
	for batch, err := range tbl.Rows(p.t.Context(), columns, 0) {
		if err != nil {
			p.t.Fatal(err)
		}
		for i := range batch.N {
			var values []string
			for _, c := range columns {
				leaf := batch.Leaf(c)
				switch {
				case leaf.Null(i):
					values = append(values, "null")
				case len(leaf.Strs) > 0:
					values = append(values, leaf.Strs[i])
				default:
					values = append(values, fmt.Sprint(leaf.Ints[i]/1e6))
				}
			}
			out = append(out, strings.Join(values, " "))
		}
	}
	slices.Sort(out)
	return out
}

// upstream is what the service has, in the same form.
func (p *inProcess) upstream(stream string, columns ...string) []string {
	var out []string
	for _, o := range p.server.Workspace.Rows(stream) {
		var values []string
		for _, c := range columns {
			values = append(values, fmt.Sprint(o[c]))
		}
		out = append(out, strings.Join(values, " "))
	}
	slices.Sort(out)
	return out
}
