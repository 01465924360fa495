package checks

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/inlay-sync/inlay/checks/canary"
	"github.com/inlay-sync/inlay/checks/program"
	"github.com/inlay-sync/inlay/providers/intercom/sandbox"
)

const recipes = "../examples/ci/"

// TestGitHubRecipe runs every run: line of the workflow through a pull request's life.
func TestGitHubRecipe(t *testing.T) {
	c, api := serveComments(t, "Authorization", "Bearer notes-token",
		func(p string) bool { return p == "/repos/acme/tables/issues/7/comments" },
		func(p string) bool { return strings.HasPrefix(p, "/repos/acme/tables/issues/comments/") })
	h := newRepository(t, githubRecipe(t, recipes+"github.yml"))
	summary := filepath.Join(t.TempDir(), "summary.md")
	h.live(c, events{
		push: map[string]string{
			"github.event_name": "push", "vars.INLAY_DATA": h.data, "secrets.INTERCOM_ACCESS_TOKEN": token,
		},
		review: map[string]string{
			"github.event_name": "pull_request", "vars.INLAY_DATA": h.data, "github.token": "notes-token", "github.event.number": "7",
			"github.event.pull_request.head.repo.full_name": "acme/tables", "github.repository": "acme/tables",
			"$GITHUB_BASE_REF": "main", "$GITHUB_API_URL": api, "$GITHUB_REPOSITORY": "acme/tables", "$GITHUB_STEP_SUMMARY": summary,
		},
		due: map[string]string{
			"github.event_name": "schedule", "github.event.schedule": "*/15 * * * *", "vars.INLAY_DATA": h.data, "secrets.INTERCOM_ACCESS_TOKEN": token,
		},
		drift: map[string]string{
			"github.event_name": "schedule", "github.event.schedule": "30 5 * * *", "vars.INLAY_DATA": h.data,
		},
		merged: true, // GitHub checks out what would stand on main
	})
	if text, err := os.ReadFile(summary); err != nil || !strings.HasPrefix(string(text), "<!-- inlay plan -->") {
		t.Errorf("the summary of the job is %q, %v", text, err)
	}
}

// TestGitLabRecipe runs every line of the pipeline's scripts through the same life.
func TestGitLabRecipe(t *testing.T) {
	c, api := serveComments(t, "PRIVATE-TOKEN", "notes-token",
		func(p string) bool { return p == "/projects/12/merge_requests/7/notes" },
		func(p string) bool { return strings.HasPrefix(p, "/projects/12/merge_requests/7/notes/") })
	h := newRepository(t, gitlabRecipe(t, recipes+"gitlab.yml"))
	push := map[string]string{
		"$CI_PIPELINE_SOURCE": "push", "$CI_COMMIT_BRANCH": "main", "$CI_DEFAULT_BRANCH": "main", "$INLAY_DATA": h.data, "$INTERCOM_ACCESS_TOKEN": token,
	}
	h.live(c, events{
		push: push,
		review: map[string]string{
			"$CI_PIPELINE_SOURCE": "merge_request_event", "$CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "$INLAY_DATA": h.data,
			"$CI_API_V4_URL": api, "$CI_PROJECT_ID": "12", "$CI_MERGE_REQUEST_IID": "7", "$GITLAB_NOTES_TOKEN": "notes-token",
		},
		due: map[string]string{
			"$CI_PIPELINE_SOURCE": "schedule", "$INLAY_JOB": "due", "$INLAY_DATA": h.data, "$INTERCOM_ACCESS_TOKEN": token,
		},
		drift: map[string]string{"$CI_PIPELINE_SOURCE": "schedule", "$INLAY_JOB": "drift", "$INLAY_DATA": h.data},
	})
}

// events are what a code host tells the jobs, for each event. Only those that import have
// the token.
type events struct {
	push, review, due, drift map[string]string
	merged                   bool // a review checks out the branch as it would be merged
}

// repository is a repository with its runner: clones that share one folder of tables.
type repository struct {
	*pipeline
	origin string // bare
	work   string // a person's clone
	data   string
}

// newRepository makes a repository with the example's configuration on main.
func newRepository(t *testing.T, r recipe) *repository {
	t.Helper()
	needs(t, "git", "bash", "curl", "jq")
	server := newProject(t, "", sandbox.Options{Seed: 5, Contacts: 40})
	h := &repository{
		pipeline: &pipeline{t: t, recipe: r, path: binaries(t), kept: t.TempDir(), ran: map[string]bool{}, env: []string{"INLAY_TEST_URL=" + server.url, "INLAY_LATER=0s"}},
		origin:   filepath.Join(t.TempDir(), "origin.git"), work: filepath.Join(t.TempDir(), "work"), data: t.TempDir(),
	}
	h.git(".", "init", "-q", "--bare", "-b", "main", h.origin)
	h.git(".", "clone", "-q", h.origin, h.work)
	text, err := os.ReadFile(recipes + "main.hcl")
	if err != nil {
		t.Fatal(err)
	}
	const token = "  access_token = env(\"INTERCOM_ACCESS_TOKEN\")\n"
	if !strings.Contains(string(text), token) {
		t.Fatal("the example takes its token in another way than this test knows")
	}
	h.commit("main", "main.hcl", strings.Replace(string(text), token, token+"  base_url     = env(\"INLAY_TEST_URL\")\n", 1))
	return h
}

// needs skips a test that lacks a program, or fails where nothing may be skipped.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			if os.Getenv("INLAY_NO_SKIP") != "" {
				t.Fatalf("%s is not here, and nothing may be skipped", p)
			}
			t.Skipf("SKIPPED: %s is not here", p)
		}
	}
}

