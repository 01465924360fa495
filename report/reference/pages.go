package reference

import (
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/providers"
	"github.com/inlay-sync/inlay/setting"
)

// Subject is what the reference is about, beside the language itself.
type Subject struct {
	Providers []providers.Provider
	Targets   map[string][]setting.Setting // by table format
	Schedule  []setting.Setting
	Commands  []Command
	Metrics   []Metric
	Variables []Variable
	Codes     []Code
}

// Command is a command with its help, and the commands below it.
type Command struct {
	Path []string // "inlay", "table", "show"
	Help string
	Subs []Command
}

// Pages are all pages by their path, with slashes. README.md lists them.
func Pages(s Subject) map[string]string {
	out := map[string]string{"commands.md": commandsPage(s.Commands), "operating.md": s.operatingPage()}
	for _, some := range []map[string]string{s.blockPages(), s.streamPages(), languagePages()} {
		maps.Copy(out, some)
	}
	out["README.md"] = indexPage(out)
	for name, text := range out {
		out[name] = notice + strings.TrimRight(text, "\n") + "\n"
	}
	return out
}

const notice = "<!-- Printed from the declarations by `inlay schema -format=markdown -out DIR`; do not edit. -->\n\n"

// indexPage lists all pages.
func indexPage(pages map[string]string) string {
	var rows [][]string
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		if !strings.Contains(name, "/") {
			title := strings.TrimPrefix(strings.SplitN(pages[name], "\n", 2)[0], "# ")
			rows = append(rows, []string{"[" + name + "](" + name + ")", title})
		}
	}
	return "# Reference\n\nWhat can be written and called, as the program itself declares it. `inlay schema` says the same in a terminal.\n\n" +
		grid([]string{"page", "about"}, rows)
}

// commandsPage holds the help of every command, as the program prints it.
func commandsPage(commands []Command) string {
	var b strings.Builder
	b.WriteString("# commands\n\nEach command's help, as `-h` prints it. Flags take one dash or two.\n")
	writeCommands(&b, commands)
	return b.String()
}

func writeCommands(b *strings.Builder, commands []Command) {
	for _, c := range commands {
		if len(c.Path) > 1 {
			b.WriteString("\n" + strings.Repeat("#", len(c.Path)) + " " + strings.Join(c.Path, " ") + "\n")
		}
		b.WriteString("\n```text\n" + strings.TrimSpace(c.Help) + "\n```\n")
		writeCommands(b, c.Subs)
	}
}
