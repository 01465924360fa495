package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/internal/objects/objectstest"
	"github.com/inlay-sync/inlay/internal/objects/s3"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// storeTable is oneTable with all that lasts on an object store.
const storeTable = `
inlay {
  warehouse = "s3://` + objectstest.Bucket + `/team"
  state     = "s3://` + objectstest.Bucket + `/team/state.json"
}
` + oneTable

// shop is a bucket on a real S3 server, which several machines share.
type shop struct {
	access s3.Access
	folder string // where the server keeps its objects
}

func newShop(t *testing.T) *shop {
	t.Helper()
	access, folder := objectstest.Gateway(t)
	t.Cleanup(func() { noCanary(t, folder) })
	return &shop{access, folder}
}

// env is what a process needs to reach the bucket.
func (s *shop) env() []string {
	return []string{"AWS_ENDPOINT_URL=" + s.access.Endpoint, "AWS_ACCESS_KEY_ID=" + s.access.ID, "AWS_SECRET_ACCESS_KEY=" + s.access.Secret, "AWS_EC2_METADATA_DISABLED=true"}
}

// breakLeases takes all leases away, as if they had run out while their holders slept.
func (s *shop) breakLeases(t *testing.T) {
	t.Helper()
	store := objectstest.Open(t, s.access, "team")
	keys := []string{"lock"}
	for _, key := range objectstest.Keys(t, store, ".inlay/") {
		if strings.HasSuffix(key, "/lock") {
			keys = append(keys, key)
		}
	}
	if err := store.Delete(keys...); err != nil {
		t.Error(err)
	}
}

// on lets a project's commands use the bucket.
func (p *project) on(s *shop) *project {
	p.shop, p.env = s, append(p.env, s.env()...)
	return p
}

// machine is another folder with the same configuration, as a fresh checkout of it has.
func (p *project) machine() *project {
	p.t.Helper()
	q := *p
	q.dir = p.t.TempDir()
	p.t.Cleanup(func() { noCanary(p.t, q.dir) })
	text, err := os.ReadFile(filepath.Join(p.dir, "main.hcl"))
	if err != nil {
		p.t.Fatal(err)
	}
	q.write("main.hcl", string(text))
	return &q
}

var viewed = regexp.MustCompile(`(?s)VIEW "(\w+)"\."(\w+)" AS SELECT \* FROM read_parquet\((\[.*?\])`)

// viewedParts are the parts of a table that the views name, as files of the server's.
func (p *project) viewedParts(table string) string {
	p.t.Helper()
	for _, m := range viewed.FindAllStringSubmatch(p.must(0, "table", "views"), -1) {
		if m[1]+"/"+m[2] == table {
			return strings.ReplaceAll(m[3], "'s3://", "'"+p.shop.folder+"/")
		}
	}
	p.t.Fatalf("no view of %s", table)
	return ""
}

