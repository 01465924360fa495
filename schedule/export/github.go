package export

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// github writes a workflow for GitHub Actions.
func github(jobs []Job, o Options) []File {
	var times, off []string
	var b strings.Builder
	b.WriteString(comment([]string{
		"inlay looks for what is due and imports it. Put this file in .github/workflows.",
		"Tables and state must outlive a job, so it runs on a runner of your own that has the folder; a hosted runner forgets both.",
		"GitHub reads schedules in UTC, starts them late or not at all when it is busy, at most every 5 minutes, and stops them after 60 days without activity in a public repository. A look that is missed is made up for by the next one.",
	}))
	b.WriteString("name: inlay\non:\n  workflow_dispatch:\n")
	var lines strings.Builder
	for _, j := range jobs {
		if why := j.off(); why != "" {
			off = append(off, "schedule."+j.Name+" "+why+", so it has no line.")
			continue
		}
		looks, notes := j.inUTC(o.Year)
		if slices.ContainsFunc(looks, look.tooOften) {
			looks = []look{polling()}
			notes = append(notes, "GitHub takes no times that are less than 5 minutes apart, so inlay looks every 5 minutes.")
		}
		lines.WriteString(indented(comment(j.about(notes)), "    "))
		for _, l := range looks {
			if text := l.cron(); !slices.Contains(times, text) {
				times = append(times, text)
				fmt.Fprintf(&lines, "    - cron: %q\n", text)
			}
		}
	}
	if len(times) > 0 {
		b.WriteString("  schedule:\n" + lines.String())
	}
	b.WriteString(comment(off))
	fmt.Fprintf(&b, `permissions: {}
concurrency:
  group: inlay
  cancel-in-progress: false
jobs:
  import:
    runs-on: self-hosted
    timeout-minutes: 350
    steps:
      - name: Import what is due
        working-directory: %s
        run: %s
        env:
          INTERCOM_ACCESS_TOKEN: ${{ secrets.INTERCOM_ACCESS_TOKEN }}
`, yamlText(o.Folder), yamlText(quoted(o.Command)+" run -due -lock-timeout=1m"))
	return []File{{"inlay.yml", b.String()}}
}

// yamlText writes a text that stands alone or at the beginning of a line of YAML.
func yamlText(text string) string {
	if strings.ContainsAny(text, "'\"#:{}[]&*!|>%@` ") {
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	}
	return text
}

func indented(text, by string) string {
	var b strings.Builder
	for l := range strings.Lines(text) {
		b.WriteString(by + l)
	}
	return b.String()
}

// sum is eight characters that stand for a text.
func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])[:8]
}
