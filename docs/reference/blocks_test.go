package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/schedule"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/table"
)

// described is one kind of block with what its page says before the attributes.
type described struct {
	page     string
	title    string
	intro    string
	kind     addr.Kind // "" for a block whose changes have no effect of their own
	settings []setting.Setting
}

func blockPages() map[string]string {
	out := map[string]string{}
	for _, d := range describedBlocks() {
		out[d.page] = d.text()
	}
	return out
}

func describedBlocks() []described {
	out := []described{
		{"inlay-block.md", "inlay",
			"The `inlay` block says where tables and state stand, and what holds for the whole folder. It stands once, without a label, and may be left out.",
			"", lang.InlaySettings()},
		{"target-parquet.md", `target "parquet"`,
			"A target says into which table the rows of a source go, and how: `target \"parquet\" \"NAME\" { … }`, with the address `target.parquet.NAME`.",
			addr.Target, table.Settings()},
		{"schedule.md", "schedule",
			"A schedule says when: `schedule \"NAME\" { … }`, with the address `schedule.NAME`. Targets name it in their attribute `schedule`.",
			addr.Schedule, schedule.Settings()},
	}
	for _, s := range services() {
		out = append(out,
			described{"connection-" + s.Name() + ".md", fmt.Sprintf("connection %q", s.Name()),
				fmt.Sprintf("A connection says which account of which service, and with what credentials: `connection \"%[1]s\" \"NAME\" { … }`, with the address `connection.%[1]s.NAME`. %[2]s", s.Name(), s.Doc()),
				addr.Connection, s.ConnectionSettings()},
			described{"source-" + s.Name() + ".md", fmt.Sprintf("source %q", s.Name()),
				fmt.Sprintf("A source says what to read: `source \"%[1]s\" \"NAME\" { … }`, with the address `source.%[1]s.NAME`. The streams are listed in [streams.md](streams.md).", s.Name()),
				addr.Source, append(lang.SourceSettings(), s.SourceSettings()...)})
	}
	return out
}

func (d described) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", d.title, d.intro)
	d.section(&b, "", d.settings)
	if d.kind != "" {
		b.WriteString("\nAlso `for_each`, `enabled` and `lifecycle`, which [every block](language.md#in-every-block) may hold.")
		b.WriteString(" The last column names what a change does to data; [effects.md](effects.md) says when and why.\n")
	}
	return b.String()
}

// section writes the attributes of one level, and behind them the blocks that stand in it.
func (d described) section(b *strings.Builder, prefix string, settings []setting.Setting) {
	head := []string{"attribute", "type", "default", "what it says"}
	if d.kind != "" {
		head = append(head, "a change")
	}
	var rows [][]string
	var inner []setting.Setting
	for _, s := range settings {
		if s.Kind == setting.Block {
			inner = append(inner, s)
			continue
		}
		row := []string{code(s.Name), typeOf(s), defaultOf(s), docOf(s)}
		if d.kind != "" {
			row = append(row, d.effects(prefix+s.Name, s.Ephemeral))
		}
		rows = append(rows, row)
	}
	b.WriteString(grid(head, rows))
	for _, s := range inner {
		d.block(b, prefix, s)
	}
}

func (d described) block(b *strings.Builder, prefix string, s setting.Setting) {
	form, fields := s.Name+" { … }", s.Fields
	if s.Label != "" {
		form = fmt.Sprintf("%s %q { … }", s.Name, strings.ToUpper(s.Label))
		fields = slices.DeleteFunc(slices.Clone(fields), func(f setting.Setting) bool { return f.Name == s.Label })
	}
	fmt.Fprintf(b, "\n## %s\n\n%s", code(form), sentence(docOf(s)))
	if s.Repeated {
		b.WriteString(" It may stand more than once.")
	}
	b.WriteString("\n\n")
	d.section(b, prefix+s.Name+".", fields)
}

func typeOf(s setting.Setting) string {
	switch s.Kind {
	case setting.Reference:
		return "reference to a " + s.RefKind
	case setting.Strings:
		return "list of strings"
	case setting.Duration:
		return "duration, such as `\"30m\"`"
	case setting.Size:
		return "size, such as `\"128MiB\"`"
	}
	return string(s.Kind)
}

func defaultOf(s setting.Setting) string {
	switch {
	case s.Required:
		return "**required**"
	case s.Default != nil:
		return code(hcl(s.Default))
	}
	return ""
}

func docOf(s setting.Setting) string {
	doc := sentence(s.Doc)
	if len(s.Values) > 0 {
		quoted := make([]string, len(s.Values))
		for i, v := range s.Values {
			quoted[i] = code(hcl(v))
		}
		doc += " One of " + strings.Join(quoted, ", ") + "."
	}
	if s.Ephemeral {
		doc += " Ephemeral: written nowhere, and needed only when the service is asked."
	}
	if s.Deprecated != "" {
		doc += " Deprecated: " + sentence(s.Deprecated)
	}
	return doc
}

// effects names what a change of an attribute can do, in the order of the rules.
func (d described) effects(attribute string, ephemeral bool) string {
	if ephemeral {
		return "none: it is not stored"
	}
	var names []string
	for _, name := range []string{attribute, beforeDot(attribute), "*"} {
		for _, r := range plan.Rules() {
			if r.Block == d.kind && r.Attribute == name && !slices.Contains(names, string(r.Effect)) {
				names = append(names, string(r.Effect))
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return strings.Join(names, ", ")
}

func beforeDot(s string) string { before, _, _ := strings.Cut(s, "."); return before }

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
