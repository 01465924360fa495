package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/plan"
	"github.com/inlay-sync/inlay/project"
)

func languagePages() map[string]string {
	return map[string]string{"language.md": languagePage(), "functions.md": functionsPage(), "effects.md": effectsPage()}
}

// construct is a block of the language itself, with an example that holds all it may hold.
type construct struct {
	form       string
	doc        string
	attributes [][]string
	example    string
}

func constructs() []construct {
	return []construct{
		{`variable "NAME"`, "A value that is given from outside. It is read as `var.NAME`.", [][]string{
			{"type", "What it must be: `string`, `number`, `bool`, `list(…)`, `set(…)`, `map(…)`, `object({ … })`, with `optional(TYPE, DEFAULT)` inside objects. Any when absent."},
			{"default", "The value when none is given. A variable without one must be given a value."},
			{"description", "What it is for."},
			{"sensitive", "With `true`, the value is never shown, and nothing stored may derive from it."},
			{"nullable", "With `false`, null is refused, or stands for the default."},
			{"validation", "A block with `condition` and `error_message`, both of which may refer to the variable alone. May stand more than once."},
		}, `variable "since" {
  type        = string
  default     = "90d"
  description = "How far back to begin."
  sensitive   = false
  nullable    = false
  validation {
    condition     = duration(var.since) >= duration("1d")
    error_message = "Begin at least a day back."
  }
}`},
		{"locals", "Names for expressions, in any order. Each is read as `local.NAME`.", [][]string{
			{"NAME", "Any expression. Locals may refer to each other, but not in a circle."},
		}, `locals {
  streams = toset(["tags", "segments"])
}`},
		{`output "NAME"`, "A value to show: `inlay output` prints it, and a module hands it to the folder that uses it.", [][]string{
			{"value", "**Required.** Any expression."},
			{"description", "What it is."},
			{"sensitive", "With `true`, the value is not shown. One that derives from a sensitive value must say so."},
		}, `output "tables" {
  value       = "warehouse/crm"
  description = "Where the tables stand."
  sensitive   = false
}`},
		{`module "NAME"`, "Another folder of configuration, used as if it were one block. Its outputs are read as `module.NAME.OUTPUT`, and its blocks have addresses such as `module.NAME.target.parquet.users`.", [][]string{
			{"source", "**Required.** The folder, as a path that begins with `./` or `../`."},
			{"for_each", "A set of strings or a map: the module is used once for each."},
			{"NAME", "A value for the module's variable of that name. Connections, sources and schedules can be given too."},
		}, ""},
		{"moved", "Says that what was applied at one address is now declared at another, so that the table is kept.", [][]string{
			{"from", "**Required.** The address it had. A whole module may be named too."},
			{"to", "**Required.** The address it has now."},
		}, `moved {
  from = schedule.midnight
  to   = schedule.nightly
}

schedule "nightly" {
  cron = "@daily"
}`},
		{"removed", "Says that a block is gone on purpose, and what becomes of its table.", [][]string{
			{"from", "**Required.** The address it had."},
			{"data", "`\"keep\"` leaves the files, `\"delete\"` removes them."},
		}, `removed {
  from = target.parquet.old
  data = "keep"
}`},
	}
}

func languagePage() string {
	var b strings.Builder
	b.WriteString("# the language's own blocks\n\nEvery `*.hcl` and `*.hcl.json` file of the folder is read; their order means nothing. [language.md](../language.md) explains with examples, [functions.md](functions.md) lists the functions.\n")
	for _, c := range constructs() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", code(c.form), c.doc)
		var rows [][]string
		for _, a := range c.attributes {
			rows = append(rows, []string{code(a[0]), a[1]})
		}
		b.WriteString(grid([]string{"attribute", "what it says"}, rows))
		if c.example != "" {
			fmt.Fprintf(&b, "\n```hcl\n%s\n```\n", c.example)
		}
	}
	b.WriteString("\n## In every block\n\nEvery connection, source, target and schedule may hold:\n\n")
	meta := described{}
	meta.section(&b, "", lang.MetaSettings())
	b.WriteString("\n## `dynamic \"BLOCK\" { … }`\n\nRepeats a nested block once for each element of `for_each`. Inside `content`, `BLOCK.key` and `BLOCK.value` are the element.\n\n")
	b.WriteString(grid([]string{"attribute", "what it says"}, [][]string{
		{"`for_each`", "**Required.** A list, set or map."},
		{"`iterator`", "Another name for the element than the block's."},
		{"`labels`", "The labels of the block that is made, as a list."},
		{"`content`", "**Required.** A block that holds what each block holds."},
	}))
	return b.String()
}

