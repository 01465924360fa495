package cli

import (
	"context"
	"fmt"
	"strings"
)

// manualCommand prints the manual page, from the same declarations as the help.
func (s *speech) manualCommand() *entry {
	return &entry{
		name: "manual", short: "print the manual page, for man",
		examples: []string{"inlay manual > inlay.1", "inlay manual | man -l -"},
		run: func(context.Context, []string) error {
			_, err := fmt.Fprint(s.out, manual(s.entries(), s.world.Version))
			return err
		},
	}
}

// manual writes a command and all below it as a page of section 1 in man's macros.
func manual(root *entry, version string) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH INLAY 1 \"\" \"inlay %s\"\n.SH NAME\ninlay \\- %s\n", version, roff(root.short))
	b.WriteString(".SH SYNOPSIS\n.B inlay\nCOMMAND [flags]\n.SH DESCRIPTION\n" + roff(root.long) + "\n")
	b.WriteString(".SH FLAGS\n")
	manualRows(&b, flagRows(root.flags))
	b.WriteString(".SH COMMANDS\n")
	manualCommands(&b, root.subs, []string{root.name})
	b.WriteString(".SH EXIT CODES\n")
	var rows [][2]string
	for code := range 256 {
		if words, ok := codeWords[code]; ok {
			rows = append(rows, [2]string{fmt.Sprint(code), words})
		}
	}
	manualRows(&b, rows)
	return b.String()
}

func manualCommands(b *strings.Builder, entries []*entry, path []string) {
	for _, e := range entries {
		name := append(path[:len(path):len(path)], e.name)
		fmt.Fprintf(b, ".SS %s\n%s.\n", roff(strings.TrimSpace(strings.Join(name, " ")+" "+e.args)), roff(e.short))
		if e.long != "" {
			b.WriteString(".PP\n" + roff(strings.TrimSpace(e.long)) + "\n")
		}
		manualRows(b, flagRows(e.flags))
		if len(e.examples) > 0 {
			b.WriteString(".PP\n.nf\n")
			for _, x := range e.examples {
				b.WriteString(roff(x) + "\n")
			}
			b.WriteString(".fi\n")
		}
		manualCommands(b, e.subs, name)
	}
}

func manualRows(b *strings.Builder, rows [][2]string) {
	for _, r := range rows {
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(r[0]), roff(r[1]))
	}
}

// roff makes text safe for man: its escape character, hyphens that are to be typed, and
// lines that would begin a macro.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, ".") || strings.HasPrefix(l, "'") {
			lines[i] = `\&` + l
		}
	}
	return strings.Join(lines, "\n")
}
