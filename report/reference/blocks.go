package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/setting"
)

// block is one kind of block with what its page says before the attributes.
type block struct {
	page     string
	title    string
	intro    string
	kind     addr.Kind // "" for a block whose changes have no effect of their own
	settings []setting.Setting
}

func (s Subject) blockPages() map[string]string {
	out := map[string]string{}
	for _, b := range s.blocks() {
		out[b.page] = b.text()
	}
	return out
}

func (s Subject) blocks() []block {
	out := []block{
		{"inlay-block.md", "inlay",
			"The `inlay` block says where tables and state stand, and what holds for the whole folder. It stands once, without a label, and may be left out.",
			"", lang.InlaySettings()},
		{"schedule.md", "schedule",
			"A schedule says when: `schedule \"NAME\" { … }`, with the address `schedule.NAME`. Targets name it in their attribute `schedule`.",
			addr.Schedule, s.Schedule},
	}
	for _, format := range slices.Sorted(maps.Keys(s.Targets)) {
		out = append(out, block{"target-" + format + ".md", fmt.Sprintf("target %q", format),
			fmt.Sprintf("A target says into which table the rows of a source go, and how: `target %[1]q \"NAME\" { … }`, with the address `target.%[1]s.NAME`.", format),
			addr.Target, s.Targets[format]})
	}
	for _, p := range s.Providers {
		out = append(out,
			block{"connection-" + p.Name() + ".md", fmt.Sprintf("connection %q", p.Name()),
				fmt.Sprintf("A connection says which account of which service, and with what credentials: `connection \"%[1]s\" \"NAME\" { … }`, with the address `connection.%[1]s.NAME`. %[2]s", p.Name(), p.Doc()),
				addr.Connection, p.ConnectionSettings()},
			block{"source-" + p.Name() + ".md", fmt.Sprintf("source %q", p.Name()),
				fmt.Sprintf("A source says what to read: `source \"%[1]s\" \"NAME\" { … }`, with the address `source.%[1]s.NAME`. The streams are listed in [streams.md](streams.md).", p.Name()),
				addr.Source, append(lang.SourceSettings(), p.SourceSettings()...)})
	}
	return out
}

func (b block) text() string {
	var w strings.Builder
	fmt.Fprintf(&w, "# %s\n\n%s\n\n", b.title, b.intro)
	b.section(&w, "", b.settings)
	if b.kind != "" {
		w.WriteString("\nAlso `for_each`, `enabled` and `lifecycle`, which [every block](language.md#in-every-block) may hold.")
		w.WriteString(" The last column names what a change does to data; [effects.md](effects.md) says when and why.\n")
	}
	return w.String()
}

// section writes the attributes of one level, and behind them the blocks that stand in it.
func (b block) section(w *strings.Builder, prefix string, settings []setting.Setting) {
	head := []string{"attribute", "type", "default", "what it says"}
	if b.kind != "" {
		head = append(head, "a change")
	}
	var rows [][]string
	var inner []setting.Setting
	for _, s := range settings {
		if s.Kind == setting.Block && len(s.Fields) > 0 {
			inner = append(inner, s)
			continue
		}
		row := []string{code(s.Name), typeOf(s), defaultOf(s), docOf(s)}
		if b.kind != "" {
			row = append(row, b.effects(prefix+s.Name, s.Ephemeral))
		}
		rows = append(rows, row)
	}
	w.WriteString(grid(head, rows))
	for _, s := range inner {
		b.inner(w, prefix, s)
	}
}

// inner writes a block that stands in another.
func (b block) inner(w *strings.Builder, prefix string, s setting.Setting) {
	form, fields := s.Name+" { … }", s.Fields
	if s.Label != "" {
		form = fmt.Sprintf("%s %q { … }", s.Name, strings.ToUpper(s.Label))
		fields = slices.DeleteFunc(slices.Clone(fields), func(f setting.Setting) bool { return f.Name == s.Label })
	}
	fmt.Fprintf(w, "\n%s %s\n\n%s", strings.Repeat("#", b.depth()+strings.Count(prefix, ".")), code(form), sentence(docOf(s)))
	if s.Repeated {
		w.WriteString(" It may stand more than once.")
	}
	w.WriteString("\n\n")
	b.section(w, prefix+s.Name+".", fields)
}

// depth is how deep the headings of blocks inside are: below the page, or below the
// heading of a block that has no page of its own.
func (b block) depth() int {
	if b.page == "" {
		return 3
	}
	return 2
}

// effects names what a change of an attribute can do, in the order of the rules.
func (b block) effects(attribute string, ephemeral bool) string {
	if ephemeral {
		return "none: it is not stored"
	}
	before, _, _ := strings.Cut(attribute, ".")
	var names []string
	for _, name := range []string{attribute, before, "*"} {
		for _, r := range plan.Rules() {
			if r.Block == b.kind && r.Attribute == name && !slices.Contains(names, string(r.Effect)) {
				names = append(names, string(r.Effect))
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return strings.Join(names, ", ")
}