// TestConstructs loads the example of each construct, which uses every attribute listed.
func TestConstructs(t *testing.T) {
	for _, c := range constructs() {
		if c.example == "" {
			continue
		}
		if diags := load(c.example); diags.HasErrors() {
			t.Errorf("%s: %v", c.form, diags)
		}
		for _, a := range c.attributes {
			if a[0] != "NAME" && !strings.Contains(c.example, a[0]) {
				t.Errorf("the example of %s does not use %s", c.form, a[0])
			}
		}
		broken := strings.Replace(c.example, "{\n", "{\n  no_such_thing = 1\n", 1)
		if diags := load(broken); c.form != "locals" && !diags.HasErrors() {
			t.Errorf("%s accepts an attribute that it does not have", c.form)
		}
	}
}

func load(text string) lang.Diagnostics {
	_, diags := lang.Load(".", project.Catalogue(world()), lang.Options{ReadFile: oneFile(text), ReadDir: oneFolder})
	return diags
}

func functionsPage() string {
	var rows [][]string
	for _, f := range lang.Functions() {
		rows = append(rows, []string{code(f.Name + "(" + strings.Join(f.Params, ", ") + ")"), sentence(strings.ReplaceAll(f.Doc, `\"`, `"`))})
	}
	return "# functions\n\nWhat expressions may call. None looks at a clock: the same text gives the same plan. Try one with `inlay console`.\n\n" +
		grid([]string{"function", "what it gives"}, rows)
}

// effectWords say what each effect does, in order of risk.
var effectWords = map[plan.Effect]string{
	plan.Noop:     "nothing",
	plan.Move:     "the same table at another path or address; no rows are read or written",
	plan.Settings: "nothing on disk moves",
	plan.Create:   "a new table",
	plan.Adopt:    "a table that stands there without an owner is taken over",
	plan.Backfill: "older rows are read in addition; the bookmark stays",
	plan.Rewrite:  "the table is built anew from its own files, without asking the service",
	plan.Reimport: "rows are read again from the service; the old snapshot is served until the new one is published",
	plan.Detach:   "the table is forgotten, its files stay",
	plan.Delete:   "the files go too",
}

func effectsPage() string {
	var b strings.Builder
	b.WriteString("# effects\n\nEvery change in a plan has an effect on data. In order of risk:\n\n")
	var rows [][]string
	for _, e := range effects() {
		rows = append(rows, []string{code(string(e)), sentence(effectWords[e])})
	}
	b.WriteString(grid([]string{"effect", "what it does"}, rows))
	b.WriteString("\nWhich effect a change has is decided by the rules below. Of the rules of one attribute the first that applies decides; `*` is every attribute without rules of its own. `inlay schema rules` prints them too.\n")
	for _, kind := range []addr.Kind{addr.Connection, addr.Source, addr.Target, addr.Schedule} {
		var rows [][]string
		for _, r := range plan.Rules() {
			if r.Block == kind {
				rows = append(rows, []string{code(r.Attribute), r.When, code(string(r.Effect)), sentence(r.Why)})
			}
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s", kind, grid([]string{"attribute", "when", "effect", "why"}, rows))
	}
	return b.String()
}

// effects are all effects, in order of risk.
func effects() []plan.Effect {
	return slices.SortedFunc(maps.Keys(effectWords), func(a, b plan.Effect) int { return a.Risk() - b.Risk() })
}

func TestEveryEffectHasWords(t *testing.T) {
	seen := map[int]plan.Effect{}
	for _, e := range effects() {
		if other, twice := seen[e.Risk()]; twice {
			t.Errorf("%q and %q have one place in the order of risk", e, other)
		}
		seen[e.Risk()] = e
	}
	for _, r := range plan.Rules() {
		if effectWords[r.Effect] == "" {
			t.Errorf("the rule of %s.%s has the effect %q, which has no words", r.Block, r.Attribute, r.Effect)
		}
	}
}