// TestFreshCheckoutsShareAStore: each command runs in a folder that holds nothing but the
// configuration, as on a CI runner that forgets its disk.
func TestFreshCheckoutsShareAStore(t *testing.T) {
	e := duckdb.Open(t)
	p := newProject(t, fmt.Sprintf(storeTable, true, "upsert"), sandbox.Options{Seed: 3, Contacts: 400, Conversations: 1, Growth: -1}).on(newShop(t))
	says := func(code int, want string, args ...string) {
		t.Helper()
		if out := p.machine().must(code, args...); !strings.Contains(out, want) {
			t.Errorf("inlay %s does not say %q:\n%s", strings.Join(args, " "), want, out)
		}
	}
	says(2, "1 to create", "plan", "-detailed-exitcode")
	says(0, "import done", "apply", "-auto-approve")
	says(0, "No changes", "plan", "-detailed-exitcode")
	says(0, "done", "history")
	sameRows(t, e, p)

	first := p.machine()
	first.must(0, "plan", "-run", "all", "-out", "saved.plan")
	first.must(0, "apply", "saved.plan")
	if err := os.RemoveAll(filepath.Join(first.dir, ".inlay")); err != nil {
		t.Fatal(err)
	}
	first.must(5, "apply", "saved.plan") // used, which the store remembers

	for i := range 5 {
		if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix() - int64(i), "updated_at": p.now.Unix() - int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	says(0, "5 rows", "run", "-all")
	sameRows(t, e, p)
	says(0, "crm/users", "status")
	says(0, "none", "table", "check", "target.parquet.users")
	says(0, "", "schedule", "pause", "target.parquet.users")
	says(0, "paused", "status")
	says(0, "", "table", "compact", "target.parquet.users")
	sameRows(t, e, p)
	says(0, "Nobody", "unlock")
	says(0, "", "destroy", "-auto-approve")
}

// TestKilledImportGoesOnElsewhere kills an import after a checkpoint. Its own machine knows
// that it has ended; another one, once the lease has run out, goes on from the checkpoint.
func TestKilledImportGoesOnElsewhere(t *testing.T) {
	e := duckdb.Open(t)
	s := newShop(t)
	p := newProject(t, fmt.Sprintf(storeTable, true, "append"), sandbox.Options{Seed: 3, Contacts: 12000, Conversations: 1, Growth: -1}).on(s)
	if r := p.runEnv([]string{"INLAY_CRASH=after:checkpoint-saved"}, "apply", "-auto-approve"); !r.killed {
		t.Fatalf("no checkpoint was come by\n%s", r.out)
	}
	if out := p.must(0, "plan"); !strings.Contains(out, "resumes") {
		t.Errorf("its own machine takes it for running:\n%s", out)
	}
	q := p.machine()
	if out := q.must(0, "run", "-all"); !strings.Contains(out, "overlap") {
		t.Errorf("another machine cannot know, and goes on:\n%s", out)
	}
	s.breakLeases(t)
	if out := q.must(0, "apply", "-auto-approve"); !strings.Contains(out, "resumes") {
		t.Errorf("it did not go on from the checkpoint:\n%s", out)
	}
	sameRows(t, e, q)
	q.must(0, "table", "check", "target.parquet.users")
}

// TestThreeMachinesOnAStore lets three machines import into one table at once, again and
// again, while somebody takes their leases away: every row is there once.
func TestThreeMachinesOnAStore(t *testing.T) {
	e := duckdb.Open(t)
	rounds := 4
	if os.Getenv("INLAY_LONG") != "" {
		rounds = 40
	}
	for _, mode := range []string{"append", "upsert", "replace"} {
		t.Run(mode, func(t *testing.T) {
			s := newShop(t)
			p := newProject(t, fmt.Sprintf(storeTable, mode != "replace", mode), sandbox.Options{Seed: 12, Contacts: 300, Conversations: 1, Growth: -1, RateLimit: 1 << 30}).on(s)
			p.must(0, "apply", "-auto-approve")
			machines := []*project{p, p.machine(), p.machine()}
			var done atomic.Int64
			for range rounds {
				for range 3 {
					if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix(), "updated_at": p.now.Unix()}); err != nil {
						t.Fatal(err)
					}
				}
				var wg sync.WaitGroup
				for _, m := range machines {
					cmd, out := m.start("run", "-all")
					wg.Go(func() {
						switch code := ended(t, cmd, out); code {
						case 0:
							done.Add(1)
						case 4, 6: // another was at it
						default:
							t.Errorf("exit %d\n%s", code, out)
						}
					})
				}
				for range 20 {
					s.breakLeases(t)
					time.Sleep(10 * time.Millisecond)
				}
				wg.Wait()
				s.breakLeases(t)
			}
			t.Logf("%d of %d imports came to their end", done.Load(), 3*rounds)
			p.machine().must(0, "run", "-all")
			sameRows(t, e, p)
			p.must(0, "table", "check", "target.parquet.users")
		})
	}
}

// TestAStoreThatCannotBeUsed: what is wrong, and the exit code of its kind.
func TestAStoreThatCannotBeUsed(t *testing.T) {
	p := newProject(t, fmt.Sprintf(storeTable, true, "append"), sandbox.Options{Seed: 3, Contacts: 10, Conversations: 1, Growth: -1})
	good, _ := objectstest.Gateway(t)
	careless := objectstest.CarelessGateway(t)
	for _, c := range []struct {
		name   string
		access s3.Access
		code   int
		says   string
	}{
		{"overlooks conditions", careless, 1, "Object store unfit"},
		{"nobody there", s3.Access{Endpoint: "http://127.0.0.1:1", ID: "id", Secret: "secret"}, 8, "Object store unreachable"},
		{"wrong secret", s3.Access{Endpoint: good.Endpoint, ID: "id", Secret: "another"}, 7, "refused the credentials"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &shop{access: c.access}
			r := p.machine().runEnv(append(s.env(), "AWS_MAX_ATTEMPTS=1"), "apply", "-auto-approve")
			if r.code != c.code || !strings.Contains(r.out, c.says) {
				t.Errorf("exit %d, not %d, or it does not say %q:\n%s", r.code, c.code, c.says, r.out)
			}
		})
	}
}

// TestMixedPlaces: tables on a store with a state on disk, the other way round, and places
// that a variable names.
func TestMixedPlaces(t *testing.T) {
	e := duckdb.Open(t)
	for _, c := range []struct{ name, warehouse, state string }{
		{"tables on a store", "s3://${var.bucket}/tables", ".inlay/state.json"},
		{"state on a store", "warehouse", "s3://${var.bucket}/state/crm.json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			places := fmt.Sprintf("variable \"bucket\" {\n  type = string\n}\ninlay {\n  warehouse = %q\n  state = %q\n}\n", c.warehouse, c.state)
			p := newProject(t, places+fmt.Sprintf(oneTable, true, "upsert"), sandbox.Options{Seed: 3, Contacts: 50, Conversations: 1, Growth: -1})
			s := newShop(t)
			p.env = append(s.env(), "INLAY_VAR_bucket="+objectstest.Bucket)
			if strings.HasPrefix(c.warehouse, "s3://") {
				p.shop = s
			}
			p.must(0, "apply", "-auto-approve")
			p.must(0, "run", "-all")
			sameRows(t, e, p)
			if out := p.must(0, "plan", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
				t.Errorf("there is still something to do:\n%s", out)
			}
			p.must(0, "destroy", "-auto-approve")
		})
	}
}
