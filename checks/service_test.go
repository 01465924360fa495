package checks

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

// endpoint is one way in which the service gives rows.
type endpoint struct {
	kind, stream string
	path         string   // of the requests that are spoiled
	columns      []string // that identify a row
	changes      string   // the column that tells a changed row; "" when there is none
	cursors      bool
	once         int // which request a fault strikes that comes once
	grow         func(w *sandbox.Workspace, at time.Time) error
}

func endpoints() []endpoint {
	return []endpoint{
		{"list", "tags", "/tags", []string{"id"}, "", false, 1, func(w *sandbox.Workspace, _ time.Time) error {
			_, err := w.Add("tags", sandbox.Object{})
			return err
		}},
		{"search", "users", "/contacts/search", []string{"id"}, "updated_at", true, 2, func(w *sandbox.Workspace, at time.Time) error {
			if _, err := w.AddContact(sandbox.Object{"role": "user"}); err != nil {
				return err
			}
			return w.Update("contacts", fmt.Sprint(w.Rows("users")[3]["id"]), sandbox.Object{"updated_at": at.Unix()})
		}},
		{"hydrate", "conversation_parts", "/conversations/", []string{"conversation_id", "id"}, "", true, 2, func(w *sandbox.Workspace, _ time.Time) error {
			_, err := w.Reply(fmt.Sprint(w.Rows("conversations")[3]["id"]), sandbox.Object{})
			return err
		}},
		{"scroll", "companies", "/companies/scroll", []string{"id"}, "updated_at", true, 2, func(w *sandbox.Workspace, at time.Time) error {
			if _, err := w.Add("companies", sandbox.Object{}); err != nil {
				return err
			}
			return w.Update("companies", fmt.Sprint(w.Rows("companies")[3]["id"]), sandbox.Object{"updated_at": at.Unix()})
		}},
	}
}

// hardship is one way in which the service fails its clients.
type hardship struct {
	name string
	sandbox.Behaviour
	fault sandbox.Fault // its path is the endpoint's
	once  bool
	code  int    // the exit code; 0: the import ends with the right rows
	only  string // the kind of endpoint that can be so; "": all
	long  bool
}

