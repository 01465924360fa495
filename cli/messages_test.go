package cli

import (
	"encoding/json"
	"errors"
	goflag "flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = goflag.Bool("update", false, "keep the messages that the scripts provoke, for docs/diagnostics.md")

// keptMessages are what the scripts provoke, one of each shape, for docs/diagnostics.
const keptMessages = "testdata/messages.json"

// message is one thing that a command found wrong, as it was printed.
type message struct {
	Severity string   `json:"severity"`
	Summary  string   `json:"summary"`
	Lines    []string `json:"lines,omitempty"` // of the file that it blames
	Detail   string   `json:"detail"`
}

// messages gathers what all scripts provoke.
type messages struct {
	mu   sync.Mutex
	list map[string][]message // by script
}

func (m *messages) gather(env *testscript.Env) {
	said, err := os.ReadFile(env.Getenv(saidEnv))
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		env.T().Fatal(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.list == nil {
		m.list = map[string][]message{}
	}
	m.list[filepath.Base(env.WorkDir)] = messagesIn(steady.ReplaceAllStringFunc(strings.ReplaceAll(string(said), env.WorkDir, "/srv/crm"), func(id string) string {
		return sameForAll.ReplaceAllString(id, "7")
	}))
}

var (
	head  = regexp.MustCompile(`^(Error|Warning): (.*)$`)
	about = regexp.MustCompile(` \([a-z]+\.[^)]*\)(  \S+:\d+)?$`) // the address after a summary, and the line
	// ids that chance gives are written in one way, so that what is kept stays as it is
	steady     = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{6}-[0-9a-z]{8}-s|\d{8}-\d{6}-[0-9a-z]{6}`)
	sameForAll = regexp.MustCompile(`[0-9a-z]`)

	failed = regexp.MustCompile(`^  (?:module\.\S+\.)?target\.\S+ +(\S.*?)(?:  run \S+)?$`)
)

// messagesIn reads what commands printed: errors and warnings, and the failures that an
// apply lists at its end.
func messagesIn(said string) []message {
	var out []message
	lines := strings.Split(said, "\n")
	inFailures := false
	for i := 0; i < len(lines); i++ {
		if m := head.FindStringSubmatch(lines[i]); m != nil {
			found, n := oneMessage(m[1], about.ReplaceAllString(m[2], ""), lines[i+1:])
			out = append(out, found)
			i += n
			continue
		}
		if inFailures = lines[i] == "Failed" || inFailures && strings.HasPrefix(lines[i], "  "); !inFailures {
			continue
		}
		if m := failed.FindStringSubmatch(lines[i]); m != nil {
			found := message{Severity: "Error", Summary: m[1]}
			for i+1 < len(lines) && strings.HasPrefix(lines[i+1], "      ") {
				i++
				found.Detail = strings.TrimSpace(found.Detail + " " + strings.TrimSpace(lines[i]))
			}
			out = append(out, found)
		}
	}
	return out
}

// oneMessage reads the paragraphs after a head, and says how many lines these are.
func oneMessage(severity, summary string, lines []string) (message, int) {
	found := message{Severity: severity, Summary: summary}
	n, blaming := 0, false
	for ; n < len(lines) && (lines[n] == "" || strings.HasPrefix(lines[n], "  ")); n++ {
		text := strings.TrimSpace(lines[n])
		switch {
		case text == "":
			blaming = false
		case strings.HasPrefix(text, "on ") && strings.Contains(text, " line ") && found.Lines == nil:
			blaming = true
			found.Lines = append(found.Lines, strings.TrimPrefix(lines[n], "  "))
		case blaming:
			found.Lines = append(found.Lines, strings.TrimPrefix(lines[n], "  "))
		default:
			found.Detail = strings.TrimSpace(found.Detail + " " + text)
		}
	}
	return found, n
}

var differs = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{8}-\d{6}-[0-9a-z]{6}|\d{6}-[0-9a-z]{8}|(?:\d+[hms])+|\b[0-9A-Z]{6}\b|\b[0-9a-f]{7,}\b|\d[\d.,:]*|on \S+,`)

// shape tells messages apart whatever numbers, ids and hosts are in them.
func (m message) shape() string { return m.Summary + ": " + differs.ReplaceAllString(m.Detail, "#") }

// compare ends the scripts: each summary that was said has to be kept, and, when all
// scripts ran, each message that is kept has to be said still.
func (m *messages) compare(t *testing.T, all bool) {
	said := map[string]message{}
	for _, script := range slices.Sorted(maps.Keys(m.list)) {
		for _, one := range m.list[script] {
			if _, known := said[one.shape()]; !known {
				said[one.shape()] = one
			}
		}
	}
	if *update {
		writeMessages(t, said)
		return
	}
	data, err := os.ReadFile(keptMessages)
	if err != nil {
		t.Fatal(err)
	}
	var kept []message
	if err := json.Unmarshal(data, &kept); err != nil {
		t.Fatal(err)
	}
	summaries, shapes := map[string]bool{}, map[string]bool{}
	for _, k := range kept {
		summaries[k.Summary], shapes[k.shape()] = true, true
		if _, still := said[k.shape()]; all && !still {
			t.Errorf("no script provokes %q any more in these words (go test ./cli -run TestScripts -update, then ./docs/diagnostics -update): %s", k.Summary, k.Detail)
		}
	}
	for _, s := range said {
		if !summaries[s.Summary] {
			t.Errorf("%q is not kept for docs/diagnostics.md: go test ./cli -run TestScripts -update, then ./docs/diagnostics -update", s.Summary)
		}
	}
}

// perSummary is how many messages of one summary are kept.
const perSummary = 2

func writeMessages(t *testing.T, said map[string]message) {
	var kept []message
	count := map[string]int{}
	for _, shape := range slices.Sorted(maps.Keys(said)) {
		if one := said[shape]; count[one.Summary] < perSummary {
			count[one.Summary]++
			kept = append(kept, one)
		}
	}
	data, err := json.MarshalIndent(kept, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(keptMessages, append(data, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
