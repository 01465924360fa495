package export

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/inlay-sync/inlay/schedule"
)

// missing skips a test aloud, or fails it where nothing may be skipped.
func missing(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("INLAY_NO_SKIP") != "" {
		t.Fatal(why + ", and nothing may be skipped")
	}
	t.Skip("SKIPPED: " + why)
}

// lint runs a program of the module of tools over a text and fails on what it finds.
func lint(t *testing.T, text string, command ...string) {
	t.Helper()
	cmd := exec.Command("go", command...)
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", command[len(command)-1], err, out, text)
	}
}

// TestActionlintAgrees lets actionlint read the workflow of every schedule.
func TestActionlintAgrees(t *testing.T) {
	tool := []string{"tool", "-modfile=../../tools/go.mod", "actionlint"}
	if testing.Short() {
		t.Skip("builds actionlint")
	}
	if out, err := exec.Command("go", append(tool, "-version")...).CombinedOutput(); err != nil {
		missing(t, "actionlint cannot be built: "+string(out))
	}
	var all []Job
	for i, spec := range specs() {
		j := job(t, spec)
		j.Name += strconv.Itoa(i)
		all = append(all, j)
	}
	odd := options
	odd.Folder, odd.Command = "/srv/it's: a #1 folder", "/opt/my tools/inlay"
	for _, c := range []struct {
		jobs []Job
		o    Options
	}{{all, options}, {all[:1], odd}, {nil, options}} {
		files, err := Files(GitHub, c.jobs, c.o)
		if err != nil {
			t.Fatal(err)
		}
		lint(t, files[0].Text, append(tool, "-shellcheck=", "-pyflakes=", "-")...)
	}
}

// TestKubernetesAgrees reads the manifest of every schedule by Kubernetes' own types, strictly.
func TestKubernetesAgrees(t *testing.T) {
	if os.Getenv("INLAY_LONG")+os.Getenv("INLAY_NO_SKIP") == "" {
		t.Skip("SKIPPED: builds the types of Kubernetes, which takes long: set INLAY_LONG=1")
	}
	if out, err := exec.Command("go", "build", "-C", "../../tools", "-o", os.DevNull, "./cronjob").CombinedOutput(); err != nil {
		missing(t, "the types of Kubernetes cannot be built: "+string(out))
	}
	var all []Job
	for i, spec := range specs() {
		j := job(t, spec)
		j.Name = strings.Repeat("Very_Long.", i%9) + strconv.Itoa(i) + `["ключ"]`
		all = append(all, j)
	}
	odd := options
	odd.Folder, odd.Image = "/srv/it's: a #1 folder", "registry.example.com/inlay@sha256:"+strings.Repeat("0", 64)
	for _, o := range []Options{options, odd} {
		files, err := Files(Kubernetes, all, o)
		if err != nil {
			t.Fatal(err)
		}
		lint(t, files[0].Text, "run", "-C", "../../tools", "./cronjob")
	}
}

// elapses asks systemd when a calendar expression elapses in the days after from.
func elapses(t *testing.T, analyze, expression string, from time.Time) []time.Time {
	t.Helper()
	hours, minutes, _ := strings.Cut(regexp.MustCompile(`[*\d,]+:[*\d,]+`).FindString(expression), ":")
	each := func(field string, all int) int {
		if field == "*" {
			return all
		}
		return strings.Count(field, ",") + 1
	}
	days := 4 * each(hours, 24) * each(minutes, 60)
	cmd := exec.Command(analyze, "calendar", "--iterations="+strconv.Itoa(days), "--base-time="+from.Format(time.DateTime)+" UTC", expression)
	cmd.Env = append(os.Environ(), "TZ=UTC", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", expression, err, out)
	}
	var all []time.Time
	for _, m := range regexp.MustCompile(`(?:elapse|Iter\. #\d+): \w+ (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC`).FindAllStringSubmatch(string(out), -1) {
		at, err := time.Parse(time.DateTime, m[1])
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, at)
	}
	if len(all) == 0 {
		t.Fatalf("%s never elapses:\n%s", expression, out)
	}
	return all
}