func hardships() []hardship {
	out := []hardship{
		{name: "not authorised", fault: sandbox.Fault{Status: 401}, code: 7},
		{name: "not permitted", fault: sandbox.Fault{Status: 403}, code: 7},
		{name: "plan without it", fault: sandbox.Fault{Status: 403, Code: "api_plan_restricted"}, code: 1},
		{name: "out of order", fault: sandbox.Fault{Status: 503, Body: "html"}, code: 8},
		{name: "too many requests", fault: sandbox.Fault{Status: 429}, code: 8},
		{name: "connection breaks", fault: sandbox.Fault{Kind: sandbox.FaultResetBefore}, code: 8},
		{name: "body breaks off", fault: sandbox.Fault{Kind: sandbox.FaultResetBody}, code: 8},
		{name: "nothing", fault: sandbox.Fault{Kind: sandbox.FaultEmpty}, code: 1},
		{name: "a web page", fault: sandbox.Fault{Kind: sandbox.FaultHTML}, code: 1},
		{name: "half a page", fault: sandbox.Fault{Kind: sandbox.FaultCutJSON}, code: 1},
		{name: "garbage in a page", fault: sandbox.Fault{Kind: sandbox.FaultBadJSON}, code: 1},
		{name: "garbage for gzip", fault: sandbox.Fault{Kind: sandbox.FaultBadGzip}, code: 8},
		{name: "a redirect elsewhere", fault: sandbox.Fault{Kind: sandbox.FaultRedirect, To: "http://127.0.0.1:1/"}, code: 1},
		{name: "deep nesting", Behaviour: sandbox.Behaviour{DeepNesting: 100_000}, code: 1},
		{name: "a gzip bomb", fault: sandbox.Fault{Kind: sandbox.FaultBomb}, code: 1, long: true},
		{name: "unknown fields", Behaviour: sandbox.Behaviour{UnknownFields: true}},
		{name: "types that flip", Behaviour: sandbox.Behaviour{TypeFlips: 3}},
		{name: "members named twice", Behaviour: sandbox.Behaviour{DuplicateKeys: 2}},
		{name: "a large field", Behaviour: sandbox.Behaviour{HugeField: 1 << 20}},
		{name: "a clock a year ahead", Behaviour: sandbox.Behaviour{ClockSkew: sandbox.Duration(8760 * time.Hour)}},
		{name: "fewer rows than announced", Behaviour: sandbox.Behaviour{HiddenRows: 2}, code: 6, only: "search"},
		{name: "a page that follows itself", Behaviour: sandbox.Behaviour{RepeatCursor: true}, only: "search"},
		{name: "pages without end", Behaviour: sandbox.Behaviour{EndlessPages: "rows"}, code: 1, only: "search"},
		{name: "empty pages without end", Behaviour: sandbox.Behaviour{EndlessPages: "empty"}, code: 1, only: "search"},
		{name: "pages that come twice", Behaviour: sandbox.Behaviour{DuplicatePages: true}, only: "search"},
		{name: "rows that move between pages", Behaviour: sandbox.Behaviour{MoveRows: true}, only: "search"},
		{name: "a total that shrinks", Behaviour: sandbox.Behaviour{ShrinkTotal: 3}, only: "search"},
		{name: "a scroll without end", Behaviour: sandbox.Behaviour{EndlessScroll: true}, code: 1, only: "scroll"},
		{name: "a scroll that expires", Behaviour: sandbox.Behaviour{ScrollExpires: 2}, only: "scroll"},
		{name: "a scroll that breaks down", Behaviour: sandbox.Behaviour{ScrollFails: 2}, only: "scroll"},
		{name: "a scroll that is taken", Behaviour: sandbox.Behaviour{ScrollBusy: 2}, only: "scroll"},
		{name: "every third request refused", Behaviour: sandbox.Behaviour{ThrottleEvery: 3, ThrottleReset: "garbage"}},
	}
	for _, f := range []sandbox.Fault{
		{Status: 408}, {Status: 425}, {Status: 429, RetryAfter: "100000"}, {Status: 500}, {Status: 502, Body: "html"}, {Status: 504, Body: "empty"},
		{Kind: sandbox.FaultEmpty}, {Kind: sandbox.FaultHTML}, {Kind: sandbox.FaultResetBefore}, {Kind: sandbox.FaultResetBody}, {Kind: sandbox.FaultResetAfter},
		{Kind: sandbox.FaultShort}, {Kind: sandbox.FaultCutGzip}, {Kind: sandbox.FaultCutJSON},
	} {
		out = append(out, hardship{name: strings.TrimSpace(fmt.Sprintf("%s %d once", f.Kind, f.Status)), fault: f, once: true})
	}
	return out
}

// behaviour is the hardship at an endpoint.
func (h hardship) behaviour(e endpoint) sandbox.Behaviour {
	b := h.Behaviour
	if f := h.fault; f != (sandbox.Fault{}) {
		f.Path = e.path
		if h.once {
			f.Nth = e.once
		}
		b.Faults = []sandbox.Fault{f}
	}
	return b
}

const oneStream = `
connection "intercom" "acme" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
  base_url     = env("INLAY_TEST_URL")
  timeout      = %q
}
source "intercom" "rows" {
  connection  = connection.intercom.acme
  stream      = %q
  incremental = %t
%s}
target "parquet" "rows" {
  source   = source.intercom.rows
  database = "crm"
  mode     = %q
}
`

// TestAHardService: every hardship at every kind of endpoint in every mode. Each import
// ends in the right rows, or in the right error with the table as it was; and the next one
// over a service that has recovered makes up for it. By default each mode meets a third of
// them, so that each hardship is met at every endpoint; INLAY_LONG=1 runs all.
func TestAHardService(t *testing.T) {
	for at, e := range endpoints() {
		for m, mode := range []string{"append", "replace", "upsert"} {
			t.Run(e.kind+"/"+mode, func(t *testing.T) {
				t.Parallel()
				h := newTrial(t, e, mode, "1h")
				for i, hard := range hardships() {
					if hard.only != "" && hard.only != e.kind {
						continue
					}
					if (hard.long || (at+i)%3 != m) && os.Getenv("INLAY_LONG") == "" {
						continue
					}
					t.Run(hard.name, func(t *testing.T) { h.meets(t, hard) })
				}
			})
		}
	}
}

