package report

import (
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/state"
)

// TestRunFields: a run in full, as people read it; one that is not over has no numbers yet.
func TestRunFields(t *testing.T) {
	r := state.Run{
		ID: "R1", Address: address(t, "target.parquet.users"), Source: address(t, "source.intercom.users"), Schedule: address(t, "schedule.nightly"),
		Slot: "2026-11-23T00:10@Asia/Tokyo", Why: "due", Host: "box", PID: 12, Started: time.Unix(1795359600, 0), Status: state.Unfinished,
	}
	text := func() string {
		var b strings.Builder
		if err := Fields(&b, Style{}, RunFields(r)); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if got := text(); strings.Contains(got, "calls") || !strings.Contains(got, "process   12 on box\n") {
		t.Errorf("while it runs:\n%s", got)
	}
	r.Status, r.Ended, r.Rows, r.Inserted, r.Pages, r.Calls, r.Retries, r.Waited = state.Done, r.Started.Add(90*time.Second), 2000, 12, 14, 15, 1, 9.5
	r.Saved, r.Commit, r.Parts, r.Written, r.Position = 2, 7, 3, 1, "2026-11-22 15:10:00 UTC"
	r.Audit, r.Warnings = []string{"ids: holds", "words: not_null name: 3 rows (warn)"}, []string{"3 values did not fit"}
	want := `run          R1
target       target.parquet.users
status       done
why          due
source       source.intercom.users
schedule     schedule.nightly
slot         2026-11-23T00:10@Asia/Tokyo
process      12 on box
started      2026-11-22 15:00:00 UTC
ended        2026-11-22 15:01:30 UTC
duration     1m 30s
rows         2,000 received, 12 inserted, 0 updated, 0 deleted
pages        14
calls        15
retries      1
waited       9.5s for the service's rate limit
checkpoints  2
commit       7
parts        1 written, 3 in the table
bookmark     2026-11-22 15:10:00 UTC
audit        ids: holds
             words: not_null name: 3 rows (warn)
warnings     3 values did not fit
`
	if got := text(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
