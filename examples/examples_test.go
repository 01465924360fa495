// Package examples holds folders of configuration that apply as they stand, most of them
// beside the way a hosted connector is set up to the same end.
package examples

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// feature is one thing that Treasure Data's Intercom connector can do, in the words of its
// console and command line, and the folder that shows the same here.
type feature struct {
	words  string
	folder string
	claim  string // a command that proves it once the example was followed, and
	says   string // what it must print
}

// features is the whole list: the targets, the modes, time, place, schedule and preview.
var features = []feature{
	{"target: users, incremental off", "users-full", "table list", `users +crm/users +\w+ +replace +\d`},
	{"target: users, incremental on", "users-incremental", "table snapshots target.parquet.users", `bookmark`},
	{"target: conversations, incremental off", "conversations-full", "table list", `crm/conversations +\w+ +replace +\d`},
	{"target: conversations, incremental on", "conversations-incremental", "table show target.parquet.conversations", `bookmark +created_at 20`},
	{"target: tags", "tags", "table list", `crm/tags +\w+ +replace +24 `},
	{"target: segments", "segments", "table list", `crm/segments +\w+ +replace +\d`},
	{"mode: append", "append", "table list", `crm/tags +\w+ +append +48 `},
	{"mode: replace", "replace", "table snapshots target.parquet.users", `(?s)3  import .* 2  import`},
	{"mode: replace on new data", "replace-on-new-data", "table list", `crm/users +\w+ +replace_on_new_data +\d`},
	{"--time-column", "time-column", "table show -format=json target.parquet.users", `created_at_month=\d{4}-\d{2}"`},
	{"no --time-column: the service looks for one", "time-column-auto", "table show -format=json target.parquet.users", `created_at_month=\d{4}-\d{2}"`},
	{"add_time from upload_time", "upload-time", "table show -format=json target.parquet.tags", `time_day=\d{4}-\d{2}-\d{2}"`},
	{"add_time from a column", "add-time", "table show -format=json target.parquet.users", `time_month=\d{4}-\d{2}"`},
	{"Data Storage Timezone", "storage-timezone", "table show -format=json target.parquet.users", `"timezone": "Asia/Tokyo"`},
	{"--auto-create-table; Create new database, Create new table", "auto-create", "table path target.parquet.tags", `views`},
	{"database and table exist already", "existing-table", "table list", `crm/tags +\w+ +replace +24 `},
	{"connector:preview; Preview", "preview", "preview -format=csv target.parquet.users", `^id,email,created_at`},
	{"connector:issue, connector:history; Repeat: No", "run-once", "history", `(?s)(nothing|done).*done`},
	{"connector:create with @daily, @hourly, …", "schedule-daily", "schedule list", `daily_users +@daily +UTC`},
	{"connector:create with cron, --timezone and --delay", "schedule-delay-timezone", "schedule list", `daily_users +10 0 \* \* \* +Asia/Tokyo +30m`},
	{"a schedule that is switched off", "schedule-paused", "schedule list", `paused`},
	{"OAuth, and app id with API key", "sign-in", "table list", `crm/tags`},
}

// beyond are the folders for what the hosted connector does not do.
var beyond = []feature{
	{folder: "personal-data", claim: "table show target.parquet.users", says: `(?s)email +string.*plan +string`},
	{folder: "workspaces", claim: "output", says: `(?s)crm_us.*crm_eu.*crm_au`},
	{folder: "systemd", claim: "schedule list", says: `nightly +10 0 \* \* \*`},
	{folder: "kubernetes", claim: "schedule list", says: `nightly +10 0 \* \* \*`},
	{folder: "quickstart", claim: "table list", says: `crm/segments`},
}

// elsewhere are folders that have a test of their own: checks runs the jobs of ci.
var elsewhere = []string{"ci", "intercom"}

// TestNothingIsMissing fails for a feature without a folder, and for a folder that stands
// in no list.
func TestNothingIsMissing(t *testing.T) {
	known := slices.Clone(elsewhere)
	for _, f := range slices.Concat(features, beyond) {
		if slices.Contains(known, f.folder) {
			t.Errorf("%s is listed twice", f.folder)
		}
		known = append(known, f.folder)
	}
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
			if !slices.Contains(known, e.Name()) {
				t.Errorf("examples/%s is in no list of this test", e.Name())
			}
		}
	}
	for _, f := range slices.Concat(features, beyond) {
		if !slices.Contains(folders, f.folder) {
			t.Errorf("nothing shows %q: examples/%s is missing", f.words, f.folder)
		}
	}
	index, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range known {
		if !strings.Contains(string(index), "]("+name+"/") {
			t.Errorf("examples/README.md does not list %s", name)
		}
	}
	for _, f := range features {
		text, err := os.ReadFile(f.folder + "/README.md")
		if err != nil || !strings.Contains(string(text), "## There\n") || !strings.Contains(string(text), "## Here\n") {
			t.Errorf("examples/%s/README.md does not set the two ways side by side", f.folder)
		}
	}
}

// TestExamples follows each README to the letter in a copy of its folder. Afterwards the
// plan is empty, the tables are whole, the files that a command writes are those that stand
// in the folder, and what the example is there for can be seen.
func TestExamples(t *testing.T) {
	for _, f := range slices.Concat(features, beyond) {
		t.Run(f.folder, func(t *testing.T) {
			t.Parallel()
			p := copyOf(t, f.folder)
			p.must(0, "fmt", "-check", "-recursive")
			p.must(0, "validate")
			for _, args := range commandsOf(t, f.folder) {
				p.must(0, args...)
			}
			p.must(0, "plan", "-detailed-exitcode")
			p.must(0, "table", "check")
			p.unchanged(f.folder)
			if out := p.must(0, strings.Fields(f.claim)...); !regexp.MustCompile("(?m)" + f.says).MatchString(out) {
				t.Errorf("`inlay %s` does not say %s\n%s", f.claim, f.says, out)
			}
		})
	}
}
