package plan

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/table"
)

var update = flag.Bool("update", false, "rewrite what the files of testdata expect")

var start = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// TestPlans runs testdata/plans. A file of the archive stands in both configurations
// unless its name begins with before/ or after/. The first is applied, then the lines of
// "given" happen, and "want" is the plan of the second. Whatever the plan is, carrying it
// out leaves nothing to do.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/plans/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func runCase(t *testing.T, file string) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := &planCase{t: t, before: load(t, side(a, "before")), after: load(t, side(a, "after"))}
	c.world.now = start
	c.settle()
	c.world.now = c.world.now.Add(6 * time.Hour)
	for line := range strings.Lines(section(a, "given")) {
		c.given(strings.Fields(line))
	}
	p, problems := c.plan()
	got := "\n" + render(p, problems)
	if want := "\n" + section(a, "want"); got != want && *update {
		setSection(a, "want", got[1:])
		if err := os.WriteFile(file, txtar.Format(a), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if got != want {
		t.Errorf("got:%s\nwant:%s", got, want)
	}
	c.holds(p, problems)
}

type planCase struct {
	t             *testing.T
	before, after *lang.Config
	world         world
	options       Options
	runs, due     bool
}

// settle applies the configuration before.
func (c *planCase) settle() {
	p, problems := Make(c.world.input(Input{Config: c.before}))
	if len(problems) > 0 {
		c.t.Fatal(problems)
	}
	c.world.apply(c.t, p, nil)
}

func (c *planCase) plan() (*Plan, Problems) {
	if c.runs {
		return MakeRuns(RunInput{State: c.world.state, Pauses: c.world.pauses, Seen: c.world.seen, Now: c.world.now, Options: c.options, Due: c.due})
	}
	return Make(c.world.input(Input{Config: c.after, Options: c.options}))
}

// given does one line of the section "given".
func (c *planCase) given(words []string) {
	if len(words) == 0 {
		return
	}
	address := func(i int) addr.Address {
		a, err := addr.Parse(words[i])
		if err != nil {
			c.t.Fatal(err)
		}
		return a
	}
	target := func() *table.SeenTable { return c.world.table(c.world.state.Targets[address(1)].Table) }
	switch words[0] {
	case "now":
		at, err := time.Parse(time.RFC3339, words[1])
		if err != nil {
			c.t.Fatal(err)
		}
		c.world.now = at
	case "-only":
		c.options.Only = append(c.options.Only, address(1))
	case "-exclude":
		c.options.Exclude = append(c.options.Exclude, address(1))
	case "-run":
		c.options.Run = append(c.options.Run, address(1))
	case "-reimport":
		c.options.Reimport = append(c.options.Reimport, address(1))
	case "-slot":
		c.options.Slot = words[1]
	case "-all":
		c.options.RunAll = true
	case "-destroy":
		c.options.Destroy = true
	case "-allow-shrink":
		c.options.AllowShrink = true
	case "run":
		c.runs, c.due = true, len(words) > 1 && words[1] == "-due"
	case "paused", "resumed": // ADDR, by hand, at this moment
		if c.world.pauses == nil {
			c.world.pauses = Pauses{}
		}
		c.world.pauses[address(1)] = Pause{words[0] == "paused", c.world.now}
	case "stateless":
		c.world.state = nil
	case "ownerless":
		target().Head.Lineage = ""
	case "forget":
		delete(c.world.state.Targets, address(1))
	case "lineage":
		target().Head.Lineage = words[2]
	case "foreign":
		c.world.seen.Foreign = map[string]string{words[1]: strings.Join(words[2:], " ")}
	case "gone":
		target().Deleted = true
	case "pending":
		target().Pending = true
	case "drift":
		target().Drift = []string{strings.Join(words[2:], " ")}
	case "damaged":
		if target().Head.Table = "t1"; words[2] == "unreadable" {
			target().Head = table.Manifest{}
		}
		target().Damage = []string{strings.Join(words[2:], " ")}
	case "never":
		target().Head.Started, target().Head.Rows = time.Time{}, 0
	case "deleting":
		e := c.world.state.Targets[address(1)]
		e.Deleting = true
		c.world.state.Targets[address(1)] = e
	case "staged":
		c.staged(target(), words[2:])
	case "unfinished": // the second configuration is applied, and the imports fail
		p, problems := Make(c.world.input(Input{Config: c.after}))
		if len(problems) > 0 {
			c.t.Fatal(problems)
		}
		failing := map[addr.Address]bool{}
		for _, i := range p.Imports {
			failing[i.Address] = true
		}
		c.world.apply(c.t, p, failing)
	default:
		c.t.Fatalf("given: %q is not known", words[0])
	}
}

// staged: RUN AGE [full] [held] [why=WORD] [since=DATE] [slot=NAME].
func (c *planCase) staged(t *table.SeenTable, words []string) {
	age, err := time.ParseDuration(words[1])
	if err != nil {
		c.t.Fatal(err)
	}
	s := table.Staged{Run: words[0], Rows: 41200, Started: c.world.now.Add(-age), Saved: c.world.now.Add(-age), Spec: t.Head.Spec}
	for _, w := range words[2:] {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "full":
			s.Full = true
		case "held":
			s.Held = true
		case "why":
			s.Why = value
		case "slot":
			s.Slot = value
		case "since":
			s.Spec.Since = value
			s.Spec.Source = map[string]any{"stream": s.Spec.Stream(), "incremental": s.Spec.Incremental(), "since": value}
		}
	}
	t.Staged = append(t.Staged, s)
}

