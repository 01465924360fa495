package serve

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
	"github.com/inlay-sync/inlay/setting"
)

// browser is a person's browser at a daemon's page.
type browser struct {
	t      *testing.T
	client *http.Client
	base   string
}

func newBrowser(t *testing.T, base string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t, &http.Client{Jar: jar}, base}
}

func (b *browser) do(r *http.Request) (int, string) {
	b.t.Helper()
	r.Header.Set("Accept", "text/html")
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func (b *browser) request(method, path, body string) *http.Request {
	b.t.Helper()
	r, err := http.NewRequest(method, b.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return r
}

// see gets a page that must be there and hold these texts.
func (b *browser) see(path string, want ...string) string {
	b.t.Helper()
	code, body := b.do(b.request("GET", path, ""))
	if code != http.StatusOK {
		b.t.Fatalf("%s: status %d\n%s", path, code, body)
	}
	for _, w := range want {
		if !strings.Contains(body, w) {
			b.t.Errorf("%s lacks %q:\n%s", path, w, body)
		}
	}
	return body
}

var formValue = regexp.MustCompile(`name="form" value="([0-9a-f]+)"`)

// form returns the fields that a form of a page has.
func (b *browser) form(page string, fields ...string) string {
	b.t.Helper()
	v := url.Values{}
	m := formValue.FindStringSubmatch(page)
	if m == nil {
		b.t.Fatalf("no form in\n%s", page)
	}
	v.Set("form", m[1])
	for i := 0; i < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return v.Encode()
}

func (b *browser) press(path, form string, want int, change ...func(*http.Request)) string {
	b.t.Helper()
	r := b.request("POST", path, form)
	for _, c := range change {
		c(r)
	}
	code, body := b.do(r)
	if code != want {
		b.t.Fatalf("POST %s: status %d, not %d\n%s", path, code, want, body)
	}
	return body
}

// TestPages walks through every page and presses every button.
func TestPages(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	d := r.daemon()
	server := httptest.NewServer(d.handler())
	defer server.Close()
	b := newBrowser(t, server.URL)

	if code, _ := b.do(b.request("GET", "/readyz", "")); code != http.StatusServiceUnavailable {
		t.Errorf("ready before the first look: %d", code)
	}
	r.settle(d)
	b.see("/readyz", "ready")
	b.see("/healthz", "ok")
	b.see("/static/style.css", "light-dark")
	b.see("/static/plan.css", "plan-table")
	b.see("/static/script.js", "EventSource")

	b.see("/", "Nothing is applied yet", "schedule.daily", "30 2 * * *", "America/New_York", "connection.intercom.demo", "Changes wait for approval")
	page := b.see("/plan", "target.parquet.tags", "Approve this plan", "added", "default/tags")
	id := regexp.MustCompile(`name="plan" value="([^"]+)"`).FindStringSubmatch(page)[1]
	if body := b.press("/approve", b.form(page, "plan", "another"), http.StatusConflict); !strings.Contains(body, "read it again") {
		t.Errorf("another plan: %s", body)
	}
	b.press("/approve", b.form(page, "plan", id), http.StatusOK)
	d.batches.Wait()
	r.settle(d)
	b.see("/plan", "No changes")

	home := b.see("/", "target.parquet.tags", `class="spark"`, "2026-06-01 02:30 EDT", "Run now", "Pause")
	run := regexp.MustCompile(`/runs/([0-9a-z-]+)`).FindStringSubmatch(home)[1]
	b.see("/runs/"+run, "target.parquet.tags", "rows received", "begins: new", "done:")
	table := regexp.MustCompile(`/tables/([0-9A-Z]+)`).FindStringSubmatch(home)[1]
	b.see("/tables/"+table, "First rows", "string", "Columns")
	b.see("/tables/target.parquet.tags", "First rows")
	b.see("/?q=tags", "target.parquet.tags")
	if none := b.see("/?q=%3Cscript%3E", "No table has &lt;script&gt;"); strings.Contains(none, "<script>") {
		t.Error("what was looked for is not escaped")
	}
	for _, path := range []string{"/runs/nothing", "/tables/nothing", "/nothing"} {
		if code, _ := b.do(b.request("GET", path, "")); code != http.StatusNotFound {
			t.Errorf("%s: %d", path, code)
		}
	}

	before := len(r.manifests("target.parquet.tags"))
	b.press("/run", b.form(home, "target", "target.parquet.tags"), http.StatusOK)
	d.batches.Wait()
	if got := len(r.manifests("target.parquet.tags")); got != before+1 {
		t.Errorf("run now: %d commits, %d before", got, before)
	}
	b.press("/run", b.form(home, "target", "target.parquet.none"), http.StatusConflict)
	b.press("/run", b.form(home, "target", "nonsense"), http.StatusConflict)

	b.press("/pause", b.form(home, "target", "target.parquet.tags", "paused", "true"), http.StatusOK)
	r.clock.move(48 * time.Hour)
	r.settle(d)
	if got := len(r.manifests("target.parquet.tags")); got != before+1 {
		t.Errorf("a paused target was imported")
	}
	b.see("/", "paused by hand", "Resume")
	b.see("/metrics", `inlay_paused{target="target.parquet.tags"} 1`)
	b.press("/pause", b.form(home, "target", "target.parquet.tags", "paused", "false"), http.StatusOK)
	r.settle(d)
	if got := len(r.manifests("target.parquet.tags")); got != before+1 {
		t.Errorf("slots that passed while paused were caught up")
	}
	r.clock.move(24 * time.Hour)
	r.settle(d)
	if got := len(r.manifests("target.parquet.tags")); got != before+2 {
		t.Errorf("after the pause: %d commits, %d before", got, before)
	}
	// A schedule is paused with all its targets, whoever looks for what is due.
	b.press("/pause", b.form(home, "schedule", "schedule.daily", "paused", "true"), http.StatusOK)
	b.press("/pause", b.form(home, "schedule", "schedule.none", "paused", "true"), http.StatusConflict)
	r.clock.move(24 * time.Hour)
	r.settle(d)
	if made, err := r.project().PlanRuns(t.Context(), project.RunOptions{Due: true}); err != nil || len(made.Imports) != 0 {
		t.Errorf("run -due of a paused schedule: %+v, %v", made, err)
	}
	if made, err := r.project().Plan(t.Context(), plan.Options{}); err != nil || len(made.Imports) != 0 {
		t.Errorf("apply with a paused schedule: %+v, %v", made, err)
	}
	if got := len(r.manifests("target.parquet.tags")); got != before+2 {
		t.Errorf("a target of a paused schedule was imported")
	}
	b.see("/", "its schedule is paused by hand", `aria-label="Resume schedule.daily"`, `aria-label="Pause target.parquet.tags"`)
	b.see("/metrics", `inlay_paused{target="target.parquet.tags"} 1`)
	b.press("/pause", b.form(home, "schedule", "schedule.daily", "paused", "false"), http.StatusOK)
	r.settle(d)
	b.press("/look", b.form(home), http.StatusOK)
	metrics := b.see("/metrics", `inlay_runs_total{target="target.parquet.tags",result="done"} 3`, "inlay_table_age_seconds{", "inlay_next_due_timestamp_seconds{", "inlay_changes_pending 0")
	for line := range strings.Lines(metrics) {
		if !regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [-+0-9.e]+)\n$`).MatchString(line) {
			t.Errorf("not a line of metrics: %q", line)
		}
	}

	r.clock.move(time.Hour)
	if code, _ := b.do(b.request("GET", "/healthz", "")); code != http.StatusServiceUnavailable {
		t.Errorf("healthy after an hour without a turn: %d", code)
	}
}

// TestChangedConfiguration: a change is planned and not made; a mistake leaves the daemon
// with what it had.
func TestChangedConfiguration(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	r.apply()
	d := r.daemon()
	server := httptest.NewServer(d.handler())
	defer server.Close()
	b := newBrowser(t, server.URL)
	r.settle(d)

	r.write("main.hcl", daily+hourly)
	r.settle(d)
	b.see("/plan", "target.parquet.often", "create")
	if _, _, _, err := r.project().Table("target.parquet.often"); err == nil {
		t.Error("the daemon applied a change by itself")
	}

	r.write("main.hcl", daily+`target "parquet" "<b>bad</b>" {`)
	r.settle(d)
	page := b.see("/", "The configuration has mistakes", "main.hcl")
	if strings.Contains(page, "<b>bad</b>") {
		t.Error("a mistake's text is not escaped")
	}
	if code, _ := b.do(b.request("GET", "/readyz", "")); code != http.StatusServiceUnavailable {
		t.Errorf("ready with mistakes: %d", code)
	}
	r.clock.move(24 * time.Hour)
	r.settle(d)
	if got := r.daySlots(); len(got) != 1 {
		t.Errorf("with mistakes in the configuration: imported %v", got)
	}

	r.write("main.hcl", daily)
	r.settle(d)
	b.see("/plan", "No changes")
	b.see("/readyz", "ready")
}

// daySlots are the daily slots, read without the configuration that may have mistakes.
func (r *rig) daySlots() []string {
	r.write("main.hcl", daily)
	return r.slots("target.parquet.tags")
}

// TestForgedForms: a form that no page of the daemon sent does nothing.
func TestForgedForms(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	r.apply()
	d := r.daemon()
	server := httptest.NewServer(d.handler())
	defer server.Close()
	r.settle(d)
	b := newBrowser(t, server.URL)
	home := b.see("/")
	good := b.form(home, "target", "target.parquet.tags")
	for name, c := range map[string]struct {
		form   string
		change func(*http.Request)
	}{
		"no form value":       {"target=target.parquet.tags", func(*http.Request) {}},
		"a made-up value":     {"form=00&target=target.parquet.tags", func(*http.Request) {}},
		"another origin":      {good, func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }},
		"a cross-site fetch":  {good, func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		"a null origin":       {good, func(r *http.Request) { r.Header.Set("Origin", "null") }},
		"a made-up bearer":    {"target=target.parquet.tags", func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") }},
		"another value's kin": {strings.Replace(good, "form=", "form=0", 1), func(*http.Request) {}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range []string{"/run", "/pause", "/approve", "/look", "/login"} {
				b.press(path, c.form, http.StatusForbidden, c.change)
			}
		})
	}
	stranger := newBrowser(t, server.URL)
	stranger.press("/run", good, http.StatusForbidden) // the value without its cookie
	if n := len(r.manifests("target.parquet.tags")); n != 1 {
		t.Errorf("a forged form imported: %d commits", n)
	}
	for _, path := range []string{"/run", "/approve"} {
		if code, _ := b.do(b.request("GET", path, "")); code != http.StatusNotFound && code != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", path, code)
		}
	}
	b.press("/run", good, http.StatusOK, func(r *http.Request) { r.Header.Set("Origin", server.URL) })
	d.batches.Wait()
	if n := len(r.manifests("target.parquet.tags")); n != 2 {
		t.Errorf("the page's own form did nothing: %d commits", n)
	}
}

// TestWhoMayEnter: without a token the page answers to this machine's names alone; with one
// it tells nothing before it.
func TestWhoMayEnter(t *testing.T) {
	for address, token := range map[string]string{"0.0.0.0:8484": "", ":8484": "", "192.0.2.1:80": "", "[::]:8484": "", "example.com:80": "", "127.0.0.1": "", "127.0.0.1:1 ": "short"} {
		if err := mayListen(address, setting.NewSecret(token)); err == nil {
			t.Errorf("%q with token %q may listen", address, token)
		}
	}
	const token = "a-token-of-some-length"
	for address, token := range map[string]string{"127.0.0.1:8484": "", "localhost:0": "", "[::1]:8484": "", "0.0.0.0:8484": token} {
		if err := mayListen(address, setting.NewSecret(token)); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}

	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	d := r.daemon()
	open := httptest.NewServer(d.handler())
	defer open.Close()
	b := newBrowser(t, open.URL)
	rebound := b.request("GET", "/", "")
	rebound.Host = "evil.example:8484"
	if code, _ := b.do(rebound); code != http.StatusMisdirectedRequest {
		t.Errorf("another host's name: %d", code)
	}

	d.Token = setting.NewSecret(token)
	guarded := httptest.NewServer(d.handler())
	defer guarded.Close()
	r.settle(d)
	b = newBrowser(t, guarded.URL)
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range []string{"/", "/plan", "/runs/x", "/tables/x", "/metrics", "/events", "/readyz"} {
		code, body := b.do(b.request("GET", path, ""))
		if code != http.StatusSeeOther || strings.Contains(body, "intercom") {
			t.Errorf("%s without a token: %d %s", path, code, body)
		}
		plain := b.request("GET", path, "")
		res, err := http.DefaultTransport.RoundTrip(plain)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s without a token, by a machine: %d", path, res.StatusCode)
		}
	}
	if code, _ := b.do(b.request("GET", "/healthz", "")); code != http.StatusOK {
		t.Errorf("healthz: %d", code)
	}
	bearer := b.request("GET", "/metrics", "")
	bearer.Header.Set("Authorization", "Bearer "+token)
	if code, body := b.do(bearer); code != http.StatusOK || !strings.Contains(body, "inlay_info") {
		t.Errorf("with the token: %d", code)
	}
	bearer.Header.Set("Authorization", "Bearer "+token+"x")
	if code, _ := b.do(bearer); code == http.StatusOK {
		t.Error("with another token")
	}

	page := b.see("/login?to=/plan", "Token")
	if strings.Contains(page, "schedule.daily") {
		t.Error("the sign-in page tells of the configuration")
	}
	b.press("/login", b.form(page, "token", "wrong", "to", "/plan"), http.StatusSeeOther)
	if code, _ := b.do(b.request("GET", "/plan", "")); code != http.StatusSeeOther {
		t.Errorf("signed in with a wrong token: %d", code)
	}
	b.press("/login", b.form(page, "token", token, "to", "//evil.example"), http.StatusSeeOther)
	b.see("/plan", "target.parquet.tags")
	press := b.request("POST", "/look", "x=1")
	press.Header.Set("Authorization", "Bearer "+token)
	if code, _ := b.do(press); code != http.StatusSeeOther {
		t.Errorf("a machine's call with the token: %d", code)
	}
	if local("//evil.example") != "/" || local("/\\evil") != "/" || local("https://x") != "/" || local("/plan") != "/plan" {
		t.Error("a sign-in leads elsewhere")
	}
}

// TestEvents: a page hears of an import while it runs, and the stream ends with the daemon.
func TestEvents(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	r.apply()
	ctx, stop := context.WithCancel(t.Context())
	d, err := newDaemon(ctx, r.options())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(d.handler())
	defer server.Close()
	res, err := http.Get(server.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() && lines.Text() != "" { // the stream is open
	}
	r.clock.move(24 * time.Hour)
	d.turn(ctx, true)
	var seen []string
	for lines.Scan() {
		if m := regexp.MustCompile(`"type":"([a-z_]+)"`).FindStringSubmatch(lines.Text()); m != nil {
			seen = append(seen, m[1])
			if m[1] == "apply_complete" {
				break
			}
		}
	}
	if all := strings.Join(seen, " "); !strings.Contains(all, "apply_start") || !strings.HasSuffix(all, "apply_complete") {
		t.Errorf("heard %v", seen)
	}
	d.batches.Wait()
	stop()
	for lines.Scan() { // ends because the daemon does
	}
}

// TestRun starts a whole daemon and stops it: the page answers in between.
func TestRun(t *testing.T) {
	r := newRig(t, daily, "2026-06-01T00:10:00Z")
	ctx, stop := context.WithCancel(t.Context())
	o := r.options()
	o.Listen = "127.0.0.1:0"
	o.Wait = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	at := make(chan string, 1)
	o.Listening = func(url string) { at <- url }
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, o) }()
	b := newBrowser(t, <-at)
	b.see("/", "schedule.daily")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	o.Listen = "0.0.0.0:0"
	if err := Run(t.Context(), o); err == nil || !strings.Contains(err.Error(), "INLAY_SERVE_TOKEN") {
		t.Errorf("listening for everyone: %v", err)
	}
	r.write("main.hcl", "nonsense")
	if err := Run(t.Context(), o); err == nil {
		t.Error("served a configuration with mistakes")
	}
}
