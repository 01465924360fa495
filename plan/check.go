package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlay-sync/inlay/addr"
	"github.com/inlay-sync/inlay/lang"
	"github.com/inlay-sync/inlay/setting"
	"github.com/inlay-sync/inlay/spec"
	"github.com/inlay-sync/inlay/state"
	"github.com/inlay-sync/inlay/table"
)

// Moved is one thing a plan relied on that is not so any more.
type Moved struct {
	Address addr.Address // zero when it is about the configuration as a whole
	What    string       // a full sentence
}

// Check returns what changed since the plan was made: in the configuration it was made
// from, or at the addresses it touches. What the plan itself has already done is no
// change, so that a plan that stopped half way can go on; and imports that moved a
// bookmark, a slot or a head are none either. cfg may be nil when only state and tables
// are to be held against the plan.
func (p *Plan) Check(cfg *lang.Config, st *state.State, seen table.Seen) []Moved {
	var out []Moved
	if cfg != nil {
		out = append(out, p.checkConfig(cfg)...)
	}
	if st == nil {
		st = &state.State{}
	}
	if p.Lineage != "" && st.Lineage != p.Lineage {
		out = append(out, Moved{What: fmt.Sprintf("The state is another one: its lineage is %q, and the plan was made from %q.", st.Lineage, p.Lineage)})
	}
	w := survey(seen)
	changes := map[addr.Address]Change{}
	for _, c := range p.Changes {
		changes[c.Address] = c
	}
	for _, pre := range p.Preconditions {
		c := changes[pre.Address]
		if what := p.checkEntry(pre, st, c); what != "" {
			out = append(out, Moved{pre.Address, what})
		} else if what := p.checkTable(pre, st, w, c); what != "" {
			out = append(out, Moved{pre.Address, what})
		}
	}
	return out
}

func (p *Plan) checkConfig(cfg *lang.Config) []Moved {
	var out []Moved
	files := map[string]string{}
	for _, f := range cfg.Files {
		files[f.Name] = f.SHA256
	}
	all := maps.Clone(files)
	maps.Copy(all, p.Files)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch {
		case files[name] == "":
			out = append(out, Moved{What: fmt.Sprintf("The file %s, which the plan was made from, is gone.", name)})
		case p.Files[name] == "":
			out = append(out, Moved{What: fmt.Sprintf("The file %s is new since the plan was made.", name)})
		case files[name] != p.Files[name]:
			out = append(out, Moved{What: fmt.Sprintf("The file %s was changed after the plan was made.", name)})
		}
	}
	for _, d := range differences(p.Variables, variables(cfg)) {
		out = append(out, Moved{What: fmt.Sprintf("The variable %s was %v when the plan was made, and is %v now.", d.path, d.before, d.after)})
	}
	return out
}

// checkEntry holds the state's entry against what it was and what the plan makes of it.
func (p *Plan) checkEntry(pre Precondition, st *state.State, c Change) string {
	now := entryHash(st, pre)
	if now == pre.Applied || now == entryHash(p.State, Precondition{Address: pre.Address}) || now == "" && c.Removed {
		return ""
	}
	switch {
	case pre.Applied == "":
		return "It was applied for the first time since the plan was made."
	case now == "":
		return "It is not in the state any more."
	}
	if moved := otherwise(c, st.Targets[pre.Address]); len(moved) > 0 {
		return "It was changed by another apply: " + strings.Join(moved, "; ") + "."
	}
	return "What was applied there is not what it was when the plan was made."
}

// otherwise says which of the settings that a change is about are not as it found them.
func otherwise(c Change, now state.Target) []string {
	at := setting.Values{}
	if database, table, ok := strings.Cut(now.Path, "/"); ok {
		at["database"], at["table"] = database, table
	}
	var out []string
	for _, r := range c.Reasons {
		value, ok := now.Spec.Target[r.Attribute]
		if !ok {
			value, ok = at[r.Attribute]
		}
		if ok && r.Before != nil && !same(value, r.Before) {
			out = append(out, fmt.Sprintf("%s was %s when the plan was made and is %s now", r.Attribute, literal(r.Before), literal(value)))
		}
	}
	return out
}

// literal writes a setting as a configuration would.
func literal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}

// checkTable holds the table against what it was built as and what the plan makes of it.
func (p *Plan) checkTable(pre Precondition, st *state.State, w warehouse, c Change) string {
	if pre.Address.Kind != addr.Target {
		return ""
	}
	wanted := ""
	if t, ok := p.State.Targets[pre.Address]; ok && !c.Removed {
		wanted = specHash(t.Spec)
	}
	if pre.Table == "" && c.Effect != Create {
		return "" // it has no table and gets none: gone already, or disabled
	}
	if pre.Table == "" {
		return p.checkUnmade(pre, st, w, wanted)
	}
	t := w.live(pre.Table)
	switch {
	case t == nil && c.Removed:
		return ""
	case t == nil:
		return fmt.Sprintf("Its table %s is gone.", pre.Table)
	case specHash(t.Head.Spec) == pre.Built || specHash(t.Head.Spec) == wanted || p.halfway(c, t.Head.Spec):
		return ""
	}
	return fmt.Sprintf("Its table %s was built anew, by other settings than when the plan was made.", pre.Table)
}

// checkUnmade is for a target that had no table: there is still none, or the plan made it.
func (p *Plan) checkUnmade(pre Precondition, st *state.State, w warehouse, wanted string) string {
	path := p.State.Targets[pre.Address].Path
	t := w.byPath[path]
	if t == nil || t.ID == st.Targets[pre.Address].Table || specHash(t.Head.Spec) == wanted {
		return ""
	}
	return fmt.Sprintf("A table stands at %s now, where there was none.", path)
}

// halfway reports whether a table was rewritten by the plan and still waits for its import.
func (p *Plan) halfway(c Change, built spec.Spec) bool {
	e, ok := p.State.Targets[c.Address]
	return ok && c.Rewrites() && specHash(built) == specHash(c.Spec(built, e.Spec))
}
