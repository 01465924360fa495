package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/apply"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/table"
)

// sampleEvents are those of an apply with one import done, one failed and one not started.
func sampleEvents(t testing.TB) (*plan.Plan, []apply.Event) {
	users, tags := address(t, "target.parquet.users"), address(t, "target.parquet.tags")
	p := &plan.Plan{Imports: []plan.Import{
		{Address: users, Why: plan.New, Full: true}, {Address: tags, Why: plan.New, Full: true},
		{Address: address(t, "target.parquet.segments"), Why: plan.New, Full: true},
	}}
	at := func(s int) time.Time { return time.Date(2026, 11, 23, 0, 0, s, 0, time.UTC) }
	change := &plan.Change{Address: users, Effect: plan.Create}
	result := &apply.Result{Run: "R1", Started: at(1), Ended: at(6), Calls: providers.Calls{Requests: 14},
		Manifest: table.Manifest{Path: "crm/users", Rows: 2000, Bytes: 4096, Counts: table.Counts{Inserted: 2000}}}
	refused := &providers.Error{Kind: providers.Unauthorized, Summary: "Credentials refused", Detail: "The token of connection.intercom.acme was not accepted.", RequestID: "abc"}
	return p, []apply.Event{
		{Kind: apply.ChangeStart, At: at(0), Address: users, Change: change},
		{Kind: apply.ChangeDone, At: at(0), Address: users, Change: change},
		{Kind: apply.StateWritten, At: at(0), Serial: 1},
		{Kind: apply.ImportStart, At: at(1), Address: users, Run: "R1", Import: &p.Imports[0]},
		{Kind: apply.Progress, At: at(2), Address: users, Run: "R1", Rows: 150, Pages: 1, Expected: 2000},
		{Kind: apply.Progress, At: at(3), Address: users, Run: "R1", Rows: 600, Pages: 4, Expected: 2000},
		{Kind: apply.Checkpointed, At: at(4), Address: users, Run: "R1", Rows: 600},
		{Kind: apply.ImportStart, At: at(4), Address: tags, Run: "R2", Import: &p.Imports[1]},
		{Kind: apply.Failed, At: at(5), Address: tags, Run: "R2", Err: refused},
		{Kind: apply.ImportDone, At: at(6), Address: users, Run: "R1", Result: result},
	}
}

func TestLiveText(t *testing.T) {
	want := `target.parquet.users: create done
target.parquet.users: run R1 (new, reads everything)
target.parquet.users: 150 of 2,000 rows, 1 page, 150 rows/s
target.parquet.users: 600 of 2,000 rows, 4 pages, 200 rows/s, 600 staged
target.parquet.tags: run R2 (new, reads everything)
target.parquet.tags: failed: Credentials refused
target.parquet.users: 2,000 rows inserted in 5.0s, 14 calls
`
	var b strings.Builder
	live := LiveText(&b, Style{})
	_, events := sampleEvents(t)
	for _, e := range events {
		if err := live.Event(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := live.Close(); err != nil || b.String() != want {
		t.Errorf("%v, got:\n%s\nwant:\n%s", err, b.String(), want)
	}
}

// TestLiveBars plays the output on a small screen: at the end only permanent lines stand.
func TestLiveBars(t *testing.T) {
	var b strings.Builder
	live := LiveText(&b, Style{Width: 60, Live: true})
	_, events := sampleEvents(t)
	middle := ""
	for i, e := range events {
		if err := live.Event(e); err != nil {
			t.Fatal(err)
		}
		if i == 5 {
			middle = screen(b.String())
		}
	}
	if err := live.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(middle, "  ████░░░░░░░░░░░░ target.parquet.users  600 of 2,000 rows") {
		t.Errorf("no bar:\n%s", middle)
	}
	want := `target.parquet.users: create done
target.parquet.users: run R1 (new, reads everything)
target.parquet.tags: run R2 (new, reads everything)
target.parquet.tags: failed: Credentials refused
target.parquet.users: 2,000 rows inserted in 5.0s, 14 calls
`
	if got := screen(b.String()); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// screen is what a terminal shows after text that moves up and erases.
func screen(text string) string {
	var lines []string
	for text != "" {
		if strings.HasPrefix(text, "\x1b[") {
			n := int(text[2] - '0')
			lines = lines[:len(lines)-n]
			_, text, _ = strings.Cut(text, "\x1b[J")
			continue
		}
		l, rest, _ := strings.Cut(text, "\n")
		lines, text = append(lines, l), rest
	}
	return strings.Join(lines, "\n") + "\n"
}

func TestSummary(t *testing.T) {
	p, events := sampleEvents(t)
	tally := NewTally(p)
	for _, e := range events {
		tally.Add(e)
	}
	want := `
Finished with failures in 6.0s: 1 table changed, 1 import done, 1 import failed, 1 import not started.

Done
  target.parquet.users  2,000 rows inserted; crm/users: 2,000 rows, 4.0 KiB  run R1

Not started
  target.parquet.segments

Failed
  target.parquet.tags  Credentials refused  run R2
      The token of connection.intercom.acme was not accepted. (request id abc)

Go on with:  inlay apply
Next import: target.parquet.users 2026-11-24 00:40 JST
Query it:    duckdb -c "select count(*) from 'warehouse/crm/users/**/*.parquet'"
`
	var b strings.Builder
	s := Summary{GoOn: "inlay apply", Warehouse: "warehouse", Next: "target.parquet.users 2026-11-24 00:40 JST"}
	if err := SummaryText(&b, Style{}, tally, s); err != nil || b.String() != want {
		t.Errorf("%v, got:\n%s\nwant:\n%s", err, b.String(), want)
	}
	if len(tally.Failures()) != 1 || !tally.Succeeded() {
		t.Errorf("failures %v, succeeded %v", tally.Failures(), tally.Succeeded())
	}
}

func TestLiveJSON(t *testing.T) {
	p, events := sampleEvents(t)
	var b bytes.Buffer
	tally, live := NewTally(p), LiveJSON(&b)
	if err := PlanEvent(&b, p); err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		tally.Add(e)
		if err := live.Event(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := SummaryEvent(&b, tally, Summary{Interrupted: true}); err != nil {
		t.Fatal(err)
	}
	var types []string
	var last map[string]any
	for d := json.NewDecoder(&b); d.More(); {
		last = nil
		if err := d.Decode(&last); err != nil {
			t.Fatal(err)
		}
		types = append(types, last["type"].(string))
	}
	want := "plan change_start change_complete state apply_start progress progress checkpoint apply_start apply_failed apply_complete summary"
	if got := strings.Join(types, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if last["failed"] != 1.0 || last["not_started"] != 1.0 || last["interrupted"] != true {
		t.Errorf("the summary is %v", last)
	}
}

func TestFromError(t *testing.T) {
	if f := FromError(errors.New("disk full\x1b[2J")); f.Summary == "" || strings.Contains(f.Detail, "\x1b") {
		t.Errorf("got %+v", f)
	}
	if f := FromError(nil); f.Severity != Error {
		t.Errorf("got %+v", f)
	}
}