// holds checks what is so of every plan.
func (c *planCase) holds(p *Plan, problems Problems) {
	again, _ := c.plan()
	one, err := p.Encode()
	if err != nil {
		c.t.Fatal(err)
	}
	if two, _ := again.Encode(); !bytes.Equal(one, two) {
		c.t.Error("the same inputs gave two plans")
	}
	if back, err := Decode(one); err != nil {
		c.t.Errorf("Decode(Encode(p)): %v", err)
	} else if moved := back.Check(nil, c.world.state, c.world.seen); len(moved) > 0 {
		c.t.Errorf("a fresh plan is stale: %v", moved)
	}
	if len(problems) > 0 || c.runs {
		return
	}
	c.world.apply(c.t, p, nil)
	if moved := p.Check(nil, c.world.state, c.world.seen); len(moved) > 0 && c.world.state.Lineage == p.Lineage {
		c.t.Errorf("what the plan did itself makes it stale: %v", moved)
	}
	if c.options.Destroy {
		return
	}
	c.options = Options{Only: c.options.Only, Exclude: c.options.Exclude}
	rest, problems := c.plan()
	if len(problems) > 0 || !rest.Empty() {
		c.t.Errorf("once applied, there is still something to do:\n%s", render(rest, problems))
	}
}

func side(a *txtar.Archive, which string) map[string][]byte {
	out := map[string][]byte{}
	for _, f := range a.Files {
		dir, name := filepath.Split(f.Name)
		if dir == which+"/" || dir == "" && strings.HasSuffix(name, ".hcl") {
			out[name] = f.Data
		}
	}
	return out
}

func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

func setSection(a *txtar.Archive, name, text string) {
	for i := range a.Files {
		if a.Files[i].Name == name {
			a.Files[i].Data = []byte(text)
			return
		}
	}
	a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(text)})
}

// render writes a plan in a short form, a line for each thing it holds.
func render(p *Plan, problems Problems) string {
	var b strings.Builder
	for _, c := range p.Changes {
		fmt.Fprintf(&b, "%s %s%s%s\n", c.Effect, c.Address, suffix(" was ", c.Was.String(), !c.Was.IsZero()), marks3(c))
		for _, r := range c.Reasons {
			fmt.Fprintf(&b, "    %s: %v -> %v  %s %s\n", r.Attribute, r.Before, r.After, r.Effect, r.Line)
			if r.Because != "" {
				fmt.Fprintf(&b, "        %s\n", r.Because)
			}
		}
		for _, r := range c.Repair {
			fmt.Fprintf(&b, "    repair: %s\n", r)
		}
	}
	for _, r := range p.Outputs {
		fmt.Fprintf(&b, "%s: %v -> %v\n", r.Attribute, r.Before, r.After)
	}
	for _, i := range p.Imports {
		fmt.Fprintf(&b, "import %s %s%s\n", i.Address, i.Why, importWords(i))
	}
	for _, w := range p.Waiting {
		fmt.Fprintf(&b, "waiting %s%s%s\n", w.Address, suffix(" ", w.NextText, w.NextText != ""), suffix(" (", w.Note+")", w.Note != ""))
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "warning %s: %s %s\n", w.Address, w.Summary, w.Line)
	}
	for _, u := range p.Unowned {
		fmt.Fprintf(&b, "unowned %s\n", u.Path)
	}
	for _, a := range p.Left {
		fmt.Fprintf(&b, "left %s\n", a)
	}
	for _, e := range problems {
		fmt.Fprintf(&b, "problem %s: %s %s\n    %s\n", e.Address, e.Summary, e.Line, e.Detail)
	}
	return strings.ReplaceAll(b.String(), " \n", "\n")
}

func marks3(c Change) string {
	return suffix(" added", "", c.Added) + suffix(" removed", "", c.Removed) + suffix(fmt.Sprintf(" %d rows", c.Rows), "", c.Rows > 0)
}

func importWords(i Import) string {
	var out string
	for _, w := range []struct {
		text string
		is   bool
	}{
		{" full", i.Full}, {" replaces", i.Replaces}, {" from=" + string(i.From), i.From != ""},
		{" backfill " + i.Since.Format(time.DateOnly) + ".." + i.Until.Format(time.DateOnly), i.Backfill},
		{" slot=" + i.Slot + " (" + i.SlotTime + ")", i.Slot != ""}, {fmt.Sprintf(" resume=%s staged=%d", i.Resume, i.Staged), i.Resume != ""},
		{" discard=" + strings.Join(i.Discard, ","), len(i.Discard) > 0}, {fmt.Sprintf(" group=%d", i.Group), true}, {" next " + i.NextText, i.NextText != ""},
	} {
		out += suffix(w.text, "", w.is)
	}
	return out
}

func suffix(before, text string, is bool) string {
	if !is {
		return ""
	}
	return before + text
}
