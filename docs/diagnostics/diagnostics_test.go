// Package diagnostics makes docs/diagnostics.md of the messages that tests provoke, and
// fails when the page is not made of them, or when the program has a message that is on it
// nowhere.
package diagnostics

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the page instead of comparing it")

const page = "../diagnostics.md"

// message is one thing that was found wrong.
type message struct {
	Severity string   `json:"severity"`
	Summary  string   `json:"summary"`
	Lines    []string `json:"lines"`
	Detail   string   `json:"detail"`
}

const intro = `<!-- Gathered from what the tests provoke by ` + "`go test ./docs/diagnostics -update`" + `; do not edit. -->

# Messages

Every message that inlay finds something wrong with begins with a few words that do not change: its summary. Look it up
here. Each shows one or two ways to come by it, word for word as tests do: what is wrong, why, and what to do.

[Exit codes](getting-started.md#when-something-goes-wrong) tell the kinds of failure apart for scripts.
`

func TestPage(t *testing.T) {
	var b strings.Builder
	b.WriteString(intro)
	b.WriteString("\n## In the configuration\n\n`inlay validate` finds these, and every command that reads the configuration. All mistakes are told at once.\n")
	write(&b, corpus(t))
	b.WriteString("\n## When a command runs\n")
	write(&b, said(t))
	b.WriteString("\n## Seldom\n\nThese need a fault that no command can be asked for, so they stand here as the program has them; … is what a run fills in.\n")
	write(&b, unseen(t, b.String()))
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	old, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(old) != b.String() {
		t.Error("the page is not what the tests provoke now: go test ./docs/diagnostics -update")
	}
}

// unseen are the messages that are not on the page so far: an error of each kind, and what
// the source says of the others.
func unseen(t *testing.T, sofar string) []message {
	shown := map[string]bool{}
	var out []message
	add := func(m message) {
		if !shown[m.Summary] && !strings.Contains(sofar, "\n### "+m.Summary+"\n") {
			shown[m.Summary] = true
			out = append(out, m)
		}
	}
	for _, m := range samples(t) {
		add(m)
	}
	for _, m := range inSource(t) {
		add(m)
	}
	return out
}

// said are the messages that the scripts of cli provoke, which their test keeps.
func said(t *testing.T) []message {
	data, err := os.ReadFile("../../cli/testdata/messages.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []message
	if err := json.Unmarshal(data, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// write puts messages under their summaries, in the order of the alphabet.
func write(b *strings.Builder, list []message) {
	slices.SortStableFunc(list, func(a, b message) int {
		return cmp.Compare(strings.ToLower(a.Summary), strings.ToLower(b.Summary))
	})
	last := ""
	for _, m := range list {
		if m.Summary != last {
			fmt.Fprintf(b, "\n### %s\n", m.Summary)
			last = m.Summary
		}
		b.WriteString("\n")
		if len(m.Lines) > 0 {
			fmt.Fprintf(b, "```text\n%s\n```\n\n", strings.Join(m.Lines, "\n"))
		}
		severity := ""
		if m.Severity == "Warning" {
			severity = "*Warning.* "
		}
		for _, line := range wrap(severity+escape(m.Detail), 120) {
			b.WriteString(line + "\n")
		}
	}
}

// escape keeps Markdown from reading what a message writes, but for its `code`.
func escape(text string) string {
	parts := strings.Split(text, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.NewReplacer("*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`).Replace(parts[i])
	}
	return strings.Join(parts, "`")
}

func wrap(text string, width int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > width {
			out = append(out, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(out, line)
}
