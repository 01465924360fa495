package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v3"
)

// helpText is a command's help: what it does, its flags, examples and exit codes.
func helpText(e *entry, path []string) string {
	var b strings.Builder
	line := strings.Join(path, " ")
	if len(e.subs) > 0 {
		line += " COMMAND"
	}
	if len(e.flags) > 0 {
		line += " [flags]"
	}
	if e.args != "" {
		line += " " + e.args
	}
	fmt.Fprintf(&b, "%s: %s\n\nUsage: %s\n", strings.Join(path, " "), e.short, line)
	if e.long != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(e.long))
	}
	section(&b, "Commands", entryRows(e.subs))
	section(&b, "Flags", flagRows(e.flags))
	if len(e.examples) > 0 {
		b.WriteString("\nExamples\n")
		for _, x := range e.examples {
			b.WriteString("  " + x + "\n")
		}
	}
	if e.run != nil {
		section(&b, "Exit codes", codeRows(e.codes))
	}
	if len(path) > 1 {
		b.WriteString("\nEverywhere: -chdir=DIR, -color=auto|always|never, -h.\n")
	}
	return b.String()
}

func section(b *strings.Builder, title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	width := 0
	for _, r := range rows {
		width = max(width, len(r[0]))
	}
	b.WriteString("\n" + title + "\n")
	for _, r := range rows {
		fmt.Fprintf(b, "  %-*s  %s\n", width, r[0], r[1])
	}
}

func entryRows(entries []*entry) [][2]string {
	var out [][2]string
	for _, e := range entries {
		out = append(out, [2]string{e.name, e.short})
	}
	return out
}

func flagRows(flags []cli.Flag) [][2]string {
	var out [][2]string
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if !ok {
			continue
		}
		name := "-" + f.Names()[0]
		use := doc.GetUsage()
		if doc.TakesValue() {
			value := "VALUE"
			if open := strings.Index(use, "`"); open >= 0 {
				if end := strings.Index(use[open+1:], "`"); end >= 0 {
					value = use[open+1 : open+1+end]
					use = use[:open] + value + use[open+1+end+1:]
				}
			}
			name += "=" + value
		}
		out = append(out, [2]string{name, use})
	}
	return out
}

func codeRows(codes []int) [][2]string {
	out := [][2]string{{"0", codeWords[0]}, {"1", codeWords[1]}}
	for _, c := range codes {
		out = append(out, [2]string{fmt.Sprint(c), codeWords[c]})
	}
	return out
}

// helpAsked finds the command whose help the arguments ask for, with its path; nil when
// they ask for none. The library would print a help of its own for commands that have
// commands below them.
func helpAsked(root *entry, args []string) (*entry, []string) {
	at, path := root, []string{root.name}
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return nil, nil
		case arg == "-h" || arg == "-help" || arg == "--help" || arg == "--h":
			return at, path
		case strings.HasPrefix(arg, "-"):
			if takesNext(at.flags, arg) {
				i++
			}
		default:
			if i := slices.Index(names(at.subs), arg); i >= 0 {
				at, path = at.subs[i], append(path, arg)
			} else if at == root {
				return nil, nil // none of ours
			}
		}
	}
	return nil, nil
}

// takesNext reports whether the argument after a flag is its value.
func takesNext(flags []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	for _, f := range flags {
		doc, ok := f.(cli.DocGenerationFlag)
		if ok && doc.TakesValue() && f.Names()[0] == name {
			return true
		}
	}
	return false
}
