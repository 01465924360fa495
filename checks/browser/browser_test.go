package browser

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

const configuration = `
connection "intercom" "demo" {
  sandbox {
    contacts      = 2000
    conversations = 400
  }
}
schedule "hourly" { cron = "@hourly" }
schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
  delay    = "30m"
}
source "intercom" "users" {
  connection  = connection.intercom.demo
  stream      = "users"
  incremental = true
}
source "intercom" "conversations" {
  connection  = connection.intercom.demo
  stream      = "conversations"
  incremental = true
  cursor      = "updated_at"
}
source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}
target "parquet" "users" {
  source   = source.intercom.users
  database = "crm"
  columns  = ["*"]
  schedule = schedule.nightly
}
target "parquet" "conversations" {
  source   = source.intercom.conversations
  database = "crm"
  mode     = "upsert"
  schedule = schedule.hourly
}
`

// changed is what waits for approval: a table more, and a column less.
func changed() string {
	return strings.Replace(configuration, `["*"]`, `["*", "-phone"]`, 1) + `
target "parquet" "tags" {
  source   = source.intercom.tags
  database = "crm"
  mode     = "replace"
  schedule = schedule.nightly
}
`
}

// chromium finds a browser of that kind.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// missing skips the test aloud, or fails it where nothing may be skipped.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("INLAY_NO_SKIP") != "" {
		t.Fatal(what)
	}
	t.Skip("SKIPPED: " + what)
}

// TestPage lets a real browser walk through the page of a real daemon: axe-core finds
// nothing, nothing scrolls sideways at 380 pixels, every control is reached and fired by
// keys, and a plan is approved. INLAY_SHOTS names a folder for screenshots.
func TestPage(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		missing(t, "node is not here, so the page is not tried in a browser")
	}
	if _, err := os.Stat("node_modules"); err != nil {
		missing(t, "node_modules is not here, so the page is not tried in a browser; run make browser")
	}
	browser := chromium()
	if browser == "" {
		missing(t, "no Chromium is here, so the page is not tried in a browser")
	}
	bin, dir := t.TempDir(), filepath.Join(t.TempDir(), "crm")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	binary, later := filepath.Join(bin, "inlay"), filepath.Join(bin, "later")
	for path, pkg := range map[string]string{binary: "../..", later: "../internal/later"} {
		if out, err := exec.Command("go", "build", "-o", path, pkg).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	write(t, dir, configuration)
	run(t, dir, later, -4*24*time.Hour, "apply", "-auto-approve")
	for ago := 84; ago > 0; ago -= 12 { // some days of runs
		run(t, dir, later, -time.Duration(ago)*time.Hour, "run", "-due")
	}
	write(t, dir, changed())
	url := serve(t, binary, dir)
	out, err := exec.Command(node, "page.mjs", url, browser, os.Getenv("INLAY_SHOTS")).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// run carries a command out by a clock that is set forward by so much.
func run(t *testing.T, dir, later string, by time.Duration, args ...string) {
	t.Helper()
	cmd := exec.Command(later, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "INLAY_LATER="+by.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

func write(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "main.hcl"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serve starts a daemon that ends with the test, cleanly, and returns its page's address.
func serve(t *testing.T, binary, dir string) string {
	t.Helper()
	cmd := exec.Command(binary, "serve", "-listen", "127.0.0.1:0")
	cmd.Dir = dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("the daemon did not stop cleanly: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "The page answers at "); ok {
			return url
		}
	}
	t.Fatal("the daemon did not say where its page is")
	return ""
}
