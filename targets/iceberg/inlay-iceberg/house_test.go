package main

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/iceberg-go/catalog"
	sqlcatalog "github.com/apache/iceberg-go/catalog/sql"
	icetable "github.com/apache/iceberg-go/table"
	_ "modernc.org/sqlite"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/cli"
	"github.com/inlay-sync/inlay/internal/objects"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/internal/objects/s3"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/providers/intercom"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/table"
	"github.com/inlay-sync/inlay/targets/iceberg"
)

// house is a folder of configuration whose table is shown in a catalog on SQLite, a
// workspace to import from, and a clock that only Sleep and the tests move.
type house struct {
	t      *testing.T
	dir    string
	server *sandbox.Server
	env    map[string]string
	s3     s3.Access // where the warehouse stands; zero: in the folder
	lake   string    // the folder of the catalog's file; "": the same
	duck   func() *duckdb.Engine

	mu  sync.Mutex
	now time.Time
}

func newHouse(t *testing.T, target string) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	h.open(target)
	return h
}

func (h *house) open(target string) {
	t := h.t
	h.duck = sync.OnceValue(func() *duckdb.Engine { return duckdb.Open(t) })
	server, err := sandbox.Start(context.WithoutCancel(t.Context()), sandbox.Options{Seed: 1, Contacts: 300, Growth: time.Minute, Token: "sandbox", Now: h.Now}, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	h.server = server
	h.env = map[string]string{"INTERCOM_ACCESS_TOKEN": "sandbox", "HOME": h.dir}
	if h.s3 != (s3.Access{}) {
		for name, value := range map[string]string{"AWS_ENDPOINT_URL": h.s3.Endpoint, "AWS_ACCESS_KEY_ID": h.s3.ID, "AWS_SECRET_ACCESS_KEY": h.s3.Secret} {
			h.env[name] = value
			t.Setenv(name, value) // iceberg-go reads them from the process
		}
	}
	h.write(target)
}

// write writes the configuration: target is what the target's block says besides its source.
func (h *house) write(target string) {
	h.t.Helper()
	incremental := !strings.Contains(target, `mode = "replace"`)
	text := fmt.Sprintf(`
%s
connection "intercom" "acme" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
  base_url     = %q
}
source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = %t
  cursor      = %t ? "updated_at" : null
}
target "iceberg" "users" {
  source   = source.intercom.users
  database = "crm"
  %s
}
`, h.places(), h.server.URL, incremental, incremental, target)
	if err := os.WriteFile(filepath.Join(h.dir, "main.hcl"), []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// places says in the configuration where warehouse and state are.
func (h *house) places() string {
	if h.s3 == (s3.Access{}) {
		return ""
	}
	return fmt.Sprintf("inlay {\n  warehouse = %q\n  state = %q\n}", "s3://"+objectstest.Bucket+"/lake", "s3://"+objectstest.Bucket+"/state.json")
}

const inSQLite = `
  catalog {
    type = "sql"
    uri  = "sqlite:catalog.db"
  }`

func (h *house) Now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) Sleep(ctx context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
	return ctx.Err()
}

// inlay runs one command line in this process, and wants an exit code of it.
func (h *house) inlay(code int, args ...string) string {
	h.t.Helper()
	out, got := h.say(args...)
	if got != code {
		h.t.Fatalf("%v: exit code %d, want %d\n%s", args, got, code, out)
	}
	return out
}

// say runs one command line in this process, and returns what it said and its exit code.
func (h *house) say(args ...string) (string, int) {
	var out bytes.Buffer
	world := project.World{
		Now: h.Now, Sleep: h.Sleep,
		Env:   func(name string) (string, bool) { v, ok := h.env[name]; return v, ok },
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		Providers: []providers.Provider{intercom.New()}, Kinds: []project.TargetKind{iceberg.Kind()}, Version: "0.1.0",
		Objects: (&s3.Account{Access: h.s3}).Open,
	}
	code := cli.Main(context.Background(), append([]string{"inlay-iceberg", "-chdir=" + h.dir}, args...), world)
	return out.String(), code
}

// killed runs one command line in a process of its own that dies at a named step.
func (h *house) killed(at string, args ...string) {
	h.t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"-chdir=" + h.dir}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "INLAY_CRASH="+at)
	for k, v := range h.env {
		cmd.Env = append(cmd.Env, k+"="+v)
	}
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != -1 {
		h.t.Fatalf("%v was not killed at %s: %v\n%s", args, at, err, out)
	}
}

// head is what the table's newest manifest says, and the folder its parts are in.
func (h *house) head() (table.Manifest, string) {
	h.t.Helper()
	dir, o := filepath.Join(h.dir, "warehouse"), table.Options{Now: h.Now}
	if h.s3 != (s3.Access{}) {
		dir, o.Objects = h.t.TempDir(), objectstest.Open(h.t, h.s3, "lake")
	}
	w, err := table.Open(dir, o)
	if err != nil {
		h.t.Fatal(err)
	}
	defer w.Close()
	seen, err := w.Look()
	if err != nil || len(seen.Tables) != 1 {
		h.t.Fatalf("the warehouse has %d tables: %v", len(seen.Tables), err)
	}
	m := seen.Tables[0].Head
	parts := filepath.Join(dir, ".inlay", m.Table, "parts")
	for _, p := range m.Parts {
		if o.Objects == nil {
			break
		}
		data, err := objects.Read(o.Objects, ".inlay/"+m.Table+"/parts/"+p.Name)
		if err == nil {
			err = errors.Join(os.MkdirAll(parts, 0o755), os.WriteFile(filepath.Join(parts, p.Name), data, 0o644))
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return m, parts
}

// catalog is the catalog in which the table is shown, as another program opens it.
func (h *house) catalog() catalog.Catalog {
	h.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(cmp.Or(h.lake, h.dir), "catalog.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = db.Close() })
	c, err := sqlcatalog.NewCatalog("inlay", db, sqlcatalog.SQLite, map[string]string{"s3.endpoint": h.s3.Endpoint, "s3.region": "us-east-1"})
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// shown is the Iceberg table as its catalog has it.
func (h *house) shown(ident ...string) *icetable.Table {
	h.t.Helper()
	t, err := h.catalog().LoadTable(h.t.Context(), ident)
	if err != nil {
		h.t.Fatal(err)
	}
	return t
}