// trial is one table that meets hardship after hardship.
type trial struct {
	*inProcess
	endpoint
	mode     string
	columns  []string
	expected []string
}

// newTrial makes a table by a first import, of which each may take so long.
func newTrial(t *testing.T, e endpoint, mode, timeout string) *trial {
	incremental, cursor := e.cursors && mode != "replace", ""
	columns := slices.Clone(e.columns)
	if mode != "append" && e.changes != "" {
		columns = append(columns, e.changes)
	}
	if incremental && e.kind == "search" {
		e.once = 1 // what is new is on one page
	}
	if incremental && mode == "upsert" {
		cursor = "  cursor = \"updated_at\"\n"
	}
	h := &trial{endpoint: e, mode: mode, columns: columns,
		inProcess: newInProcess(t, fmt.Sprintf(oneStream, timeout, e.stream, incremental, cursor, mode), sandbox.Options{Seed: 5, Contacts: 320, Conversations: 24, Companies: 240, Growth: -1})}
	if out, code := h.run("apply", "-auto-approve"); code != 0 {
		t.Fatalf("exit %d\n%s", code, out)
	}
	h.expected = h.upstream(e.stream, columns...)
	h.holds(t, "the first import")
	return h
}

// holds compares the table with what is expected, in which no row stands twice unless a
// full read was appended twice.
func (h *trial) holds(t *testing.T, when string) {
	t.Helper()
	if got := h.rows("crm/rows", h.columns...); !slices.Equal(got, h.expected) {
		t.Errorf("%s: the table holds %d rows, not the right %d: %s", when, len(got), len(h.expected), difference(got, h.expected))
	}
}

// meets changes something upstream, imports under the hardship, and once more without it.
func (h *trial) meets(t *testing.T, hard hardship) {
	w := h.server.Workspace
	_ = h.Sleep(t.Context(), 3*time.Minute)
	if err := h.grow(w, h.Now()); err != nil {
		t.Fatal(err)
	}
	_ = h.Sleep(t.Context(), 3*time.Minute)
	w.Behave(hard.behaviour(h.endpoint))
	w.ResetStats()
	out, code := h.run("run", "target.parquet.rows")
	w.Behave(sandbox.Behaviour{})
	if hard.fault != (sandbox.Fault{}) && w.Stats().Spoiled == 0 {
		t.Error("the import never met the fault")
	}
	if code != hard.code {
		t.Errorf("exit %d, not %d", code, hard.code)
	}
	if code == 0 {
		h.imported()
	}
	h.holds(t, hard.name)
	if t.Failed() {
		t.Log(out)
	}
	_ = h.Sleep(t.Context(), 3*time.Minute) // a scroll that was left open has ended
	if out, code := h.run("run", "target.parquet.rows"); code != 0 {
		t.Fatalf("afterwards: exit %d\n%s", code, out)
	}
	h.imported()
	h.holds(t, "afterwards")
}

// imported says what the table has to hold after one more import.
func (h *trial) imported() {
	now := h.upstream(h.stream, h.columns...)
	if h.mode == "append" && !h.cursors {
		now = append(now, h.expected...)
		slices.Sort(now)
	}
	h.expected = now
}

// difference shows a few rows that only one side has.
func difference(got, want []string) string {
	var out []string
	for _, side := range []struct {
		name string
		a, b []string
	}{{"too many", got, want}, {"missing", want, got}} {
		left := map[string]int{}
		for _, r := range side.b {
			left[r]++
		}
		for _, r := range side.a {
			if left[r]--; left[r] < 0 && len(out) < 6 {
				out = append(out, side.name+" "+r)
			}
		}
	}
	return strings.Join(out, "; ")
}
