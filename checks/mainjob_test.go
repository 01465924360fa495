package checks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/checks/duckdb"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/state"
)

// ids are the distinct ids and the number of rows of a table, in one text.
func ids(e *duckdb.Engine, p *project, table string) string {
	return e.One("select count(*) || ' rows, ' || count(distinct id) || ' ids' from read_parquet(" + p.glob("crm/"+table) + ")")
}

// TestIncrementalFindsExactlyWhatIsNew lets rows appear in the watermark's own second and
// in later ones between runs, and counts ids afterwards; then nothing appears, and nothing
// may be imported.
func TestIncrementalFindsExactlyWhatIsNew(t *testing.T) {
	e := duckdb.Open(t)
	p := newProject(t, fourTables, sandbox.Options{Seed: 5, Contacts: 90, Conversations: 60, Growth: -1})
	at := p.now.Unix()
	add := func(created int64) {
		t.Helper()
		times := sandbox.Object{"created_at": created, "updated_at": created}
		if _, err := p.ws.AddConversation(times); err != nil {
			t.Fatal(err)
		}
		if _, err := p.ws.AddContact(sandbox.Object{"role": "user", "created_at": created, "updated_at": created}); err != nil {
			t.Fatal(err)
		}
	}
	same := func() {
		t.Helper()
		for _, name := range []string{"users", "conversations"} {
			n := len(p.ws.Rows(name))
			if got, want := ids(e, p, name), fmt.Sprintf("%d rows, %d ids", n, n); got != want {
				t.Errorf("%s: %s, not %s", name, got, want)
			}
		}
	}
	add(at) // the watermark's second
	p.must(0, "apply", "-auto-approve")
	same()
	for i := range int64(4) {
		add(at)
		add(at + i)
	}
	p.now = p.now.Add(time.Minute)
	p.must(0, "apply", "-auto-approve", "-run", "all")
	same()
	out := p.must(0, "apply", "-auto-approve", "-run", "target.parquet.users", "-run", "target.parquet.conversations")
	if strings.Contains(out, "inserted") {
		t.Errorf("nothing was new, and rows were inserted:\n%s", out)
	}
	same()
}

const scheduled = `
connection "intercom" "acme" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
  base_url     = env("INLAY_TEST_URL")
  rate_limit   = 0.9
}
source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}
target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  time_column = "created_at"
  partition   = "month"
  schedule    = schedule.nightly
}
schedule "nightly" {
  cron = "10 0 * * *"
}
`

// TestThePlanComparesWithTheState edits each kind of block, and then the state itself, and
// sees the plan change.
func TestThePlanComparesWithTheState(t *testing.T) {
	p := newProject(t, scheduled, sandbox.Options{Contacts: 30})
	p.must(0, "apply", "-auto-approve")
	p.must(0, "plan", "-detailed-exitcode")
	for _, edit := range []struct{ from, to, says string }{
		{"rate_limit   = 0.9", "rate_limit   = 0.5", "connection.intercom.acme"},
		{"incremental = true", "incremental = true\n  lookback = \"2h\"", "source.intercom.users"},
		{`partition   = "month"`, `partition   = "day"`, "rewrite"},
		{`stream      = "users"`, `stream      = "leads"`, "reimport"},
		{`cron = "10 0 * * *"`, `cron = "20 0 * * *"`, "schedule.nightly"},
		{`schedule    = schedule.nightly`, ``, "target.parquet.users"},
	} {
		p.write("main.hcl", strings.Replace(scheduled, edit.from, edit.to, 1))
		if out := p.must(2, "plan", "-detailed-exitcode"); !strings.Contains(out, edit.says) {
			t.Errorf("%s: the plan does not say %s:\n%s", edit.to, edit.says, out)
		}
	}
	p.write("main.hcl", scheduled)
	p.must(0, "plan", "-detailed-exitcode")

	file := filepath.Join(p.dir, ".inlay", "state.json")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s, err := state.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	for a, schedule := range s.Schedules {
		schedule.Settings = setting.Values{"cron": "0 3 * * *", "timezone": "UTC"}
		s.Schedules[a] = schedule
	}
	if data, err = state.Encode(s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.must(2, "plan", "-detailed-exitcode"); !strings.Contains(out, `"0 3 * * *"`) {
		t.Errorf("the plan does not compare with the state:\n%s", out)
	}
}

// TestServiceSaysNo refuses and breaks requests. Every table must be as it was, and the
// exit code must say what happened.
func TestServiceSaysNo(t *testing.T) {
	e := duckdb.Open(t)
	for _, c := range []struct {
		name, behaviour, value string
		env                    []string
		code                   int
		says                   string
	}{
		{name: "wrong token", env: []string{"INTERCOM_ACCESS_TOKEN=wrong"}, code: 7, says: "access_token"},
		{name: "missing scope", behaviour: "missing_scope", value: `["users"]`, code: 7, says: "Read and list users"},
		{name: "plan", behaviour: "plan_restricted", value: `["users"]`, code: 1, says: "plan"},
		{name: "not JSON", behaviour: "faults", value: `[{"path":"/contacts/search","every":1,"kind":"bad_json"}]`, code: 1, says: "cannot be read"},
		{name: "hidden rows", behaviour: "hidden_rows", value: "3", code: 6, says: "announced"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newProject(t, fmt.Sprintf(oneTable, false, "replace"), sandbox.Options{Contacts: 40, Growth: -1})
			p.must(0, "apply", "-auto-approve")
			before := ids(e, p, "users")
			if c.behaviour != "" {
				var b sandbox.Behaviour
				if err := b.Set(c.behaviour, c.value); err != nil {
					t.Fatal(err)
				}
				p.ws.Behave(b)
			}
			r := p.runEnv(c.env, "run", "target.parquet.users")
			if r.code != c.code || !strings.Contains(r.out, c.says) {
				t.Errorf("exit %d, not %d with %q:\n%s", r.code, c.code, c.says, r.out)
			}
			if after := ids(e, p, "users"); after != before {
				t.Errorf("the table had %s and has %s", before, after)
			}
		})
	}
}

// TestUnreachable asks a port that nobody listens on. inlay tries for twenty seconds.
func TestUnreachable(t *testing.T) {
	p := newProject(t, fmt.Sprintf(oneTable, false, "replace"), sandbox.Options{})
	p.url = "http://127.0.0.1:1"
	r := p.run("apply", "-auto-approve")
	if r.code != 8 || !strings.Contains(r.out, "base_url") {
		t.Errorf("exit %d:\n%s", r.code, r.out)
	}
}
