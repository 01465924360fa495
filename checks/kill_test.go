package checks

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/table"
)

const oneTable = `
connection "intercom" "acme" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
  base_url     = env("INLAY_TEST_URL")
}
source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = %t
}
target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  mode        = %q
  time_column = "created_at"
}
`

// TestKilledAtEveryStep kills the real binary with SIGKILL before and after each named
// step of a commit, once in the first import and once in a later one. Afterwards the same
// command, run again, must leave exactly the rows the service has.
func TestKilledAtEveryStep(t *testing.T) {
	e := duckdb.Open(t)
	for _, mode := range []string{"append", "replace", "upsert"} {
		for _, step := range table.Steps() {
			for _, when := range []string{"before", "after"} {
				t.Run(mode+"/"+when+"-"+step, func(t *testing.T) {
					killedAt(t, e, mode, when+":"+step)
				})
			}
		}
	}
}

func killedAt(t *testing.T, e *duckdb.Engine, mode, at string) {
	contacts := 120
	if strings.HasSuffix(at, table.StepCheckpoint) {
		contacts = 12000 // enough pages for a checkpoint
	}
	p := newProject(t, fmt.Sprintf(oneTable, mode != "replace", mode), sandbox.Options{Seed: 3, Contacts: contacts, Conversations: 1, Growth: -1})
	first := p.runEnv([]string{"INLAY_CRASH=" + at}, "apply", "-auto-approve")
	p.must(0, "apply", "-auto-approve", "-run", "all")
	sameRows(t, e, p)

	for i := range 5 {
		if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": p.now.Unix() - int64(i), "updated_at": p.now.Unix() - int64(i)}); err != nil {
			t.Fatal(err)
		}
	}
	second := p.runEnv([]string{"INLAY_CRASH=" + at}, "apply", "-auto-approve", "-run", "all")
	if !first.killed && !second.killed {
		t.Fatalf("neither run came by the step %s\n%s\n%s", at, first.out, second.out)
	}
	p.must(0, "apply", "-auto-approve", "-run", "all")
	sameRows(t, e, p)
	p.must(0, "table", "check", "target.parquet.users")
	if out := p.must(0, "plan", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Errorf("there is still something to do:\n%s", out)
	}
}

// sameRows compares the table with the service's rows, both ways: all columns of a small
// workspace, the ids of a large one.
func sameRows(t *testing.T, e *duckdb.Engine, p *project) {
	t.Helper()
	if rows := p.ws.Rows("users"); len(rows) <= 1000 {
		expect(t, e, "id", columnsOf(t, "users"), rows, p.glob("crm/users"))
		return
	}
	sameIDs(e, p)
}

// sameIDs compares the ids alone, each as often as it stands there.
func sameIDs(e *duckdb.Engine, p *project) {
	var ids []string
	for _, o := range p.ws.Rows("users") {
		ids = append(ids, "("+duckdb.Quote(fmt.Sprint(o["id"]))+")")
	}
	e.Same("select id from read_parquet("+p.glob("crm/users")+")", "select * from (values "+strings.Join(ids, ",")+")")
}
