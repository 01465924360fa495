package command

import (
	"fmt"
	"io"
	"strings"

	"github.com/inlay-sync/inlay/report"

	"github.com/inlay-sync/inlay/engines/temporal/deployment"
	"github.com/inlay-sync/inlay/engines/temporal/trigger"
)

// changes are what a deployment would do, as it is printed.
type changes struct {
	Namespace string           `json:"namespace"`
	Queue     string           `json:"queue"`
	Projects  []projectChanges `json:"projects"`
}

type projectChanges struct {
	Folder    string            `json:"folder"`
	Lineage   string            `json:"lineage"`
	Schedules int               `json:"schedules"` // wanted
	Steps     []deployment.Step `json:"steps"`
}

// count is how many steps do one of these actions; with none named, how many there are.
func (c *changes) count(actions ...deployment.Action) int {
	n := 0
	for _, p := range c.Projects {
		for _, s := range p.Steps {
			if len(actions) == 0 || s.Action == actions[0] {
				n++
			}
		}
	}
	return n
}

// drifted is how many were changed by hand.
func (c *changes) drifted() int {
	n := 0
	for _, p := range c.Projects {
		for _, s := range p.Steps {
			if s.Action == deployment.Change && s.Drifted() {
				n++
			}
		}
	}
	return n
}

// text writes what would be done, project by project.
func (c *changes) text(w io.Writer) error {
	var b strings.Builder
	wanted := 0
	for _, p := range c.Projects {
		wanted += p.Schedules
		if len(p.Steps) > 0 && len(c.Projects) > 1 {
			fmt.Fprintf(&b, "%s\n\n", report.Clean(p.Folder))
		}
		for _, s := range p.Steps {
			stepText(&b, s)
		}
	}
	namespace := report.Clean(c.Namespace)
	switch {
	case c.count() > 0:
		fmt.Fprintf(&b, "Plan for the namespace %s: %d to create, %d to change, %d to delete.\n", namespace,
			c.count(deployment.Create), c.count(deployment.Change), c.count(deployment.Delete))
	case wanted > 0:
		fmt.Fprintf(&b, "No changes. Temporal's namespace %s has %s as applied.\n", namespace, report.Plural(int64(wanted), "schedule"))
	default:
		fmt.Fprintf(&b, "No changes. Temporal's namespace %s holds no schedule of this configuration.\n", namespace)
	}
	if n := c.drifted(); n > 0 {
		fmt.Fprintf(&b, "Changed at Temporal by hand: %s. A deployment brings back what was applied.\n", report.Plural(int64(n), "schedule"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func stepText(b *strings.Builder, s deployment.Step) {
	sign := map[deployment.Action]string{deployment.Create: "+", deployment.Change: "~", deployment.Delete: "-"}[s.Action]
	fmt.Fprintf(b, "  %s %s  %s\n", sign, s.Schedule, s.ID)
	width := 0
	for _, d := range s.Fields {
		width = max(width, len(d.Name))
	}
	for _, d := range s.Fields {
		fmt.Fprintf(b, "      %-*s  %s\n", width, d.Name, differenceText(s.Action, d))
	}
	b.WriteByte('\n')
}

func differenceText(a deployment.Action, d trigger.Difference) string {
	if a == deployment.Create {
		return report.Clean(d.After)
	}
	text := fmt.Sprintf("%s -> %s", shown(d.Before), shown(d.After))
	if d.ByHand {
		text += "  (changed there by hand)"
	}
	return text
}

func shown(value string) string {
	if value == "" {
		return "none"
	}
	return report.Clean(value)
}
