package reference

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/cli"
)

// commandPage prints the help of every command, as the program prints it.
func commandPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString("# commands\n\nEach command's help, as `-h` prints it. Flags take one dash or two.\n")
	help := helpOf(t)
	fmt.Fprintf(&b, "\n```text\n%s```\n", help)
	for _, name := range commandNames(help) {
		inner := helpOf(t, name)
		fmt.Fprintf(&b, "\n## inlay %s\n\n```text\n%s```\n", name, inner)
		for _, sub := range commandNames(inner) {
			fmt.Fprintf(&b, "\n### inlay %s %s\n\n```text\n%s```\n", name, sub, helpOf(t, name, sub))
		}
	}
	return b.String()
}

func helpOf(t *testing.T, path ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	w := world()
	w.Stdout, w.Stderr = &out, &errs
	args := append(append([]string{"inlay"}, path...), "-h")
	if code := cli.Main(t.Context(), args, w); code != 0 || out.Len() == 0 {
		t.Fatalf("%s: exit %d\n%s", strings.Join(args, " "), code, errs.String())
	}
	return strings.TrimSpace(out.String()) + "\n"
}

// commandNames reads the section Commands of a help text.
func commandNames(help string) []string {
	var out []string
	within := false
	for line := range strings.SplitSeq(help, "\n") {
		switch {
		case strings.EqualFold(strings.TrimSuffix(line, ":"), "commands"):
			within = true
		case strings.TrimSpace(line) == "":
			within = false
		case within:
			out = append(out, strings.TrimSuffix(strings.Fields(line)[0], ","))
		}
	}
	return out
}