// binaries is a PATH on which inlay stands.
func binaries(t *testing.T) string {
	t.Helper()
	binary := program.Path(t)
	return filepath.Dir(binary) + ":" + os.Getenv("PATH")
}

func (h *repository) git(dir string, args ...string) string {
	h.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "HOME="+h.kept)
	out, err := cmd.CombinedOutput()
	if err != nil {
		h.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// commit writes a file on a branch and pushes it.
func (h *repository) commit(branch, name, text string) {
	h.t.Helper()
	h.git(h.work, "checkout", "-q", "-B", branch)
	if err := os.WriteFile(filepath.Join(h.work, name), []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
	h.git(h.work, "add", name)
	h.git(h.work, "commit", "-q", "-m", name)
	h.git(h.work, "push", "-q", "origin", branch)
}

// checkout makes a fresh clone of a branch, merged into main if the host does that.
func (h *repository) checkout(branch string, merged bool) func() string {
	return func() string {
		dir := filepath.Join(h.t.TempDir(), "clone")
		h.git(".", "clone", "-q", h.origin, dir)
		if merged {
			h.git(dir, "checkout", "-q", "--detach", "origin/main")
			h.git(dir, "merge", "-q", "--no-ff", "--no-edit", "origin/"+branch)
		} else {
			h.git(dir, "checkout", "-q", "--detach", "origin/"+branch)
		}
		return dir
	}
}

// event runs what the recipe says for an event; it must end with code.
func (h *repository) event(code int, given map[string]string, checkout func() string) string {
	h.t.Helper()
	out, got := h.run(given, checkout)
	if got != code {
		h.t.Fatalf("exit %d, not %d\n%s", got, code, out)
	}
	if canary.Find([]byte(out)) != "" {
		h.t.Errorf("the token was printed:\n%s", out)
	}
	return out
}

const segments = `source "intercom" "segments" {
  connection = connection.intercom.main
  stream     = "segments"
}

target "parquet" "segments" {
  source   = source.intercom.segments
  database = "crm"
  mode     = "replace"
}
`

// live takes the repository from its first push to its nightly check. A pull request is
// opened, main goes on without it, and the plan in the comment is of the pull request alone.
func (h *repository) live(c *comments, e events) {
	t, main := h.t, h.checkout("main", false)
	has(t, h.event(0, e.push, main), "target.parquet.tags", "1 import done")
	if links, _ := filepath.Glob(filepath.Join(h.data, "warehouse", "crm", "tags")); len(links) != 1 {
		t.Fatal("there is no table")
	}

	text, err := os.ReadFile(filepath.Join(h.work, "main.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	h.commit("days", "main.hcl", strings.Replace(string(text), "mode     = \"replace\"", "mode     = \"append\"", 1))
	h.git(h.work, "checkout", "-q", "main")
	h.commit("main", "segments.hcl", segments)
	has(t, h.event(0, e.push, main), "target.parquet.segments", "1 import done")

	for range 2 { // a second push to the branch changes the comment and adds none
		out := h.event(0, e.review, h.checkout("days", e.merged))
		has(t, out, `mode: "replace" → "append"`)
		lacks(t, out, "segments")
		comment := c.ours(t)
		has(t, comment, "<!-- inlay plan -->", "target.parquet.tags", "+ mode = \"append\"")
		lacks(t, comment, "segments", "connection.intercom.main")
	}

	h.git(h.work, "checkout", "-q", "main")
	h.git(h.work, "merge", "-q", "--no-edit", "days")
	h.git(h.work, "push", "-q", "origin", "main")
	has(t, h.event(0, e.push, main), "target.parquet.tags", "mode")

	has(t, h.event(0, e.due, main), "No changes")
	h.event(0, e.drift, main)
	h.later(t, e.due, main)
	h.damaged(t, e.drift, main)
	for _, j := range h.recipe.jobs {
		if !h.ran[j.name] {
			t.Errorf("the job %s never ran", j.name)
		}
	}
}

// buildLater builds inlay with a clock that can be set forward, beside the binary.
var buildLater = sync.OnceValues(func() (string, error) {
	binary, err := program.Build()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(binary), "later")
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "inlay"), "./internal/later").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return dir, nil
})

// later runs the job of schedules a day on: the slot has come, and is imported once.
func (h *repository) later(t *testing.T, due map[string]string, main func() string) {
	t.Helper()
	dir, err := buildLater()
	if err != nil {
		t.Fatal(err)
	}
	path, env := h.path, h.env
	h.path, h.env = dir+":"+h.path, append(h.env[:1:1], "INLAY_LATER=24h")
	has(t, h.event(0, due, main), "target.parquet.tags  due ", "1 import done")
	has(t, h.event(0, due, main), "No changes")
	h.path, h.env = path, env
}

// damaged takes a table's link away: the nightly check fails, and says which table.
func (h *repository) damaged(t *testing.T, drift map[string]string, main func() string) {
	t.Helper()
	if err := os.Remove(filepath.Join(h.data, "warehouse", "crm", "tags")); err != nil {
		t.Fatal(err)
	}
	has(t, h.event(2, drift, main), "target.parquet.tags")
}

func has(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%q is missing in:\n%s", w, text)
		}
	}
}

func lacks(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, w := range unwanted {
		if strings.Contains(text, w) {
			t.Errorf("%q stands in:\n%s", w, text)
		}
	}
}
