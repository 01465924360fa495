package reference

import (
	"fmt"
	"strings"

	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/setting"
)

func languagePages() map[string]string {
	return map[string]string{"language.md": languagePage(), "functions.md": functionsPage(), "effects.md": effectsPage()}
}

func languagePage() string {
	var w strings.Builder
	w.WriteString("# the language's own blocks\n\nEvery `*.hcl` and `*.hcl.json` file of the folder is read; their order means nothing. [functions.md](functions.md) lists the functions.\n")
	for _, c := range lang.Constructs() {
		form := c.Name
		if c.Label != "" {
			form = fmt.Sprintf("%s %q", c.Name, strings.ToUpper(c.Label))
		}
		construct(&w, form, c)
	}
	w.WriteString("\n## In every block\n\nEvery connection, source, target and schedule may hold:\n\n")
	block{}.section(&w, "", lang.MetaSettings())
	d := lang.Dynamic()
	construct(&w, fmt.Sprintf("%s %q { … }", d.Name, strings.ToUpper(d.Label)), d)
	return w.String()
}

// construct writes a block of the language itself.
func construct(w *strings.Builder, form string, c lang.Construct) {
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n", code(form), sentence(c.Doc))
	settings := c.Settings
	if c.Others != "" {
		settings = append(settings, setting.Setting{Name: "NAME", Kind: setting.Any, Doc: c.Others})
	}
	block{}.section(w, "", settings)
	if c.Example != "" {
		fmt.Fprintf(w, "\n```hcl\n%s```\n", c.Example)
	}
}

func functionsPage() string {
	var rows [][]string
	for _, f := range lang.Functions() {
		rows = append(rows, []string{code(f.Name + "(" + strings.Join(f.Params, ", ") + ")"), sentence(strings.ReplaceAll(f.Doc, `\"`, `"`))})
	}
	return "# functions\n\nWhat expressions may call. None looks at a clock: the same text gives the same plan. Try one with `inlay console`.\n\n" +
		grid([]string{"function", "what it gives"}, rows)
}