// TestSystemdAgrees lets systemd read every timer and say when it elapses: after each slot is
// due, and soon, across clock changes.
func TestSystemdAgrees(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		missing(t, "systemd-analyze is not here, so the timers are not checked by systemd")
	}
	all := specs()
	if os.Getenv("INLAY_LONG") == "" {
		all = []schedule.Spec{all[0], all[4], all[20], all[40], all[60], all[90], all[len(all)-1], {Cron: "0 9 1,15 * SUN", Timezone: "America/New_York"}, {Cron: "0 3 */2 2 MON", Timezone: "Europe/Berlin"}}
	}
	for _, spec := range all {
		files, err := Files(Systemd, []Job{job(t, spec)}, Options{Command: "/bin/true", Folder: "/tmp", Year: 2026})
		if err != nil {
			t.Fatal(err)
		}
		j := job(t, spec)
		_, step := steps(j.Schedule.Zone(), 2026)
		for _, day := range []string{"2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31"} {
			from, err := time.Parse(time.DateOnly, day)
			if err != nil {
				t.Fatal(err)
			}
			if local := from.In(j.Schedule.Zone()); local.Add(60*time.Hour).Format("-0700") == local.Format("-0700") && day != "2026-03-07" {
				continue
			}
			var looks []time.Time
			for _, m := range regexp.MustCompile(`OnCalendar=(.*)`).FindAllStringSubmatch(files[1].Text, -1) {
				looks = append(looks, elapses(t, analyze, m[1], from)...)
			}
			slices.SortFunc(looks, time.Time.Compare)
			checkLooks(t, "systemd", j, looks, from, from.Add(60*time.Hour), step+every*time.Minute)
		}
	}
	files, err := Files(Systemd, []Job{job(t, all[0])}, Options{Command: "/bin/true", Folder: "/tmp", Year: 2026})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var paths []string
	for _, f := range files {
		path := filepath.Join(dir, f.Name)
		if err := os.WriteFile(path, []byte(f.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if out, err := exec.Command(analyze, append([]string{"verify", "--man=no"}, paths...)...).CombinedOutput(); err != nil || strings.Contains(string(out), dir) {
		t.Errorf("verify: %v\n%s", err, out)
	}
}

// TestKubernetesFields holds each CronJob against what the API asks of its fields.
func TestKubernetesFields(t *testing.T) {
	for _, spec := range specs() {
		j := job(t, spec)
		j.Name = strings.Repeat("Very_Long.", 9) + `["ключ"]`
		files, err := Files(Kubernetes, []Job{j}, options)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, doc := range strings.Split(files[0].Text, "---\n")[1:] {
			name := regexp.MustCompile(`(?m)^  name: (.*)$`).FindStringSubmatch(doc)[1]
			if len(name) > 52 || seen[name] || !regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`).MatchString(name) {
				t.Errorf("name %q", name)
			}
			seen[name] = true
			for _, need := range []string{"apiVersion: batch/v1", "kind: CronJob", "concurrencyPolicy: Forbid", "restartPolicy: Never", `timeZone: "` + spec.Timezone + `"`} {
				if !strings.Contains(doc, need) {
					t.Errorf("no %s in\n%s", need, doc)
				}
			}
			for i, v := range strings.Fields(regexp.MustCompile(`schedule: "(.*)"`).FindStringSubmatch(doc)[1]) {
				limits := [][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}}[i]
				for _, n := range regexp.MustCompile(`\d+`).FindAllString(v, -1) {
					if x, _ := strconv.Atoi(n); x < limits[0] || x > limits[1] {
						t.Errorf("%q in field %d", v, i)
					}
				}
			}
		}
	}
}
